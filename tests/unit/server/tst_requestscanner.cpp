// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/hostpolicy.h"
#include "core/server/requestscanner.h"

#include <QRandomGenerator>
#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

/// All that a scanner makes of the pieces: the clean requests, and the status of a refusal at the end.
QByteArrayList scanned(const QByteArrayList &pieces, ScanLimits limits = {})
{
    RequestScanner scanner(limits);
    QByteArrayList out;
    for (const QByteArray &piece : pieces) {
        scanner.add(piece);
        for (;;) {
            auto next = scanner.next();
            if (const auto *request = std::get_if<CleanRequest>(&next)) {
                out << request->bytes;
                continue;
            }
            if (const auto *bad = std::get_if<HttpReply>(&next))
                return out << QByteArray::number(bad->status);
            break;
        }
    }
    return out;
}

} // namespace

class RequestScannerTest final : public QObject
{
    Q_OBJECT

private:
    const QByteArray m_three =
            "GET /a?b=%20 HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"
            "\r\nPOST /b HTTP/1.0\r\nhost:x\r\ncontent-length: 4 \r\nExpect: 100-continue\r\n\r\n\r\n\r\n"
            "HEAD /c HTTP/1.1\r\nHost: x\r\nA:\r\n\r\n";
    const QByteArrayList m_clean = {"GET /a?b=%20 HTTP/1.1\r\nHost: x\r\n\r\n",
                                    "POST /b HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n\r\n\r\n",
                                    "GET /c HTTP/1.1\r\nHost: x\r\nA: \r\n\r\n"};

private Q_SLOTS:
    void cutsAndCleansRequests() { QCOMPARE(scanned({m_three}), m_clean); }

    void doesNotDependOnHowBytesCome()
    {
        for (qsizetype i = 0; i <= m_three.size(); ++i)
            QCOMPARE(scanned({m_three.first(i), m_three.sliced(i)}), m_clean);
        QByteArrayList single;
        for (const char c : m_three)
            single << QByteArray(1, c);
        QCOMPARE(scanned(single), m_clean);
    }

    void doesNotDependOnHowNoiseComes()
    {
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        QRandomGenerator random(seed);
        for (int round = 0; round < 3000; ++round) {
            QByteArray bytes = m_three;
            for (int i = random.bounded(4); i >= 0; --i) {
                const qsizetype at = random.bounded(bytes.size());
                switch (random.bounded(3)) {
                case 0: bytes[at] = static_cast<char>(random.bounded(256)); break;
                case 1: bytes.remove(at, random.bounded(5)); break;
                default: bytes.insert(at, bytes.mid(random.bounded(bytes.size()), random.bounded(20)));
                }
            }
            const qsizetype cut = random.bounded(bytes.size());
            const auto whole = scanned({bytes});
            if (whole != scanned({bytes.first(cut), bytes.sliced(cut)}))
                QFAIL(bytes.toPercentEncoding(" /:").constData());
        }
    }

    void knowsWhoClosesAndWhoAsksForTheHead()
    {
        RequestScanner scanner({});
        const auto closes = [&scanner](const QByteArray &version, const QByteArray &connection) {
            scanner.add("GET / HTTP/" + version + "\r\nHost: h:1\r\n" + connection + "\r\n");
            const auto request = std::get<CleanRequest>(scanner.next());
            return request.host == "h:1" && request.closes;
        };
        QVERIFY(!closes("1.1", ""));
        QVERIFY(closes("1.1", "Connection: close\r\n"));
        QVERIFY(closes("1.1", "connection: TE, Close\r\n"));
        QVERIFY(!closes("1.1", "Connection: closed\r\n"));
        QVERIFY(closes("1.0", ""));
        QVERIFY(closes("1.0", "Connection: Keep-Alive\r\n")); // our answer is one of HTTP/1.1
        scanner.add("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
        QVERIFY(std::get<CleanRequest>(scanner.next()).isHead);
    }

    void asksToContinueOnceAndOnlyForWhatIsMissing()
    {
        RequestScanner scanner({});
        const QByteArray head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
        scanner.add(head);
        QVERIFY(std::holds_alternative<std::monostate>(scanner.next()));
        QVERIFY(scanner.takeContinue());
        QVERIFY(!scanner.takeContinue());
        scanner.add("{}");
        QVERIFY(std::holds_alternative<CleanRequest>(scanner.next()));
        scanner.add(head + "{}");
        QVERIFY(std::holds_alternative<CleanRequest>(scanner.next()));
        QVERIFY(!scanner.takeContinue());
    }

    void limitsAreToTheByte()
    {
        const QByteArray head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
        QCOMPARE(scanned({head + "12345"}, {.headerBytes = head.size(), .bodyBytes = 5}).size(), 1);
        QCOMPARE(scanned({head + "12345"}, {.headerBytes = head.size() - 1, .bodyBytes = 5}), {"431"});
        QCOMPARE(scanned({head.chopped(1)}, {.headerBytes = head.size() - 1, .bodyBytes = 5}), {"431"});
        QCOMPARE(scanned({head}, {.headerBytes = head.size(), .bodyBytes = 4}), {"413"}); // before the body comes
    }

    void hostsAreJudgedByName_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("allowed");
        for (const char *host : {"localhost", "LOCALHOST:80", "localhost.", "127.0.0.1", "127.0.0.1:8787", "127.9.9.9",
                                 "[::1]", "[::1]:1", "bots.example.org", "Bots.Example.Org:443", "10.1.2.3:8787"})
            QTest::newRow(host) << QByteArray(host) << true;
        for (const char *host :
             {"", ":80", "evil.org", "localhost.evil.org", "localhost:evil", "localhost:123456", "localhost@evil.org",
              "127.0.0.1.evil.org", "[::1", "[::2]", "10.1.2.4", "0.0.0.0", "localhost:80:80", "[::1]evil"})
            QTest::newRow(*host == '\0' ? "empty" : host) << QByteArray(host) << false;
    }
    void hostsAreJudgedByName()
    {
        QFETCH(QByteArray, host);
        const HostPolicy policy({u"bots.example.org"_s, u"10.1.2.3"_s});
        QTEST(policy.allows(host), "allowed");
    }
};

QTEST_GUILESS_MAIN(RequestScannerTest)
#include "tst_requestscanner.moc"
