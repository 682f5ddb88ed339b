// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/httpprobe.h"

#include <QElapsedTimer>
#include <QHostAddress>

namespace tradebot {

namespace {
constexpr int patience = 60'000; // milliseconds; only a test that fails waits so long
}

HttpProbe::HttpProbe(quint16 port, int receiveBuffer)
{
    if (receiveBuffer > 0) {
        m_socket.bind(QHostAddress(QHostAddress::LocalHost));
        m_socket.setSocketOption(QAbstractSocket::ReceiveBufferSizeSocketOption, receiveBuffer);
        m_socket.setReadBufferSize(1);
    }
    m_socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    m_socket.waitForConnected(patience);
}

QByteArray HttpProbe::request(const QByteArray &method, const QByteArray &path, const QByteArray &token,
                              const QByteArray &body, const QByteArray &moreHeaders)
{
    QByteArray out = method + ' ' + path + " HTTP/1.1\r\nHost: localhost\r\n";
    if (!token.isEmpty())
        out += "Authorization: Bearer " + token + "\r\n";
    if (!body.isEmpty() || method != "GET")
        out += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    return out + moreHeaders + "\r\n" + body;
}

void HttpProbe::send(const QByteArray &bytes)
{
    m_socket.write(bytes);
    m_socket.flush();
}

bool HttpProbe::readMore(int milliseconds)
{
    if (m_socket.bytesAvailable() == 0 && !m_socket.waitForReadyRead(milliseconds))
        return false;
    m_buffer += m_socket.readAll();
    return true;
}

QByteArray HttpProbe::readUntil(const QByteArray &marker)
{
    QElapsedTimer timer;
    timer.start();
    qsizetype at = -1;
    while ((at = m_buffer.indexOf(marker)) < 0 && timer.elapsed() < patience) {
        if (!readMore(patience))
            return std::exchange(m_buffer, {});
    }
    const qsizetype size = at < 0 ? m_buffer.size() : at + marker.size();
    const QByteArray out = m_buffer.first(size);
    m_buffer.remove(0, size);
    return out;
}

ProbedAnswer HttpProbe::answer(bool hasBody)
{
    const QByteArray head = readUntil("\r\n\r\n");
    ProbedAnswer answer;
    if (!head.startsWith("HTTP/1.1 ") || !head.endsWith("\r\n\r\n"))
        return answer;
    answer.status = head.sliced(9, 3).toInt();
    const auto lines = head.chopped(4).split('\n');
    for (const QByteArray &line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        answer.headers[line.first(colon).toLower()] = line.sliced(colon + 1).trimmed();
    }
    const qsizetype size = hasBody ? answer.headers["content-length"].toLongLong() : 0;
    while (m_buffer.size() < size && readMore(patience)) { }
    answer.body = m_buffer.first(std::min(size, m_buffer.size()));
    m_buffer.remove(0, answer.body.size());
    return answer;
}

QByteArray HttpProbe::frame()
{
    return readUntil("\n\n");
}

bool HttpProbe::isSilent(int milliseconds)
{
    return m_buffer.isEmpty() && !readMore(milliseconds);
}

bool HttpProbe::closes()
{
    QElapsedTimer timer;
    timer.start();
    while (m_socket.state() == QAbstractSocket::ConnectedState && timer.elapsed() < patience)
        readMore(100);
    return m_socket.state() == QAbstractSocket::UnconnectedState;
}

} // namespace tradebot
