// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QTcpSocket>

#include <map>

namespace tradebot {

/// An answer as it came over the wire.
struct ProbedAnswer
{
    int status = 0;                           ///< 0: nothing that can be read as an answer came in time
    std::map<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;
};

/// A client that sends the bytes it is told to, sound or not, and waits for what comes. Blocks its thread: the server
/// must run in another.
class HttpProbe final
{
public:
    explicit HttpProbe(quint16 port, int receiveBuffer = 0);

    /// A well-formed request in HTTP/1.1.
    [[nodiscard]] static QByteArray request(const QByteArray &method, const QByteArray &path,
                                            const QByteArray &token = {}, const QByteArray &body = {},
                                            const QByteArray &moreHeaders = {});

    void send(const QByteArray &bytes);
    /// Reads one answer; hasBody is false for the answer to a HEAD.
    [[nodiscard]] ProbedAnswer answer(bool hasBody = true);
    [[nodiscard]] ProbedAnswer ask(const QByteArray &bytes)
    {
        send(bytes);
        return answer();
    }
    /// Everything up to and with the marker; whatever there is when it does not come.
    [[nodiscard]] QByteArray readUntil(const QByteArray &marker);
    /// The next frame of a stream without its blank line; comments and frames alike.
    [[nodiscard]] QByteArray frame();
    /// Whether nothing has come within a moment.
    [[nodiscard]] bool isSilent(int milliseconds = 50);
    /// Waits for the peer to close.
    [[nodiscard]] bool closes();
    [[nodiscard]] QByteArray buffered() const { return m_buffer; }
    QTcpSocket &socket() { return m_socket; }

private:
    bool readMore(int milliseconds);

    QTcpSocket m_socket;
    QByteArray m_buffer;
};

} // namespace tradebot
