// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/candlefile.h"

#include <QTest>

#include <random>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

const QByteArray header = "open_time_ms,open,high,low,close,volume\n";

Result<RecordedCandles> parse(const QByteArray &text, qsizetype pieceSize = 1 << 20)
{
    CandleFileParser parser;
    for (qsizetype at = 0; at < text.size(); at += pieceSize) {
        if (auto taken = parser.feed(QByteArrayView(text).sliced(at, std::min(pieceSize, text.size() - at))); !taken)
            return fail(taken.error());
    }
    return parser.finish();
}

QByteArray why(const Result<RecordedCandles> &series)
{
    return series ? QByteArray() : series.error().text.toUtf8();
}

Candle candle(qint64 time, const char *open, const char *high, const char *low, const char *close, const char *volume)
{
    return {fromMilliseconds(time), *Price::parse(open),  *Price::parse(high),
            *Price::parse(low),     *Price::parse(close), *Quantity::parse(volume)};
}

QByteArray someCandles(int count)
{
    QByteArray text = header;
    for (int i = 0; i < count; ++i)
        text += QByteArray::number(60'000 * i) + ",100.5,101.25,99.00000001,100,0.5\n";
    return text;
}

} // namespace

class CandleFileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rowsAreReadExactly()
    {
        const auto series = parse(header
                                  + "60000,1,2,0.5,1.5,0\n"
                                    "120000,46319.0,46385.00000001,46319,46377.10,92233720368.54775807\n"
                                    "180000,1e2,1E+2,1.00e2,1000e-1,12345678901.5\n");
        QVERIFY2(series, why(series).constData());
        QCOMPARE(series->timeframe, Timeframe::M1);
        const std::vector<Candle> wanted = {
                candle(60'000, "1", "2", "0.5", "1.5", "0"),
                candle(120'000, "46319", "46385.00000001", "46319", "46377.1", "92233720368.54775807"),
                candle(180'000, "100", "100", "100", "100", "12345678901.5")};
        QVERIFY(series->candles == wanted);
    }

    void piecesMayEndAnywhere()
    {
        const QByteArray text = someCandles(5).replace('\n', "\r\n");
        const auto whole = parse(text);
        QVERIFY(whole);
        for (qsizetype size = 1; size < 70; ++size) {
            const auto pieces = parse(text, size);
            QVERIFY(pieces && pieces->candles == whole->candles);
        }
    }

    void whatEditorsDoToAFileIsNoFault_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArray text = someCandles(3);
        QTest::newRow("CRLF") << QByteArray(text).replace('\n', "\r\n");
        QTest::newRow("no last line feed") << text.chopped(1);
        QTest::newRow("byte order mark") << "\xEF\xBB\xBF" + text;
        QTest::newRow("empty lines at the end") << text + "\n\r\n\n";
    }
    void whatEditorsDoToAFileIsNoFault()
    {
        QFETCH(const QByteArray, text);
        const auto series = parse(text);
        QVERIFY2(series, why(series).constData());
        QVERIFY(series->candles == parse(someCandles(3))->candles);
    }

    void aVolumeOfManyDecimalsIsRoundedHalfEven_data()
    {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QByteArray>("read");
        const auto row = [](const char *written, const char *read) {
            QTest::newRow(written) << QByteArray(written) << QByteArray(read);
        };
        row("218102.59507500002", "218102.595075");
        row("380591.00179999997", "380591.0018");
        row("0.000000005", "0");
        row("0.000000015", "0.00000002");
        row("0.0000000050000000000000000000000000000000000000001", "0.00000001");
        row("1e-9", "0");
        row("12345e-13", "0");
        row("98765e-13", "0.00000001");
        row("0.99999999999", "1");
        row("3.0000000000000000000000000000000000000000000000004", "3");
    }
    void aVolumeOfManyDecimalsIsRoundedHalfEven()
    {
        QFETCH(const QByteArray, written);
        QFETCH(const QByteArray, read);
        const auto series = parse(someCandles(2) + "120000,1,1,1,1," + written + '\n');
        QVERIFY2(series, why(series).constData());
        QCOMPARE(series->candles.back().volume.toBytes(), read);
    }

    void aVolumeBeyondTheRangeIsTheLargestThereIs_data()
    {
        QTest::addColumn<QByteArray>("written");
        for (const char *written : {"92233720368.54775808", "99999999999.999999999", "123456789012345678901234567890",
                                    "1e30", "1.5e+11", "92233720368.547758074999"})
            QTest::newRow(written) << QByteArray(written);
    }
    void aVolumeBeyondTheRangeIsTheLargestThereIs()
    {
        QFETCH(const QByteArray, written);
        const auto series = parse(someCandles(2) + "120000,1,1,1,1," + written + "\n180000,1,1,1,1,1\n");
        QVERIFY2(series, why(series).constData());
        QCOMPARE(series->candles[2].volume.toBytes(), "92233720368.54775807");
        QCOMPARE(series->candles[3].volume.toBytes(), "1");
    }

    void aBrokenRowIsNamedByItsLine_data()
    {
        QTest::addColumn<QByteArray>("row");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char *name, const char *text, const QString &problem) {
            QTest::newRow(name) << QByteArray(text) << problem;
        };
        row("too few fields", "120000,1,1,1,1", u"has 5 fields, not 6"_s);
        row("too many fields", "120000,1,1,1,1,1,1", u"has 7 fields, not 6"_s);
        row("other separator", "120000;1;1;1;1;1", u"has 1 fields, not 6"_s);
        row("no time", "2020-01-01,1,1,1,1,1", u"open_time_ms: \"2020-01-01\" is no time"_s);
        row("negative time", "-120000,1,1,1,1,1", u"open_time_ms: \"-120000\" is no time"_s);
        row("time too late", "999999999999999,1,1,1,1,1", u"open_time_ms: \"999999999999999\" is no time"_s);
        row("time in microseconds", "1640991660000000000000,1,1,1,1,1", u"open_time_ms: \"16409916600000000"_s);
        row("no number", "120000,1,abc,1,1,1", u"high: \"abc\" is not a decimal number"_s);
        row("empty field", "120000,1,1,,1,1", u"low: \"\" is not a decimal number"_s);
        row("space", "120000,1,1,1, 1,1", u"close: \" 1\" is not a decimal number"_s);
        row("not a number", "120000,nan,1,1,1,1", u"open: \"nan\""_s);
        row("too many decimals", "120000,1.123456789,2,1,1,1",
            u"open: \"1.123456789\" is not a decimal number: it has "
            "more than 8 decimals"_s);
        row("too large", "120000,1,99999999999999999999,1,1,1", u"high: \"99999999999999999999\""_s);
        row("volume that is a little too negative", "120000,1,1,1,1,-99999999999", u"volume: "_s);
        row("volume no number", "120000,1,1,1,1,.", u"volume: \".\""_s);
        row("volume half a number", "120000,1,1,1,1,1.0000000001x", u"volume: "_s);
        row("volume with two points", "120000,1,1,1,1,1.00000.00001", u"volume: "_s);
        row("high too low", "120000,1,1.5,1,2,1", u"high: 1.5 is below open or close"_s);
        row("low too high", "120000,1,2,1.5,2,1", u"low: 1.5 is above open or close"_s);
        row("price of nothing", "120000,0,0,0,0,1", u"low: must be above 0"_s);
        row("negative price", "120000,1,1,-1,1,1", u"low: must be above 0"_s);
        row("negative volume", "120000,1,1,1,1,-1", u"volume: must not be negative"_s);
        row("same time", "60000,1,1,1,1,1", u"open_time_ms: 60000 is not after the candle before"_s);
        row("earlier time", "0,1,1,1,1,1", u"open_time_ms: 0 is not after the candle before"_s);
        row("off the grid", "120001,1,1,1,1,1", u"open_time_ms: 120001 does not lie on the grid of 1m candles"_s);
        row("empty line", "\n180000,1,1,1,1,1", u"is empty"_s);
    }
    void aBrokenRowIsNamedByItsLine()
    {
        QFETCH(const QByteArray, row);
        QFETCH(const QString, problem);
        const auto series = parse(someCandles(2) + row + "\n240000,1,1,1,1,1\n");
        QVERIFY(!series);
        QCOMPARE(series.error().code, ErrorCode::Malformed);
        QVERIFY2(series.error().text.startsWith(u"line 4: "_s + problem), qPrintable(series.error().text));
        QVERIFY(!series.error().text.contains(u'\n'));
    }

    void aBrokenFileSaysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("problem");
        QTest::newRow("empty") << QByteArray() << u"the file is empty"_s;
        QTest::newRow("no header") << QByteArray("60000,1,1,1,1,1\n")
                                   << u"line 1: the header must be \"open_time_ms,"_s;
        QTest::newRow("other header") << QByteArray("time,open\n") << u"line 1: the header must be \"open_time_ms,"_s;
        QTest::newRow("first time twice") << someCandles(1) + "0,1,1,1,1,1\n"
                                          << u"line 3: open_time_ms: 0 is not after the candle before"_s;
        QTest::newRow("only a header") << header << u"there are 0 candles in it"_s;
        QTest::newRow("one candle") << someCandles(1) << u"there are 1 candles in it"_s;
        QTest::newRow("binary") << QByteArray(5000, '\x7f') << u"line 1: is longer than 1024 characters"_s;
        QTest::newRow("no timeframe") << header + "0,1,1,1,1,1\n7,1,1,1,1,1\n"
                                      << u"no two candles are a known interval apart"_s;
    }
    void aBrokenFileSaysWhatIsWrong()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, problem);
        const auto series = parse(text);
        QVERIFY(!series);
        QVERIFY2(series.error().text.startsWith(problem), qPrintable(series.error().text));
    }

    void theIntervalIsTheMostCommonStep_data()
    {
        QTest::addColumn<QList<qint64>>("minutes");
        QTest::addColumn<Timeframe>("timeframe");
        QTest::newRow("1m") << QList<qint64>{0, 1, 2} << Timeframe::M1;
        QTest::newRow("gaps") << QList<qint64>{0, 7, 8, 9, 39, 99} << Timeframe::M1;
        QTest::newRow("equally common") << QList<qint64>{0, 5, 20} << Timeframe::M5;
        QTest::newRow("1h") << QList<qint64>{0, 60, 300} << Timeframe::H1;
        QTest::newRow("1w") << QList<qint64>{4 * 1440, 11 * 1440, 18 * 1440} << Timeframe::W1;
        QTest::newRow("1M") << QList<qint64>{0, 31 * 1440, 59 * 1440, 90 * 1440} << Timeframe::Month1;
    }
    void theIntervalIsTheMostCommonStep()
    {
        QFETCH(const QList<qint64>, minutes);
        QFETCH(const Timeframe, timeframe);
        QByteArray text = header;
        for (const qint64 minute : minutes)
            text += QByteArray::number(minute * 60'000) + ",1,1,1,1,1\n";
        const auto series = parse(text);
        QVERIFY2(series, why(series).constData());
        QCOMPARE(series->timeframe, timeframe);
    }

    void aMutatedFileIsReadOrRefusedButNeverCrashes()
    {
        const QByteArray text = someCandles(40);
        const unsigned seed = 20260101;
        std::mt19937 random(seed);
        const auto below = [&random](qsizetype limit) {
            return static_cast<qsizetype>(random() % static_cast<unsigned>(limit));
        };
        const QByteArray alphabet = "0123456789,.\n\r-+eE \xEFx";
        int refused = 0;
        for (int round = 0; round < 20'000; ++round) {
            QByteArray mutated = text;
            for (qsizetype i = below(4); i >= 0; --i) {
                const qsizetype at = below(mutated.size());
                switch (below(4)) {
                case 0: mutated[at] = static_cast<char>(random()); break;
                case 1: mutated[at] = alphabet[below(alphabet.size())]; break;
                case 2: mutated.remove(at, 1 + below(30)); break;
                default: mutated.insert(at, alphabet[below(alphabet.size())]); break;
                }
            }
            const auto series = parse(mutated, 1 + below(500));
            refused += series ? 0 : 1;
            for (std::size_t i = 0; series && i < series->candles.size(); ++i) {
                const Candle &entry = series->candles[i];
                QVERIFY2(entry.low.isPositive() && entry.low <= std::min(entry.open, entry.close)
                                 && entry.high >= std::max(entry.open, entry.close) && !entry.volume.isNegative()
                                 && (i == 0 || entry.openTime > series->candles[i - 1].openTime),
                         qPrintable(u"seed %1, round %2"_s.arg(seed).arg(round)));
            }
        }
        QVERIFY(refused > 5000 && refused < 20'000);
    }
};

QTEST_GUILESS_MAIN(CandleFileTest)
#include "tst_candlefile.moc"
