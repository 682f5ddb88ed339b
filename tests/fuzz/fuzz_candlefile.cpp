// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/candlefile.h"
#include "tests/fuzz/mutations.h"

#include <QTest>

#include <algorithm>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray example = "open_time_ms,open,high,low,close,volume\n"
                           "1735689600000,93576.0,93610.93,93537.5,93610.93,8.21827\n"
                           "1735689660000,93610.93,93652.0,93606.2,93652.0,10.56124\r\n"
                           "1735689720000,93652.0,93652.0,93594.86,93631.03,8.4318000000000012\n"
                           "1735689900000,93631.0,93631.0,93630.99,93630.99,0\n";

const QByteArrayList words = {"\n",
                              "\r",
                              ",",
                              ".",
                              "-",
                              "0",
                              "-0",
                              "+1",
                              "1e5",
                              QByteArray(1, '\0'),
                              "0.00000001",
                              "0.000000001",
                              "92233720368.54775807",
                              "92233720368.54775808",
                              "9223372036854775808",
                              "99999999999999",
                              "1735689600000",
                              "nan",
                              " ",
                              "\xef\xbb\xbf",
                              "open_time_ms,open,high,low,close,volume\n"};

Result<RecordedCandles> parsed(const QByteArrayList &pieces)
{
    CandleFileParser parser;
    for (const QByteArray &piece : pieces) {
        if (auto taken = parser.feed(piece); !taken)
            return fail(taken.error());
    }
    return parser.finish();
}

bool isPlausible(const Candle &candle)
{
    return candle.low.isPositive() && candle.low <= std::min(candle.open, candle.close)
           && candle.high >= std::max(candle.open, candle.close) && !candle.volume.isNegative();
}

} // namespace

class CandleFileFuzz final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// However the bytes come, the outcome is the same: candles that can be right, or a refusal that says where.
    void whatIsReadCanBeRight()
    {
        Mutations mutations(20'250'101, words);
        int accepted = 0;
        for (int round = 0; round < 30'000; ++round) {
            const QByteArray bytes = mutations.changed(example);
            const qsizetype cut = mutations.below(bytes.size() + 1);
            const auto whole = parsed({bytes});
            const auto halves = parsed({bytes.first(cut), bytes.sliced(cut)});
            QVERIFY2(whole.has_value() == halves.has_value(), bytes.toPercentEncoding().constData());
            if (!whole) {
                QCOMPARE(halves.error().text, whole.error().text);
                QVERIFY(!whole.error().text.isEmpty());
                continue;
            }
            ++accepted;
            const std::vector<Candle> &candles = whole->candles;
            QVERIFY2(std::all_of(candles.begin(), candles.end(), isPlausible), bytes.toPercentEncoding().constData());
            const auto isLater = [](const Candle &one, const Candle &next) { return one.openTime >= next.openTime; };
            QVERIFY2(std::adjacent_find(candles.begin(), candles.end(), isLater) == candles.end(),
                     bytes.toPercentEncoding().constData());
            QVERIFY(halves->candles == candles);
        }
        QVERIFY2(accepted > 100, qPrintable(QString::number(accepted))); // else only refusals were tried
    }
};

QTEST_GUILESS_MAIN(CandleFileFuzz)
#include "fuzz_candlefile.moc"
