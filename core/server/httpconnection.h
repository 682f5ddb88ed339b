// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monotonicclock.h"
#include "core/server/hostpolicy.h"
#include "core/server/requestscanner.h"

#include <QPointer>
#include <QTcpSocket>

#include <memory>

namespace tradebot {

/// How long a connection may take for what. All of it is judged by sweep().
struct ConnectionLimits
{
    ScanLimits scan;
    std::chrono::milliseconds request = std::chrono::seconds(10);  ///< for all bytes of one request; then 408
    std::chrono::milliseconds idle = std::chrono::seconds(75);     ///< between two requests
    std::chrono::milliseconds handling = std::chrono::seconds(30); ///< until the answer is known; then 503
    std::chrono::milliseconds drain = std::chrono::seconds(30);    ///< without the peer taking a byte of the answer
    std::chrono::milliseconds linger = std::chrono::seconds(2);    ///< for the peer to close after us
};

/// Writes one answer by means of the Qt version at hand.
class PendingReply
{
public:
    PendingReply() = default;
    PendingReply(const PendingReply &) = delete;
    PendingReply &operator=(const PendingReply &) = delete;
    virtual ~PendingReply() = default;
    virtual void write(const HttpReply &reply) = 0;
};

/// The socket that QHttpServer gets to see. The true one is kept inside, and QHttpServer is shown one whole, clean
/// request at a time: the next only when the one before is answered. So nothing half-sent, ambiguous or pipelined ever
/// reaches its parser. (QSslSocket stands before its plain socket in the same manner.)
class HttpConnection final : public QTcpSocket
{
    Q_OBJECT

public:
    HttpConnection(qintptr descriptor, const ConnectionLimits &limits, const HostPolicy &hosts,
                   const MonotonicClock &clock, QObject *parent);
    ~HttpConnection() override;

    /// Shows the request that was announced by requestScanned to QHttpServer.
    void release();
    /// Whoever handles the request has a means to answer it.
    void setPending(std::unique_ptr<PendingReply> reply) { m_pending = std::move(reply); }
    [[nodiscard]] bool hasPending() const { return m_pending != nullptr; }
    [[nodiscard]] quint64 requestNumber() const { return m_number; }
    [[nodiscard]] bool isHead() const { return m_isHead; }

    /// Answers the request of this number; without effect when it does not wait for one any more.
    void answer(quint64 number, const HttpReply &reply);
    /// Answers without QHttpServer and closes.
    void refuse(const HttpReply &reply);
    /// Gives away the true socket, whose request will not be answered here; nullptr when that request is gone.
    [[nodiscard]] std::unique_ptr<QTcpSocket> takeSocket(quint64 number);
    /// Judges the deadlines.
    void sweep();
    void abortNow();

    [[nodiscard]] qint64 bytesAvailable() const override;
    [[nodiscard]] qint64 bytesToWrite() const override;
    void close() override;
    void disconnectFromHost() override;

Q_SIGNALS:
    void requestScanned(HttpConnection *self);

protected:
    qint64 readData(char *data, qint64 maximum) override;
    qint64 readLineData(char *data, qint64 maximum) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    enum class State { Receiving, Idle, Handling, Draining, Lingering, Gone };

    void enter(State state);
    void scan();
    void onBytesWritten(qint64 bytes);
    void onWireGone();
    void linger();
    void cutBody(QByteArrayView bytes);

    const ConnectionLimits m_limits;
    const HostPolicy &m_hosts;
    const MonotonicClock &m_clock;
    QPointer<QTcpSocket> m_wire; ///< our child until it is taken
    RequestScanner m_scanner;
    std::unique_ptr<PendingReply> m_pending;
    QByteArray m_shown; ///< what QHttpServer may read
    qsizetype m_shownRead = 0;
    quint64 m_number = 0;
    std::chrono::milliseconds m_deadline{0};
    State m_state = State::Receiving;
    bool m_isHead = false;
    bool m_closes = false;
    bool m_writing = false;   ///< inside answer(): only then may QHttpServer write
    int m_headEndMatched = 0; ///< bytes of CR LF CR LF that have gone by, for HEAD
};

/// Where the answer to one request goes; may be kept and used later, when the connection may be gone.
class ReplyTo final
{
public:
    explicit ReplyTo(HttpConnection *connection) : m_connection(connection), m_number(connection->requestNumber()) { }

    void send(const HttpReply &reply) const
    {
        if (m_connection)
            m_connection->answer(m_number, reply);
    }
    [[nodiscard]] std::unique_ptr<QTcpSocket> takeSocket() const
    {
        return m_connection ? m_connection->takeSocket(m_number) : nullptr;
    }

private:
    QPointer<HttpConnection> m_connection;
    quint64 m_number;
};

} // namespace tradebot
