// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/app/streamviewer.h"

#include "core/server/stream/streamframes.h"
#include "tests/support/httpprobe.h"

#include <QHostAddress>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {
constexpr int patience = 60'000; // milliseconds; only a test that fails waits so long
}

void StreamViewer::connectTo(quint16 port, const QByteArray &token)
{
    m_socket = std::make_unique<QTcpSocket>();
    m_buffer.clear();
    m_isInHead = true;
    connect(m_socket.get(), &QTcpSocket::readyRead, this, &StreamViewer::read);
    m_socket->connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    const QByteArray number = QByteArray::number(lastNumber());
    QByteArray path = "/api/trading/stream/" + QByteArray::number(m_bot) + "?token=" + token;
    QByteArray header;
    if (std::exchange(m_comesByHeader, !m_comesByHeader)) // both ways of resuming, in turns
        header = "Last-Event-ID: " + number + "\r\n";
    else
        path += "&last_event_id=" + number;
    m_socket->write(HttpProbe::request("GET", path, {}, {}, header));
}

bool StreamViewer::drain()
{
    if (m_socket->state() != QAbstractSocket::UnconnectedState && !m_socket->waitForDisconnected(patience))
        return m_socket->state() == QAbstractSocket::UnconnectedState;
    read();
    return true;
}

bool StreamViewer::sawRunningAfter(qint64 number) const
{
    return std::any_of(m_events.rbegin(), m_events.rend(), [number](const Event &event) {
        return event.number > number && event.frame.contains("\"data\":{\"status\":\"running\"");
    });
}

void StreamViewer::read()
{
    m_buffer += m_socket->readAll();
    if (m_isInHead) {
        const qsizetype end = m_buffer.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        if (!m_buffer.startsWith("HTTP/1.1 200 "))
            m_problem = m_buffer;
        m_buffer.remove(0, end + 4);
        m_isInHead = false;
    }
    const qsizetype known = std::ssize(m_events);
    for (qsizetype end = m_buffer.indexOf("\n\n"); end >= 0; end = m_buffer.indexOf("\n\n")) {
        take(m_buffer.first(end + 2));
        m_buffer.remove(0, end + 2);
    }
    if (std::ssize(m_events) > known)
        Q_EMIT eventReceived();
}

void StreamViewer::take(const QByteArray &frame)
{
    if (frame.startsWith("id: "))
        m_events.push_back({frame.sliced(4, frame.indexOf('\n') - 4).toLongLong(), frame});
    else if (!frame.startsWith(':') && !frame.startsWith("retry: ") && !frame.contains("\"type\":\"connected\""))
        m_problem = frame;
}

QString differenceFromJournal(const StreamViewer &viewer, const std::vector<BotEvent> &journal)
{
    std::size_t place = 0;
    for (const BotEvent &event : journal) {
        const auto typed = typedEvent(event);
        if (event.bot.value() != viewer.bot() || !typed)
            continue;
        if (place == viewer.events().size())
            return {};
        const QByteArray expected = eventFrame(event, *typed, false);
        const StreamViewer::Event &seen = viewer.events()[place++];
        if (seen.frame != expected) {
            return u"event %1 of the viewer of bot %2 is\n%3but the journal has\n%4"_s.arg(place)
                    .arg(viewer.bot())
                    .arg(QString::fromUtf8(seen.frame), QString::fromUtf8(expected));
        }
    }
    if (place < viewer.events().size()) {
        return u"the viewer of bot %1 saw event %2, which the journal has not"_s.arg(viewer.bot())
                .arg(viewer.lastNumber());
    }
    return {};
}

} // namespace tradebot
