// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/httpconnection.h"

#include <algorithm>
#include <cstring>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {
constexpr qint64 readBuffer = qint64(64) * 1024; // more than this waits in the kernel
}

HttpConnection::HttpConnection(qintptr descriptor, const ConnectionLimits &limits, const HostPolicy &hosts,
                               const MonotonicClock &clock, QObject *parent)
    : QTcpSocket(parent),
      m_limits(limits),
      m_hosts(hosts),
      m_clock(clock),
      m_wire(new QTcpSocket(this)),
      m_scanner(limits.scan)
{
    m_wire->setReadBufferSize(readBuffer);
    connect(m_wire, &QIODevice::readyRead, this, &HttpConnection::scan);
    connect(m_wire, &QIODevice::bytesWritten, this, &HttpConnection::onBytesWritten);
    connect(m_wire, &QAbstractSocket::disconnected, this, &HttpConnection::onWireGone);
    m_wire->setSocketDescriptor(descriptor);
    m_wire->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    setPeerAddress(m_wire->peerAddress());
    setPeerPort(m_wire->peerPort());
    setLocalAddress(m_wire->localAddress());
    setLocalPort(m_wire->localPort());
    setSocketState(QAbstractSocket::ConnectedState);
    setOpenMode(QIODevice::ReadWrite);
    enter(State::Receiving);
}

HttpConnection::~HttpConnection()
{
    m_pending.reset();
    setSocketState(QAbstractSocket::UnconnectedState); // the base class must not look for a socket of its own
}

void HttpConnection::enter(State state)
{
    m_state = state;
    std::chrono::milliseconds time = m_limits.request;
    if (state == State::Idle)
        time = m_limits.idle;
    else if (state == State::Handling)
        time = m_limits.handling;
    else if (state == State::Draining)
        time = m_limits.drain;
    else if (state == State::Lingering)
        time = m_limits.linger;
    m_deadline = m_clock.now() + time;
}

void HttpConnection::scan()
{
    if (m_state == State::Lingering) {
        m_wire->skip(m_wire->bytesAvailable());
        return;
    }
    if (m_state != State::Receiving && m_state != State::Idle)
        return; // what has come waits until the request before is answered
    m_scanner.add(m_wire->readAll());
    if (m_state == State::Idle && m_scanner.hasPartial())
        enter(State::Receiving);

    auto next = m_scanner.next();
    if (const auto *bad = std::get_if<HttpReply>(&next)) {
        refuse(*bad);
    } else if (auto *request = std::get_if<CleanRequest>(&next)) {
        if (!m_hosts.allows(request->host)) {
            refuse(problem(421, u"this server is not \"%1\""_s.arg(QString::fromLatin1(request->host))));
            return;
        }
        m_shown = std::move(request->bytes);
        m_shownRead = 0;
        m_isHead = request->isHead;
        m_closes = request->closes;
        ++m_number;
        enter(State::Handling);
        Q_EMIT requestScanned(this);
    } else if (m_scanner.takeContinue()) {
        m_wire->write("HTTP/1.1 100 Continue\r\n\r\n");
    }
}

void HttpConnection::release()
{
    const QPointer<HttpConnection> self = this;
    Q_EMIT readyRead();
    if (self && m_state == State::Handling && !m_pending)
        refuse(problem(400, u"the request cannot be read"_s)); // our scanner and QHttpServer's parser disagree
}

void HttpConnection::answer(quint64 number, const HttpReply &reply)
{
    if (number != m_number || m_state != State::Handling || !m_pending)
        return;
    HttpReply full = reply;
    if (m_closes)
        full.headers.emplace_back("Connection", "close");
    m_headEndMatched = 0;
    m_writing = true;
    const auto pending = std::move(m_pending);
    pending->write(full);
    m_writing = false;
    m_wire->flush();
    if (m_state == State::Gone)
        return;
    if (m_closes) {
        linger();
    } else {
        enter(State::Draining);
        // Never from here: QHttpServer may still be busy with the request that was just answered.
        QMetaObject::invokeMethod(
                this, [this] { onBytesWritten(0); }, Qt::QueuedConnection);
    }
}

void HttpConnection::refuse(const HttpReply &reply)
{
    m_pending.reset();
    m_wire->write(closingBytes(reply));
    linger();
}

std::unique_ptr<QTcpSocket> HttpConnection::takeSocket(quint64 number)
{
    if (number != m_number || m_state != State::Handling || !m_wire)
        return nullptr;
    QTcpSocket *wire = m_wire;
    wire->disconnect(this);
    wire->setParent(nullptr);
    m_wire = nullptr;
    m_pending.reset();
    onWireGone();
    return std::unique_ptr<QTcpSocket>(wire);
}

void HttpConnection::onBytesWritten(qint64 bytes)
{
    if (bytes > 0 && (m_state == State::Draining || m_state == State::Lingering))
        m_deadline = m_clock.now() + m_limits.drain;
    if (!m_wire || m_wire->bytesToWrite() > 0)
        return;
    if (m_state == State::Draining) {
        enter(m_scanner.hasPartial() ? State::Receiving : State::Idle);
        scan();
    } else if (m_state == State::Lingering) {
        linger();
    }
}

/// Closes our half and waits for the peer's: to close at once would reset the connection when the peer has sent more
/// than we read, and it would lose the answer.
void HttpConnection::linger()
{
    if (m_state != State::Lingering)
        enter(State::Lingering);
    m_wire->flush();
    if (m_state == State::Gone) // it noticed
        return;
    m_wire->skip(m_wire->bytesAvailable());
    if (m_wire->bytesToWrite() > 0)
        return;
    m_deadline = m_clock.now() + m_limits.linger;
#ifdef Q_OS_UNIX
    ::shutdown(static_cast<int>(m_wire->socketDescriptor()), SHUT_WR);
#else
    m_wire->disconnectFromHost();
#endif
}

void HttpConnection::sweep()
{
    if (m_state == State::Gone || m_clock.now() < m_deadline)
        return;
    if (m_state == State::Handling && m_pending)
        answer(m_number, problem(503, u"the program did not answer in time"_s));
    else if (m_state == State::Receiving && m_scanner.hasPartial())
        refuse(problem(408, u"the request did not arrive within %1 ms"_s.arg(m_limits.request.count())));
    else
        abortNow();
}

void HttpConnection::abortNow()
{
    if (m_wire)
        m_wire->abort();
    onWireGone();
}

void HttpConnection::onWireGone()
{
    if (m_state == State::Gone)
        return;
    m_state = State::Gone;
    m_pending.reset();
    setSocketState(QAbstractSocket::UnconnectedState);
    Q_EMIT disconnected();
    deleteLater();
}

qint64 HttpConnection::bytesAvailable() const
{
    return QTcpSocket::bytesAvailable() + m_shown.size() - m_shownRead;
}

qint64 HttpConnection::bytesToWrite() const
{
    return m_wire ? m_wire->bytesToWrite() : 0;
}

void HttpConnection::close()
{
    abortNow();
}

void HttpConnection::disconnectFromHost()
{
    if (m_state != State::Gone && m_state != State::Lingering)
        refuse(problem(400, u"the request cannot be read"_s)); // QHttpServer gives up on a request in this way only
}

qint64 HttpConnection::readData(char *data, qint64 maximum)
{
    const qsizetype size = std::min<qsizetype>(maximum, m_shown.size() - m_shownRead);
    std::memcpy(data, m_shown.constData() + m_shownRead, static_cast<std::size_t>(size));
    m_shownRead += size;
    return size;
}

qint64 HttpConnection::readLineData(char *data, qint64 maximum)
{
    const qsizetype lineEnd = m_shown.indexOf('\n', m_shownRead) + 1;
    return readData(data, lineEnd > 0 ? std::min<qint64>(maximum, lineEnd - m_shownRead) : maximum);
}

qint64 HttpConnection::writeData(const char *data, qint64 size)
{
    if (!m_writing || !m_wire)
        return size; // nothing but the one answer goes out
    if (m_isHead)
        cutBody(QByteArrayView(data, size));
    else
        m_wire->write(data, size);
    return size;
}

/// The answer to HEAD ends with its head.
void HttpConnection::cutBody(QByteArrayView bytes)
{
    static constexpr char headEnd[] = "\r\n\r\n";
    qsizetype kept = 0;
    for (; kept < bytes.size() && m_headEndMatched < 4; ++kept) {
        const char c = bytes[kept];
        if (c == headEnd[m_headEndMatched])
            ++m_headEndMatched;
        else
            m_headEndMatched = c == '\r' ? 1 : 0;
    }
    m_wire->write(bytes.data(), kept);
}

} // namespace tradebot
