// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/stream/sockethub.h"

#include <QTcpSocket>

#include <algorithm>

namespace tradebot {

namespace {

class SocketWire final : public StreamSink
{
public:
    explicit SocketWire(std::unique_ptr<QTcpSocket> socket) : m_socket(socket.release()) { }
    ~SocketWire() override
    {
        m_socket->disconnect(); // nobody hears of the end that we make ourselves
        m_socket->abort();
        m_socket->deleteLater(); // one of its signals may be what called us
    }

    /// QTcpSocket takes everything: it is offered more only when it has passed on all that it had.
    qint64 send(std::span<const QByteArrayView> parts) override
    {
        if (m_socket->state() != QAbstractSocket::ConnectedState)
            return -1;
        if (m_socket->bytesToWrite() > 0)
            return 0;
        qint64 taken = 0;
        for (const QByteArrayView part : parts) {
            if (taken >= sendBuffer)
                break;
            taken += m_socket->write(part.data(), part.size());
        }
        return taken;
    }

private:
    QTcpSocket *m_socket;
};

} // namespace

SocketHub::SocketHub(const StreamLimits &limits, const MonotonicClock &clock, Reports reports)
    : m_clock(clock),
      m_reports(std::move(reports)),
      m_core(limits)
{
    connect(&m_timer, &QTimer::timeout, this, &SocketHub::tick);
    m_timer.start(std::min(limits.stateInterval, limits.sweepEvery) / 2);
}

SocketHub::~SocketHub() = default;

void SocketHub::attach(std::unique_ptr<QTcpSocket> socket, ViewerStart start)
{
    QTcpSocket *raw = socket.get();
    const ViewerId id = start.viewer;
    raw->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    raw->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    raw->setSocketOption(QAbstractSocket::SendBufferSizeSocketOption, sendBuffer);
    connect(raw, &QIODevice::readyRead, this, [raw] { raw->skip(raw->bytesAvailable()); });
    connect(raw, &QIODevice::bytesWritten, this, [this, raw, id] {
        if (raw->bytesToWrite() > 0)
            return;
        m_core.writable(id, m_clock.now());
        settle();
    });
    connect(raw, &QAbstractSocket::disconnected, this, [this, id] {
        m_core.remove(id);
        settle();
    });
    m_core.add(start, std::make_unique<SocketWire>(std::move(socket)), m_clock.now());
    m_core.flush(m_clock.now());
    settle();
}

void SocketHub::post(std::vector<HubMessage> messages)
{
    for (const HubMessage &message : messages)
        m_core.handle(message, m_clock.now());
    m_core.flush(m_clock.now());
    settle();
}

void SocketHub::tick()
{
    m_core.tick(m_clock.now());
    settle();
}

void SocketHub::settle()
{
    std::vector<HubReport> reports = m_core.takeReports();
    if (!reports.empty())
        QMetaObject::invokeMethod(
                this, [this, reports = std::move(reports)] { m_reports(reports); }, Qt::QueuedConnection);
}

} // namespace tradebot
