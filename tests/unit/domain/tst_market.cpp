// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/market.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Timestamp at(const char *text)
{
    return parseRfc3339(QString::fromLatin1(text)).value();
}

} // namespace

class TestMarket final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCandleHoldsItsMoment_data();
    void aCandleHoldsItsMoment();
    void everyMomentLiesInExactlyOneCandle();
    void candlesOfOneLengthNeverOverlapLongerOnes();
    void aTimeframeIsMadeOfThoseWhoseCandlesFillIt_data();
    void aTimeframeIsMadeOfThoseWhoseCandlesFillIt();
    void everyTimeframeHasANameAndALength_data();
    void everyTimeframeHasANameAndALength();
    void aNameThatNoCandleHasIsNoTimeframe();
    void aSymbolIsSplitIntoBaseAndQuote_data();
    void aSymbolIsSplitIntoBaseAndQuote();
    void sidesAreOpposite();
};

void TestMarket::aCandleHoldsItsMoment_data()
{
    QTest::addColumn<Timeframe>("timeframe");
    QTest::addColumn<QByteArray>("moment");
    QTest::addColumn<QByteArray>("open");
    QTest::addColumn<QByteArray>("next");
    const auto row = [](Timeframe timeframe, const char *moment, const char *open, const char *next) {
        QTest::addRow("%s of %s", toName(timeframe).data(), moment)
                << timeframe << QByteArray(moment) << QByteArray(open) << QByteArray(next);
    };
    const char *friday = "2026-11-20T14:32:17.123Z";
    row(Timeframe::S1, friday, "2026-11-20T14:32:17.000Z", "2026-11-20T14:32:18.000Z");
    row(Timeframe::M1, friday, "2026-11-20T14:32:00.000Z", "2026-11-20T14:33:00.000Z");
    row(Timeframe::M3, friday, "2026-11-20T14:30:00.000Z", "2026-11-20T14:33:00.000Z");
    row(Timeframe::M5, friday, "2026-11-20T14:30:00.000Z", "2026-11-20T14:35:00.000Z");
    row(Timeframe::M15, friday, "2026-11-20T14:30:00.000Z", "2026-11-20T14:45:00.000Z");
    row(Timeframe::M30, friday, "2026-11-20T14:30:00.000Z", "2026-11-20T15:00:00.000Z");
    row(Timeframe::H1, friday, "2026-11-20T14:00:00.000Z", "2026-11-20T15:00:00.000Z");
    row(Timeframe::H2, friday, "2026-11-20T14:00:00.000Z", "2026-11-20T16:00:00.000Z");
    row(Timeframe::H4, friday, "2026-11-20T12:00:00.000Z", "2026-11-20T16:00:00.000Z");
    row(Timeframe::H6, friday, "2026-11-20T12:00:00.000Z", "2026-11-20T18:00:00.000Z");
    row(Timeframe::H8, friday, "2026-11-20T08:00:00.000Z", "2026-11-20T16:00:00.000Z");
    row(Timeframe::H12, friday, "2026-11-20T12:00:00.000Z", "2026-11-21T00:00:00.000Z");
    row(Timeframe::D1, friday, "2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z");
    row(Timeframe::D3, friday, "2026-11-18T00:00:00.000Z", "2026-11-21T00:00:00.000Z");
    row(Timeframe::W1, friday, "2026-11-16T00:00:00.000Z", "2026-11-23T00:00:00.000Z");
    row(Timeframe::Month1, friday, "2026-11-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z");

    const char *before = "1969-12-31T23:59:59.999Z"; // a Wednesday, one millisecond before the epoch
    row(Timeframe::S1, before, "1969-12-31T23:59:59.000Z", "1970-01-01T00:00:00.000Z");
    row(Timeframe::M1, before, "1969-12-31T23:59:00.000Z", "1970-01-01T00:00:00.000Z");
    row(Timeframe::M15, before, "1969-12-31T23:45:00.000Z", "1970-01-01T00:00:00.000Z");
    row(Timeframe::H8, before, "1969-12-31T16:00:00.000Z", "1970-01-01T00:00:00.000Z");
    row(Timeframe::D1, before, "1969-12-31T00:00:00.000Z", "1970-01-01T00:00:00.000Z");
    row(Timeframe::D3, before, "1969-12-29T00:00:00.000Z", "1970-01-01T00:00:00.000Z");
    row(Timeframe::W1, before, "1969-12-29T00:00:00.000Z", "1970-01-05T00:00:00.000Z");
    row(Timeframe::Month1, before, "1969-12-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z");
    row(Timeframe::W1, "1900-01-01T00:00:00.000Z", "1900-01-01T00:00:00.000Z", "1900-01-08T00:00:00.000Z");
    row(Timeframe::D3, "1900-01-01T00:00:00.000Z", "1899-12-30T00:00:00.000Z", "1900-01-02T00:00:00.000Z");

    row(Timeframe::Month1, "2024-02-29T12:00:00.000Z", "2024-02-01T00:00:00.000Z", "2024-03-01T00:00:00.000Z");
    row(Timeframe::Month1, "2025-02-28T23:59:59.999Z", "2025-02-01T00:00:00.000Z", "2025-03-01T00:00:00.000Z");
    row(Timeframe::Month1, "2026-12-31T23:59:59.999Z", "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z");
    row(Timeframe::W1, "2026-11-22T23:59:59.999Z", "2026-11-16T00:00:00.000Z", "2026-11-23T00:00:00.000Z");
    row(Timeframe::W1, "2026-11-23T00:00:00.000Z", "2026-11-23T00:00:00.000Z", "2026-11-30T00:00:00.000Z");
    row(Timeframe::H4, "2026-11-20T16:00:00.000Z", "2026-11-20T16:00:00.000Z", "2026-11-20T20:00:00.000Z");
    row(Timeframe::D3, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z", "1970-01-04T00:00:00.000Z");
}

void TestMarket::aCandleHoldsItsMoment()
{
    QFETCH(Timeframe, timeframe);
    QFETCH(QByteArray, moment);
    const Timestamp open = openTimeOf(at(moment.constData()), timeframe);
    QTEST(toRfc3339(open), "open");
    QTEST(toRfc3339(nextOpenTime(open, timeframe)), "next");
}

void TestMarket::everyMomentLiesInExactlyOneCandle()
{
    QVERIFY(rc::check("open <= moment < next", [] {
        const auto time = *gen::timestamp();
        const auto timeframe = *gen::named<Timeframe>();
        const Timestamp open = openTimeOf(time, timeframe);
        const Timestamp next = nextOpenTime(open, timeframe);
        RC_ASSERT(open <= time && time < next);
        RC_ASSERT(openTimeOf(open, timeframe) == open);
        RC_ASSERT(openTimeOf(next - 1ms, timeframe) == open);
        RC_ASSERT(openTimeOf(next, timeframe) == next);
        if (timeframe == Timeframe::W1)
            RC_ASSERT((std::chrono::weekday(std::chrono::floor<std::chrono::days>(open)) == std::chrono::Monday));
    }));
}

void TestMarket::candlesOfOneLengthNeverOverlapLongerOnes()
{
    // So that long candles can be built from short ones: months and three-day candles from days, weeks from days.
    QVERIFY(rc::check("a long candle opens with a short one", [] {
        const auto time = *gen::timestamp();
        const auto longer = *gen::named<Timeframe>();
        const auto shorter =
                *rc::gen::element(Timeframe::S1, Timeframe::M1, Timeframe::M5, Timeframe::H1, Timeframe::D1);
        RC_PRE(nominalLength(longer).count() % nominalLength(shorter).count() == 0);
        const Timestamp open = openTimeOf(time, longer);
        RC_ASSERT(openTimeOf(open, shorter) == open);
    }));
}

void TestMarket::aTimeframeIsMadeOfThoseWhoseCandlesFillIt_data()
{
    QTest::addColumn<QByteArray>("coarse");
    QTest::addColumn<QByteArrayList>("fine");
    const auto row = [](const char *coarse, const char *fine) {
        QTest::newRow(coarse) << QByteArray(coarse) << QByteArray(fine).split(' ');
    };
    row("1s", "1s");
    row("1m", "1s 1m");
    row("3m", "1s 1m 3m");
    row("5m", "1s 1m 5m");
    row("15m", "1s 1m 3m 5m 15m");
    row("30m", "1s 1m 3m 5m 15m 30m");
    row("1h", "1s 1m 3m 5m 15m 30m 1h");
    row("2h", "1s 1m 3m 5m 15m 30m 1h 2h");
    row("4h", "1s 1m 3m 5m 15m 30m 1h 2h 4h");
    row("6h", "1s 1m 3m 5m 15m 30m 1h 2h 6h");
    row("8h", "1s 1m 3m 5m 15m 30m 1h 2h 4h 8h");
    row("12h", "1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h");
    row("1d", "1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d");
    row("3d", "1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d");
    row("1w", "1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 1w");
    row("1M", "1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 1M");
}

void TestMarket::aTimeframeIsMadeOfThoseWhoseCandlesFillIt()
{
    QFETCH(const QByteArray, coarse);
    QFETCH(const QByteArrayList, fine);
    QByteArrayList found;
    for (const auto &[timeframe, name] : EnumNames<Timeframe>::table) {
        if (isMadeOf(*fromName<Timeframe>(QString::fromLatin1(coarse)), timeframe))
            found.append(name);
    }
    QCOMPARE(found, fine);
}

void TestMarket::everyTimeframeHasANameAndALength_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<qint64>("minutes");
    const auto row = [](const char *name, qint64 minutes) {
        QTest::addRow("%s", name) << QString::fromLatin1(name) << minutes;
    };
    row("1m", 1);
    row("3m", 3);
    row("5m", 5);
    row("15m", 15);
    row("30m", 30);
    row("1h", 60);
    row("2h", 120);
    row("4h", 240);
    row("6h", 360);
    row("8h", 480);
    row("12h", 720);
    row("1d", 1'440);
    row("3d", 4'320);
    row("1w", 10'080);
    row("1M", 43'200);
}

void TestMarket::everyTimeframeHasANameAndALength()
{
    QFETCH(QString, name);
    const auto timeframe = fromName<Timeframe>(name);
    QVERIFY(timeframe);
    QTEST(qint64(std::chrono::duration_cast<std::chrono::minutes>(nominalLength(*timeframe)).count()), "minutes");
    QCOMPARE(QString(toName(*timeframe)), name);
}

void TestMarket::aNameThatNoCandleHasIsNoTimeframe()
{
    QVERIFY(!fromName<Timeframe>(u"1s "));
    QVERIFY(!fromName<Timeframe>(u""));
}

void TestMarket::aSymbolIsSplitIntoBaseAndQuote_data()
{
    QTest::addColumn<QString>("symbol");
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("quote");
    const auto row = [](const char *symbol, const char *base, const char *quote) {
        QTest::addRow("%s", symbol) << QString::fromLatin1(symbol) << QString::fromLatin1(base)
                                    << QString::fromLatin1(quote);
    };
    row("BTCUSDT", "BTC", "USDT");
    row("1INCHUSDC", "1INCH", "USDC");
    row("BTCFDUSD", "BTC", "FDUSD"); // not BTCFD in USD
    row("BTCTUSD", "BTC", "TUSD");
    row("ETHBTC", "ETH", "BTC");
    row("BTCEUR", "BTC", "EUR");
    row("USDTTRY", "USDT", "TRY");
    row("BTC-PERP", "BTC", "USD");
    row("ETH/EUR", "ETH", "EUR");
    row("SOL-USD", "SOL", "USD");
    row("SOL_USDT", "SOL", "USDT");
    row("BTCUSDT_261225", "BTC", "USDT"); // a future that is delivered on that day
    row("BTCUSD_PERP", "BTC", "USD");
    row("WBTC-PERP", "WBTC", "USD");
    row("BTC-", "BTC", "USD");
    row("USDT", "USDT", "USDT");
    row("XYZ", "XYZ", "USDT");
}

void TestMarket::aSymbolIsSplitIntoBaseAndQuote()
{
    QFETCH(QString, symbol);
    const auto [base, quote] = splitSymbol(Symbol(symbol));
    QTEST(base, "base");
    QTEST(quote, "quote");
}

void TestMarket::sidesAreOpposite()
{
    static_assert(opposite(Side::Buy) == Side::Sell && opposite(Side::Sell) == Side::Buy);
    static_assert(entrySide(PositionSide::Long) == Side::Buy && entrySide(PositionSide::Short) == Side::Sell);
}

QTEST_APPLESS_MAIN(TestMarket)
#include "tst_market.moc"
