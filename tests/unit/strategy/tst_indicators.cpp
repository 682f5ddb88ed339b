// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/indicators/adx.h"
#include "core/strategy/indicators/atr.h"
#include "core/strategy/indicators/bollinger.h"
#include "core/strategy/indicators/cci.h"
#include "core/strategy/indicators/donchian.h"
#include "core/strategy/indicators/macd.h"
#include "core/strategy/indicators/rsi.h"
#include "core/strategy/indicators/stochastic.h"
#include "core/strategy/indicators/supertrend.h"
#include "core/strategy/indicators/volume.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <cmath>
#include <random>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

struct Bar
{
    Timestamp time;
    double open = 0;
    double high = 0;
    double low = 0;
    double close = 0;
    double volume = 0;
};

using Outputs = std::vector<std::optional<double>>; ///< one per column
using Computation = std::function<Outputs(const Bar &)>;
enum class Scale { Price, Percent, Volume };

/// Several outputs that become ready together.
template<class... Values>
Outputs when(bool ready, Values... values)
{
    if (!ready)
        return Outputs(sizeof...(values));
    return {values...};
}

/// An indicator of the close with one output.
template<class Indicator>
Computation ofClose(Indicator indicator)
{
    return [indicator](const Bar &bar) mutable {
        indicator.update(bar.close);
        return when(indicator.isReady(), indicator.isReady() ? indicator.value() : 0);
    };
}

/// One of high, low and close with one output.
template<class Indicator>
Computation ofBar(Indicator indicator)
{
    return [indicator](const Bar &bar) mutable {
        indicator.update(bar.high, bar.low, bar.close);
        return when(indicator.isReady(), indicator.isReady() ? indicator.value() : 0);
    };
}

QString folder()
{
    return QStringLiteral(TRADEBOT_SHARED_DIR "/data/indicators/");
}

/// The cells of a CSV file below its header; an empty cell is nullopt.
std::vector<Outputs> readTable(const QString &name)
{
    QFile file(folder() + name);
    std::vector<Outputs> rows;
    if (!file.open(QIODevice::ReadOnly))
        return rows;
    file.readLine();
    while (!file.atEnd()) {
        Outputs row;
        for (const QByteArray &cell : file.readLine().trimmed().split(','))
            row.push_back(cell.isEmpty() ? std::nullopt : std::optional(cell.toDouble()));
        rows.push_back(row);
    }
    return rows;
}

std::vector<Bar> readInput()
{
    std::vector<Bar> bars;
    for (const Outputs &row : readTable(u"input.csv"_s)) {
        bars.push_back({fromMilliseconds(static_cast<qint64>(row.at(0).value())), row.at(1).value(), row.at(2).value(),
                        row.at(3).value(), row.at(4).value(), row.at(5).value()});
    }
    return bars;
}

} // namespace

class IndicatorsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void agreesWithTheReferenceVectors_data();
    void agreesWithTheReferenceVectors();
    void everyReferenceVectorIsLookedAt();

    void emaBeginsAsTheMeanOfTheFirstValues()
    {
        Ema ema(3);
        ema.update(1);
        ema.update(2);
        QVERIFY(!ema.isReady());
        ema.update(6);
        QVERIFY(ema.isReady());
        QCOMPARE(ema.value(), 3.0);
        ema.update(5);
        QCOMPARE(ema.value(), 4.0); // factor 2 ÷ (3 + 1)
    }

    void rsiIsZeroWhenNothingMovesAndHundredWhenAllRises()
    {
        Rsi flat(3);
        Rsi rising(3);
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(flat.isReady(), i > 3);
            flat.update(7);
            rising.update(i);
        }
        QCOMPARE(flat.value(), 0.0);
        QCOMPARE(rising.value(), 100.0);
    }

    void equalValuesGiveBandsWithoutWidth()
    {
        BollingerBands bands(20, 2);
        Cci cci(20);
        for (int i = 0; i < 25; ++i) {
            bands.update(250.1234);
            cci.update(250.1234, 250.1234, 250.1234);
        }
        QCOMPARE(bands.upper(), 250.1234);
        QCOMPARE(bands.lower(), 250.1234);
        QCOMPARE(cci.value(), 0.0);
    }

    void slidingExtremesAgreeWithLookingAtTheWholeWindow()
    {
        for (const int length : {1, 2, 3, 20}) {
            std::mt19937 random(static_cast<unsigned>(length));
            SlidingMaximum highest(length);
            SlidingMinimum lowest(length);
            std::vector<double> values;
            for (int i = 0; i < 2000; ++i) {
                values.push_back(static_cast<double>(random() % 50));
                highest.update(values.back());
                lowest.update(values.back());
                QCOMPARE(highest.isReady(), i + 1 >= length);
                const auto begin = values.end() - std::min<std::ptrdiff_t>(i + 1, length);
                QCOMPARE(highest.value(), *std::max_element(begin, values.end()));
                QCOMPARE(lowest.value(), *std::min_element(begin, values.end()));
            }
        }
    }

    void movingSpreadsAgreeWithLookingAtTheWholeWindow()
    {
        for (const int length : {1, 2, 3, 20, 333}) {
            std::mt19937 random(static_cast<unsigned>(length));
            SlidingMoments moments(length);
            RankedWindow ranked(length);
            std::vector<double> values;
            for (int i = 0; i < 3000; ++i) {
                // Far from 0 and near each other, with equal values and flat stretches.
                const bool isFlat = i % 900 > 500;
                values.push_back(isFlat ? 65'432.1 : 65'000 + static_cast<double>(random() % 50) * 0.01);
                moments.update(values.back());
                ranked.update(values.back());
                QCOMPARE(moments.isReady(), i + 1 >= length);
                QCOMPARE(ranked.isReady(), i + 1 >= length);
                if (i + 1 < length)
                    continue;
                const auto begin = values.end() - length;
                const double newest = values.back();
                const double mean = std::accumulate(begin, values.end(), 0.0,
                                                    [newest](double sum, double x) { return sum + (x - newest); })
                                    / length; // from the newest
                double deviation = 0;
                double squares = 0;
                for (auto at = begin; at != values.end(); ++at) {
                    deviation += std::abs(*at - newest - mean) / length;
                    squares += (*at - newest - mean) * (*at - newest - mean);
                }
                QVERIFY(std::abs(moments.value().mean() - newest - mean) < 1e-9);
                QVERIFY(std::abs(moments.value().squares() - squares) < 1e-8 + 1e-9 * squares);
                QVERIFY(std::abs(ranked.meanDeviation() - deviation) < 1e-10);
                QVERIFY(std::abs(ranked.newestFromMean() + mean) < 1e-10);
                if (deviation == 0)
                    QVERIFY(ranked.meanDeviation() == 0 && moments.value().squares() == 0);
            }
        }
    }

    void runningSumsDoNotDrift()
    {
        constexpr int period = 50;
        Sma sma(period);
        Wma wma(period);
        std::mt19937 random(1);
        std::vector<double> values(4'000'000); // seven years and a half of minutes
        for (double &value : values) {
            value = 1e9 + static_cast<double>(random() % 1000) * 0.1;
            sma.update(value);
            wma.update(value);
        }
        double sum = 0;
        double weighted = 0;
        for (int i = 0; i < period; ++i) {
            const double distance = values[values.size() - period + static_cast<std::size_t>(i)] - 1e9;
            sum += distance;
            weighted += (i + 1) * distance;
        }
        QVERIFY(std::abs(sma.value() - 1e9 - sum / period) < 1e-5);
        QVERIFY(std::abs(wma.value() - 1e9 - weighted / (period * (period + 1) / 2.0)) < 1e-4);
    }

    void averagesForgetHowTheyBegan()
    {
        Ema ema(26);
        Ema other(26);
        WilderAverage wilder(14);
        WilderAverage otherWilder(14);
        for (int i = 0; i < 26; ++i) {
            ema.update(0);
            other.update(1);
            if (i < 14) {
                wilder.update(0);
                otherWilder.update(1);
            }
        }
        for (int i = 0; i < emaMemory(26); ++i) {
            ema.update(5);
            other.update(5);
        }
        for (int i = 0; i < wilderMemory(14); ++i) {
            wilder.update(5);
            otherWilder.update(5);
        }
        QVERIFY(std::abs(ema.value() - other.value()) < 1e-9);
        QVERIFY(std::abs(wilder.value() - otherWilder.value()) < 1e-9);
    }
};

namespace {

/// A file of reference vectors, and what must agree with it.
struct Vector
{
    QString file;
    Scale scale = Scale::Price;
    Computation compute;
    double tolerance = 1e-9; ///< of the scale
    /// Where all prices of the last 20 rows are equal, this file is wrong: a running mean differs from them by its
    /// rounding, and the CCI divides by nothing.
    bool errsOnFlatRows = false;
};

std::vector<Vector> vectors()
{
    const auto ofBands = [bands = BollingerBands(20, 2)](const Bar &bar) mutable {
        bands.update(bar.close);
        return when(bands.isReady(), bands.upper(), bands.middle(), bands.lower());
    };
    const auto ofStochastic = [stochastic = Stochastic(14, 3, 3)](const Bar &bar) mutable {
        stochastic.update(bar.high, bar.low, bar.close);
        return when(stochastic.isReady(), stochastic.slowK(), stochastic.slowD());
    };
    std::vector<Vector> all;
    for (const int period : {5, 20, 50}) {
        all.push_back({u"sma_%1"_s.arg(period), Scale::Price, ofClose(Sma(period))});
        all.push_back({u"wma_%1"_s.arg(period), Scale::Price, ofClose(Wma(period))});
    }
    for (const int period : {5, 12, 20, 26, 50})
        all.push_back({u"ema_%1"_s.arg(period), Scale::Price, ofClose(Ema(period))});
    for (const int period : {2, 14})
        all.push_back({u"rsi_%1"_s.arg(period), Scale::Percent, ofClose(Rsi(period))});
    for (const int period : {10, 14})
        all.push_back({u"atr_%1"_s.arg(period), Scale::Price, ofBar(Atr(period))});
    all.push_back({u"sma_20_exact"_s, Scale::Price, ofClose(Sma(20))});
    all.push_back({u"wma_20_exact"_s, Scale::Price, ofClose(Wma(20))});
    all.push_back({u"trange"_s, Scale::Price, ofBar(TrueRange())});
    all.push_back({u"cci_20"_s, Scale::Percent, ofBar(Cci(20)), 1e-9, true});
    all.push_back({u"cci_20_exact"_s, Scale::Percent, ofBar(Cci(20))});
    all.push_back({u"macd_12_26_9"_s, Scale::Price, [macd = Macd(12, 26, 9)](const Bar &bar) mutable {
                       macd.update(bar.close);
                       return when(macd.isReady(), macd.macd(), macd.signal(), macd.histogram());
                   }});
    // Made by way of E[x²] − E[x]², which loses digits where the prices hardly differ: up to 3.8e-8 of the price,
    // its README says, which is 3.82e-8.
    all.push_back({u"bbands_20_2"_s, Scale::Price, ofBands, 3.83e-8});
    all.push_back({u"bbands_20_2_exact"_s, Scale::Price, ofBands});
    all.push_back({u"adx_14"_s, Scale::Percent, [adx = Adx(14)](const Bar &bar) mutable {
                       adx.update(bar.high, bar.low, bar.close);
                       Outputs outputs = when(adx.hasDirections(), 0.0, adx.plusDi(), adx.minusDi());
                       outputs[0] = adx.isReady() ? std::optional(adx.adx()) : std::nullopt;
                       return outputs;
                   }});
    all.push_back({u"stoch_14_3_3"_s, Scale::Percent, ofStochastic});
    all.push_back({u"stoch_14_3_3_exact"_s, Scale::Percent, ofStochastic});
    all.push_back({u"donchian_20"_s, Scale::Price, [channel = DonchianChannel(20)](const Bar &bar) mutable {
                       channel.update(bar.high, bar.low);
                       return when(channel.isReady(), channel.upper(), channel.middle(), channel.lower());
                   }});
    all.push_back({u"supertrend_10_3"_s, Scale::Price, [trend = Supertrend(10, 3)](const Bar &bar) mutable {
                       trend.update(bar.high, bar.low, bar.close);
                       return when(trend.isReady(), trend.value(), trend.isUp() ? 1.0 : -1.0, trend.upper(),
                                   trend.lower());
                   }});
    all.push_back({u"obv"_s, Scale::Volume, [obv = Obv()](const Bar &bar) mutable {
                       obv.update(bar.close, bar.volume);
                       return when(true, obv.value());
                   }});
    all.push_back({u"vwap"_s, Scale::Price, [vwap = Vwap()](const Bar &bar) mutable {
                       vwap.update(bar.time, bar.high, bar.low, bar.close, bar.volume);
                       return Outputs{vwap.isReady() ? std::optional(vwap.cumulative()) : std::nullopt,
                                      vwap.hasSession() ? std::optional(vwap.session()) : std::nullopt};
                   }});
    return all;
}

/// Whether nothing has moved in the last 20 rows up to this one.
bool isFlat(const std::vector<Bar> &bars, std::size_t row)
{
    for (std::size_t i = row - std::min<std::size_t>(row, 19); i <= row; ++i) {
        if (bars[i].high != bars[row].close || bars[i].low != bars[row].close)
            return false;
    }
    return true;
}

} // namespace

void IndicatorsTest::agreesWithTheReferenceVectors_data()
{
    QTest::addColumn<std::size_t>("index");
    std::size_t index = 0;
    for (const Vector &vector : vectors())
        QTest::newRow(qPrintable(vector.file)) << index++;
}

void IndicatorsTest::agreesWithTheReferenceVectors()
{
    QFETCH(const std::size_t, index);
    const Vector vector = vectors().at(index);
    const std::vector<Bar> bars = readInput();
    if (bars.empty())
        QSKIP("the reference vectors are not there (TRADEBOT_SHARED_DIR)");
    const auto rows = readTable(vector.file + u".csv"_s);
    QCOMPARE(rows.size(), bars.size());

    double volume = 0;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        volume += bars[i].volume;
        const Outputs got = vector.compute(bars[i]);
        if (vector.errsOnFlatRows && isFlat(bars, i))
            continue;
        const double unit = vector.scale == Scale::Price     ? bars[i].close
                            : vector.scale == Scale::Percent ? 100
                                                             : volume;
        QCOMPARE(got.size() + 1, rows[i].size());
        for (std::size_t column = 0; column < got.size(); ++column) {
            const auto wanted = rows[i][column + 1];
            const auto place = u"row %1, column %2: "_s.arg(i).arg(column + 1);
            QVERIFY2(got[column].has_value() == wanted.has_value(),
                     qPrintable(place + u"empty where it must not be"_s));
            if (!wanted)
                continue;
            QVERIFY2(std::abs(*got[column] - *wanted) <= vector.tolerance * unit,
                     qPrintable(place + u"%1, not %2"_s.arg(*got[column], 0, 'g', 17).arg(*wanted, 0, 'g', 17)));
        }
    }
}

void IndicatorsTest::everyReferenceVectorIsLookedAt()
{
    QStringList there;
    for (const QString &name : QDir(folder()).entryList({u"*.csv"_s})) {
        if (name != "input.csv"_L1)
            there.append(name.chopped(4));
    }
    if (there.isEmpty())
        QSKIP("the reference vectors are not there (TRADEBOT_SHARED_DIR)");
    QStringList looked;
    for (const Vector &vector : vectors())
        looked.append(vector.file);
    there.sort();
    looked.sort();
    QCOMPARE(looked, there);
}

QTEST_GUILESS_MAIN(IndicatorsTest)
#include "tst_indicators.moc"
