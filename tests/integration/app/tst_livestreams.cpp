// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/programundertest.h"

#include <QDeadlineTimer>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QTest>

#include <csignal>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 60s; // only a test that fails waits so long

constexpr auto streamHead = "HTTP/1.1 200 OK\r\n"
                            "Content-Type: text/event-stream; charset=utf-8\r\n"
                            "Cache-Control: no-cache, no-transform\r\n"
                            "X-Accel-Buffering: no\r\n"
                            "Connection: keep-alive\r\n"
                            "\r\n"
                            "retry: 3000\n\n";

/// One frame of a stream in its parts.
struct Frame
{
    QByteArray id;
    QByteArray data;
    bool isSound = true; ///< one data line, an optional id before it, and nothing else
};

Frame parse(const QByteArray &text)
{
    Frame frame;
    for (const QByteArray &line : text.split('\n')) {
        if (line.startsWith("id: ") && frame.id.isEmpty() && frame.data.isEmpty())
            frame.id = line.sliced(4);
        else if (line.startsWith("data: ") && frame.data.isEmpty())
            frame.data = line.sliced(6);
        else
            frame.isSound = false;
    }
    return frame;
}

/// `curl -N` as a person types it.
class Curl final
{
public:
    Curl(const QString &program, const QByteArray &url, const QStringList &options = {})
    {
        m_process.start(program,
                        QStringList{u"-sS"_s, u"-i"_s, u"-N"_s} + options + QStringList{QString::fromLatin1(url)},
                        QIODevice::ReadOnly);
    }
    ~Curl()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    /// What comes up to the marker, without it.
    [[nodiscard]] QByteArray readUntil(const QByteArray &marker)
    {
        const QDeadlineTimer deadline(patience);
        qsizetype at = -1;
        while ((at = m_buffer.indexOf(marker)) < 0) {
            if (!m_process.waitForReadyRead(static_cast<int>(deadline.remainingTime())))
                return "ended with: " + m_buffer + m_process.readAllStandardError();
            m_buffer += m_process.readAllStandardOutput();
        }
        const QByteArray text = m_buffer.first(at);
        m_buffer.remove(0, at + marker.size());
        return text;
    }
    [[nodiscard]] QByteArray frame() { return readUntil("\n\n"); }
    /// Reads what comes after the peer has closed.
    [[nodiscard]] bool ends() { return m_process.waitForFinished(); }

private:
    QProcess m_process;
    QByteArray m_buffer;
};

} // namespace

/// A standard client on the streams of a running replay.
class LiveStreamsTest final : public QObject
{
    Q_OBJECT

private:
    QByteArray url(const QByteArray &path) const
    {
        return "http://127.0.0.1:" + QByteArray::number(m_program.port()) + path;
    }

    ProgramUnderTest m_program;
    QByteArray m_token;
    const QString m_curl = QStandardPaths::findExecutable(u"curl"_s);

private Q_SLOTS:
    void initTestCase()
    {
        if (m_curl.isEmpty())
            QSKIP("curl is not installed");
        const QString recording = QStringLiteral(TRADEBOT_SHARED_DIR "/data/market/candles_BTC-PERP_1m_part1.csv");
        const QString prices = QFileInfo::exists(recording) ? u"replay:%1@6000"_s.arg(recording) : u"simulated@100"_s;
        QVERIFY2(m_program.start({u"--demo"_s, u"--market-data"_s, prices}), m_program.complaintSoFar().constData());
        m_token = m_program.token();
        // One more that is busy on any market, so that fills come soon.
        const QByteArray timeframe = QFileInfo::exists(recording) ? "1m" : "1s";
        const QByteArray bot = QByteArray(R"({"name":"busy","symbol":"BTCUSDT","strategy":"ema_cross",
 "timeframe":"%timeframe","strategy_params":{"fast":2,"slow":3}})")
                                       .replace("%timeframe", timeframe);
        QCOMPARE(m_program.ask("POST", "/api/v1/bots", m_token, bot).status, 201);
        QCOMPARE(m_program.ask("POST", "/api/v1/bots/4/start", m_token, "{}").status, 200);
    }

    void statusStreamShowsTheDocumentedFrames()
    {
        Curl curl(m_curl, url("/api/v1/bots/4/status-stream"),
                  {u"-H"_s, u"Authorization: Bearer "_s + QString::fromLatin1(m_token)});
        QCOMPARE(curl.readUntil("retry: 3000\n\n") + "retry: 3000\n\n", streamHead);
        QByteArray previous;
        for (int i = 0; i < 10; ++i) {
            const QByteArray text = curl.frame();
            const Frame frame = parse(text);
            QVERIFY2(frame.isSound && frame.id.isEmpty(), text.constData());
            const QJsonObject state = QJsonDocument::fromJson(frame.data).object();
            QStringList keys = state.keys();
            keys.sort();
            QCOMPARE(keys, (QStringList{u"daily_pnl"_s, u"daily_trades_count"_s, u"entry_price"_s, u"in_position"_s,
                                        u"last_updated_at"_s, u"status"_s}));
            QCOMPARE(state[u"entry_price"].isNull(), !state[u"in_position"].toBool());
            QVERIFY2(text != previous, "a frame although nothing changed");
            previous = text;
        }
    }

    void eventStreamShowsTheDocumentedFrames()
    {
        Curl curl(m_curl, url("/api/trading/stream/4?token=" + m_token + "&last_event_id=0"));
        QCOMPARE(curl.readUntil("retry: 3000\n\n") + "retry: 3000\n\n", streamHead);
        const Frame first = parse(curl.frame());
        const QJsonObject connected = QJsonDocument::fromJson(first.data).object();
        QVERIFY(first.isSound && first.id.isEmpty());
        QCOMPARE(connected[u"type"].toString(), u"connected"_s);
        QCOMPARE(connected[u"data"][u"bot_id"].toInt(), 4);
        QCOMPARE(connected[u"data"][u"model_id"].toInt(), 4);
        QVERIFY(!connected[u"data"][u"message"].toString().isEmpty());
        qint64 number = 0;
        QStringList statuses;
        int fills = 0;
        for (int decisions = 0; fills < 3 || decisions < 3;) {
            const QByteArray text = curl.frame();
            const Frame frame = parse(text);
            QVERIFY2(frame.isSound && frame.id.toLongLong() > number, text.constData());
            number = frame.id.toLongLong();
            const QJsonObject event = QJsonDocument::fromJson(frame.data).object();
            const QJsonObject data = event[u"data"].toObject();
            QVERIFY2(event.keys() == (QStringList{u"data"_s, u"timestamp"_s, u"type"_s}), text.constData());
            QVERIFY2(QDateTime::fromString(event[u"timestamp"].toString(), Qt::ISODateWithMs).isValid(),
                     text.constData());
            QVERIFY2(!data[u"message"].toString().isEmpty(), text.constData());
            if (event[u"type"].toString() == u"status") {
                statuses << data[u"previous"].toString() + u'>' + data[u"status"].toString();
                continue;
            }
            QVERIFY2(event[u"type"].toString() == u"trade", text.constData());
            QVERIFY2((QStringList{u"buy"_s, u"sell"_s, u"hold"_s}.contains(data[u"action"].toString())),
                     text.constData());
            if (!data.contains(u"trade_id")) {
                ++decisions;
                continue;
            }
            ++fills;
            QVERIFY2(data[u"price"].toDouble() > 0 && data[u"amount"].toDouble() > 0, text.constData());
            QVERIFY2(data.contains(u"fee") && data.contains(u"pnl") && data.contains(u"reason"), text.constData());
        }
        QCOMPARE(statuses.first(2), (QStringList{u"stopped>pending"_s, u"pending>running"_s}));
    }

    void aViewerWhoComesAgainGetsWhatHeMissedOnce()
    {
        QList<qint64> ids;
        {
            Curl curl(m_curl, url("/api/trading/stream/4?token=" + m_token + "&last_event_id=0"));
            (void)curl.readUntil("retry: 3000\n\n");
            (void)curl.frame();
            while (ids.size() < 6)
                ids << parse(curl.frame()).id.toLongLong();
        }
        Curl again(m_curl, url("/api/trading/stream/4?token=" + m_token),
                   {u"-H"_s, u"Last-Event-ID: %1"_s.arg(ids[1])});
        (void)again.readUntil("retry: 3000\n\n");
        (void)again.frame();
        for (qsizetype i = 2; i < ids.size(); ++i)
            QCOMPARE(parse(again.frame()).id.toLongLong(), ids[i]);
    }

    void aStoppedBotTellsThatItHasWoundDown()
    {
        Curl curl(m_curl, url("/api/trading/stream/1?token=" + m_token));
        QVERIFY(curl.readUntil("\"type\":\"connected\"").startsWith("HTTP/1.1 200 OK"));
        QCOMPARE(m_program.ask("POST", "/api/v1/bots/1/stop", m_token, "{}").status, 200);
        (void)curl.readUntil("\"status\":\"stopped\"");
        const QByteArray last = curl.readUntil("\"type\":\"complete\"");
        QVERIFY2(!last.startsWith("ended"), last.constData());
    }

    void theStreamsEndWithTheProgram()
    {
        Curl status(m_curl, url("/api/v1/bots/4/status-stream?token=" + m_token));
        Curl events(m_curl, url("/api/trading/stream/4?token=" + m_token));
        (void)status.readUntil("retry: 3000\n\n");
        (void)events.readUntil("retry: 3000\n\n");
        QCOMPARE(m_program.end(SIGTERM).exitCode, 0);
        QVERIFY(status.ends());
        QVERIFY(events.ends());
    }
};

QTEST_GUILESS_MAIN(LiveStreamsTest)

#include "tst_livestreams.moc"
