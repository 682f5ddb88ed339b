// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/requestscanner.h"
#include "tests/fuzz/mutations.h"

#include <QTest>

using namespace tradebot;
using namespace tradebot::test;

namespace {

const QByteArray example =
        "GET /api/v1/bots?limit=%20 HTTP/1.1\r\nHost: 127.0.0.1:8787\r\nConnection: close\r\n\r\n"
        "POST /api/v1/bots HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n{ }\n"
        "HEAD / HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer abc\r\n\r\n";

const QByteArrayList words = {"\r\n",
                              "\n",
                              "\r",
                              "\r\n\r\n",
                              " ",
                              "\t",
                              ":",
                              QByteArray(1, '\0'),
                              "\x7f",
                              "\xff",
                              "Content-Length: 5\r\n",
                              "Content-Length: -1\r\n",
                              "Content-Length: 99999999999999999999\r\n",
                              "Transfer-Encoding: chunked\r\n",
                              "Host: y\r\n",
                              "Upgrade: websocket\r\n",
                              "HTTP/1.1",
                              "HTTP/2.0",
                              "GET",
                              "CONNECT",
                              "//",
                              "..",
                              "%00",
                              "http://x/"};

constexpr ScanLimits limits{300, 64};

struct Outcome
{
    QByteArrayList requests;
    int refusal = 0; ///< its status
};

Outcome scanned(const QByteArrayList &pieces)
{
    RequestScanner scanner(limits);
    Outcome outcome;
    for (const QByteArray &piece : pieces) {
        scanner.add(piece);
        for (bool goesOn = true; goesOn;) {
            auto next = scanner.next();
            if (auto *request = std::get_if<CleanRequest>(&next)) {
                outcome.requests << request->bytes;
            } else if (const auto *refusal = std::get_if<HttpReply>(&next)) {
                outcome.refusal = refusal->status;
                return outcome;
            } else {
                goesOn = false;
            }
        }
    }
    return outcome;
}

/// What QHttpServer is given must be read by any parser in one way.
bool isClean(const QByteArray &request)
{
    const qsizetype end = request.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    const QByteArray head = request.first(end + 4).toLower();
    const qsizetype lengths = head.count("\r\ncontent-length:");
    return QByteArray(head).replace("\r\n", "").count('\n') == 0
           && QByteArray(head).replace("\r\n", "").count('\r') == 0 && !head.contains('\0')
           && head.count("\r\nhost:") == 1 && lengths <= 1 && !head.contains("\r\ntransfer-encoding:")
           && !head.contains("\r\nupgrade:") && request.size() - end - 4 <= limits.bodyBytes
           && (lengths == 1 || request.size() == end + 4);
}

} // namespace

class RequestScannerFuzz final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatPassesIsClean()
    {
        Mutations mutations(8787, words);
        int passed = 0;
        for (int round = 0; round < 30'000; ++round) {
            const QByteArray bytes = mutations.changed(example);
            const Outcome whole = scanned({bytes});
            for (const QByteArray &request : whole.requests) {
                ++passed;
                QVERIFY2(isClean(request), bytes.toPercentEncoding(" /:").constData());
            }
            QVERIFY(whole.refusal == 0 || (whole.refusal >= 400 && whole.refusal <= 505));
            const qsizetype cut = mutations.below(bytes.size() + 1);
            const Outcome halves = scanned({bytes.first(cut), bytes.sliced(cut)});
            QVERIFY2(halves.requests == whole.requests && halves.refusal == whole.refusal,
                     bytes.toPercentEncoding(" /:").constData());
        }
        QVERIFY2(passed > 10'000, qPrintable(QString::number(passed)));
    }
};

QTEST_GUILESS_MAIN(RequestScannerFuzz)
#include "fuzz_requestscanner.moc"
