// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/programundertest.h"

#include <QFileInfo>
#include <QTest>

#include <charconv>
#include <cmath>
#include <optional>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

using Cells = std::vector<std::optional<double>>;
enum class Scale { Price, Percent, Volume };

const QString vectors = QStringLiteral(TRADEBOT_SHARED_DIR) + u"/data/indicators/"_s;

constexpr auto threeCandles = "open_time_ms,open,high,low,close,volume\n"
                              "1577836800000,1,1,1,1,0\n"
                              "1577836860000,1,2,1,2,3\n"
                              "1577836920000,2,4,2,3,1\n";

/// The rows below the header; an empty cell is nullopt.
std::vector<Cells> cellsOf(const QByteArray &csv)
{
    std::vector<Cells> rows;
    for (const QByteArray &line : csv.trimmed().split('\n').sliced(1)) {
        Cells &row = rows.emplace_back();
        for (const QByteArray &cell : line.trimmed().split(','))
            row.push_back(cell.isEmpty() ? std::nullopt : std::optional(cell.toDouble()));
    }
    return rows;
}

QByteArray shortest(double number)
{
    std::array<char, 32> digits{};
    return {digits.data(), std::to_chars(digits.begin(), digits.end(), number).ptr - digits.data()};
}

Outcome indicators(const QString &candles, const QStringList &specs)
{
    QStringList call{u"indicators"_s, u"--candles"_s, candles};
    for (const QString &spec : specs)
        call << u"--spec"_s << spec;
    return ProgramUnderTest::run(call);
}

} // namespace

/// `tradebotd indicators`, by the real program.
class IndicatorsCommandTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheReferenceVectors_data()
    {
        QTest::addColumn<QString>("spec");
        QTest::addColumn<QString>("file");
        QTest::addColumn<Scale>("scale");
        QTest::addColumn<double>("tolerance");
        const auto row = [](const char *spec, const char *file, Scale scale, double tolerance = 1e-9) {
            QTest::newRow(file) << QString::fromLatin1(spec) << QString::fromLatin1(file) << scale << tolerance;
        };
        row("sma(5)", "sma_5", Scale::Price);
        row("sma(20)", "sma_20", Scale::Price);
        row("sma(20)", "sma_20_exact", Scale::Price);
        row("sma(50)", "sma_50", Scale::Price);
        row("ema(5)", "ema_5", Scale::Price);
        row("ema(12)", "ema_12", Scale::Price);
        row("ema(20)", "ema_20", Scale::Price);
        row("ema(26)", "ema_26", Scale::Price);
        row("ema(50)", "ema_50", Scale::Price);
        row("wma(5)", "wma_5", Scale::Price);
        row("wma(20)", "wma_20", Scale::Price);
        row("wma(20)", "wma_20_exact", Scale::Price);
        row("wma(50)", "wma_50", Scale::Price);
        row("rsi(2)", "rsi_2", Scale::Percent);
        row("rsi(14)", "rsi_14", Scale::Percent);
        row("atr(10)", "atr_10", Scale::Price);
        row("atr(14)", "atr_14", Scale::Price);
        row("cci(20)", "cci_20_exact", Scale::Percent); // cci_20 errs on flat rows: see tst_indicators
        row("trange", "trange", Scale::Price);
        row("obv", "obv", Scale::Volume);
        row("macd(12,26,9)", "macd_12_26_9", Scale::Price);
        row("bbands(20,2)", "bbands_20_2", Scale::Price, 3.83e-8); // its own rounding: see tst_indicators
        row("bbands(20,2)", "bbands_20_2_exact", Scale::Price);
        row("donchian(20)", "donchian_20", Scale::Price);
        row("adx(14)", "adx_14", Scale::Percent);
        row("stoch(14,3,3)", "stoch_14_3_3", Scale::Percent);
        row("stoch(14,3,3)", "stoch_14_3_3_exact", Scale::Percent);
        row("supertrend(10,3)", "supertrend_10_3", Scale::Price);
        row("vwap", "vwap", Scale::Price);
    }

    void agreesWithTheReferenceVectors()
    {
        QFETCH(const QString, spec);
        QFETCH(const QString, file);
        QFETCH(const Scale, scale);
        QFETCH(const double, tolerance);
        const QString input = vectors + u"input.csv"_s;
        if (!QFileInfo::exists(input))
            QSKIP("the reference vectors are not there (TRADEBOT_SHARED_DIR)");
        const auto bars = cellsOf(readWholeFile(input));
        const auto wanted = cellsOf(readWholeFile(vectors + file + u".csv"_s));
        const Outcome run = indicators(input, {spec});
        QVERIFY2(run.exitCode == 0, run.complaint.constData());
        const auto got = cellsOf(run.output);
        QCOMPARE(got.size(), bars.size());
        QCOMPARE(wanted.size(), bars.size());

        double volume = 0;
        for (std::size_t i = 0; i < got.size(); ++i) {
            volume += *bars[i][5];
            const double unit = scale == Scale::Price ? *bars[i][4] : scale == Scale::Percent ? 100 : volume;
            QCOMPARE(got[i].size(), wanted[i].size());
            QCOMPARE(got[i][0], bars[i][0]); // the time
            for (std::size_t column = 1; column < got[i].size(); ++column) {
                const auto place = u"row %1, column %2"_s.arg(i).arg(column);
                QVERIFY2(got[i][column].has_value() == wanted[i][column].has_value(), qPrintable(place));
                QVERIFY2(!wanted[i][column] || std::abs(*got[i][column] - *wanted[i][column]) <= tolerance * unit,
                         qPrintable(place));
            }
        }
    }

    void columnsFollowTheSpecs()
    {
        const ProgramUnderTest program;
        const QString candles = program.file(u"candles.csv"_s);
        QVERIFY(writeWholeFile(candles, threeCandles));
        const Outcome run = indicators(candles, {u"sma(2)"_s, u"macd(1, 2, 1)"_s, u"vwap"_s, u"obv"_s, u"adx(2)"_s});
        // SMA: (1 + 2) ÷ 2, (2 + 3) ÷ 2. MACD: close − mean of two closes, then EMA(2) 1.5 + ⅔ × (3 − 1.5) = 2.5; an
        // EMA of one value is that value. VWAP: no volume at first, then (2 + 1 + 2) ÷ 3, then with (4 + 2 + 3) ÷ 3
        // × 1.
        QCOMPARE(run.output, "open_time_ms,sma(2),\"macd(1,2,1).macd\",\"macd(1,2,1).signal\",\"macd(1,2,1).hist\","
                             "vwap.cumulative,vwap.session_utc_day,obv,adx(2).adx,adx(2).plus_di,adx(2).minus_di\n"
                             "1577836800000,,,,,,,0,,,\n"
                             "1577836860000,1.5,0.5,0.5,0,1.6666666666666667,1.6666666666666667,3,,,\n"
                             "1577836920000,2.5,0.5,0.5,0,2,2,4,,100,0\n");
        QCOMPARE(run.exitCode, 0);
    }

    void numbersAreTheShortestThatReadBack()
    {
        const ProgramUnderTest program;
        const QString candles = program.file(u"candles.csv"_s);
        QByteArray text = "open_time_ms,open,high,low,close,volume\n";
        for (int i = 0; i < 50; ++i) {
            const QByteArray price = QByteArray::number(1 + i * i % 17) + ".12345678";
            text += QByteArray::number(1'577'836'800'000 + i * qint64(60'000)) + ',' + price + ',' + price + ',' + price
                    + ',' + price + ",1\n";
        }
        QVERIFY(writeWholeFile(candles, text));
        const Outcome run = indicators(candles, {u"ema(3)"_s, u"bbands(5,2.5)"_s, u"rsi(4)"_s});
        for (const QByteArray &line : run.output.trimmed().split('\n').sliced(1)) {
            for (const QByteArray &cell : line.split(',').sliced(1))
                QVERIFY2(cell.isEmpty() || shortest(cell.toDouble()) == cell, line.constData());
        }
        QCOMPARE(indicators(candles, {u"ema(3)"_s, u"bbands(5,2.5)"_s, u"rsi(4)"_s}).output, run.output);
    }

    void whatIsWrongIsSaidAndNothingWritten_data()
    {
        QTest::addColumn<QByteArray>("candles");
        QTest::addColumn<QStringList>("specs");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char *name, const QByteArray &candles, const QStringList &specs, int exitCode,
                            const char *words) {
            QTest::newRow(name) << candles << specs << exitCode << QByteArray(words);
        };
        const QByteArray whole = threeCandles;
        row("no spec", whole, {}, 2, "--spec is missing");
        row("unknown", whole, {u"foo(3)"_s}, 2, "\"foo(3)\": there is no such indicator; there are sma(period), ");
        row("too few", whole, {u"macd(12)"_s}, 2, "it is written macd(fast,slow,signal)");
        row("none", whole, {u"ema"_s}, 2, "it is written ema(period)");
        row("too many", whole, {u"obv(3)"_s}, 2, "it is written obv");
        row("zero", whole, {u"sma(0)"_s}, 2, "period must be a whole number from 1 to 100000");
        row("huge", whole, {u"sma(99999999999)"_s}, 2, "period must be a whole number from 1 to 100000");
        row("words", whole, {u"sma(two)"_s}, 2, "period must be a whole number");
        row("adx of one", whole, {u"adx(1)"_s}, 2, "period must be a whole number from 2");
        row("order", whole, {u"macd(26,12,9)"_s}, 2, "fast must be below slow");
        row("infinite", whole, {u"bbands(20,inf)"_s}, 2, "deviations must be a number above 0");
        row("negative", whole, {u"supertrend(10,-3)"_s}, 2, "multiplier must be a number above 0");
        row("bracket", whole, {u"sma(5"_s}, 2, "the closing bracket is missing");
        row("bad row", whole + "1577836980000,1,0.5,1,1,1\n", {u"obv"_s}, 1, "line 5: ");
        row("bad number", whole + "1577836980000,1,x,1,1,1\n", {u"obv"_s}, 1, "line 5: high");
        row("back in time", whole + "1577836800000,1,1,1,1,1\n", {u"obv"_s}, 1, "line 5: open_time_ms");
        row("empty", "", {u"obv"_s}, 1, "the file is empty");
    }

    void whatIsWrongIsSaidAndNothingWritten()
    {
        QFETCH(const QByteArray, candles);
        QFETCH(const QStringList, specs);
        QFETCH(const QByteArray, words);
        const ProgramUnderTest program;
        const QString file = program.file(u"candles.csv"_s);
        QVERIFY(writeWholeFile(file, candles));
        const Outcome run = indicators(file, specs);
        QTEST(run.exitCode, "exitCode");
        QVERIFY2(run.complaint.startsWith("tradebotd: ") && run.complaint.contains(words), run.complaint.constData());
        QCOMPARE(run.complaint.count('\n'), 1);
        QCOMPARE(run.output, QByteArray());
    }
};

QTEST_GUILESS_MAIN(IndicatorsCommandTest)
#include "tst_indicatorscommand.moc"
