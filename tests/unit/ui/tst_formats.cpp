// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeclock.h"
#include "ui/dialogs/tradeestimate.h"
#include "ui/format/moneyformat.h"
#include "ui/format/timeformat.h"
#include "ui/format/words.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestFormats : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void money_data()
    {
        QTest::addColumn<QByteArray>("amount");
        QTest::addColumn<int>("decimals");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero has no sign") << QByteArray("0") << 2 << u"0.00"_s;
        QTest::newRow("plus") << QByteArray("1.245") << 2 << u"+1.24"_s;
        QTest::newRow("half-even") << QByteArray("1.255") << 2 << u"+1.26"_s;
        QTest::newRow("true minus") << QByteArray("-6.11") << 2 << u"\u22126.11"_s;
        QTest::newRow("rounds to nothing, and then has no sign") << QByteArray("-0.004") << 2 << u"0.00"_s;
        QTest::newRow("thousands") << QByteArray("1234567.891") << 2 << u"+1,234,567.89"_s;
        QTest::newRow("carries") << QByteArray("999.999") << 2 << u"+1,000.00"_s;
        QTest::newRow("no decimals") << QByteArray("-1234.5") << 0 << u"\u22121,234"_s;
        QTest::newRow("all decimals") << QByteArray("0.00000001") << 8 << u"+0.00000001"_s;
        QTest::newRow("the largest, whose cents cannot be rounded up")
                << QByteArray("92233720368.54775807") << 2 << u"+92,233,720,368.54"_s;
    }
    void money()
    {
        QFETCH(QByteArray, amount);
        QFETCH(int, decimals);
        QFETCH(QString, text);
        const MoneyFormat format{decimals, Sign::Always};
        QCOMPARE(format.text(Money::parse(amount).value()), text);
    }

    void unknownMoneyIsADash() { QCOMPARE(MoneyFormat().text(std::optional<Money>()), u"—"_s); }

    void aCoinHasMoreDecimalsThanADollar()
    {
        const Money amount = Money::parse("0.0125").value();
        QCOMPARE(moneyText(amount, u"BTC"_s), u"0.01250000 BTC"_s);
        QCOMPARE(moneyText(amount, u"ETH"_s, Sign::Always), u"+0.012500 ETH"_s);
        QCOMPARE(moneyText(amount, u"USDT"_s), u"0.01 USDT"_s);
        QCOMPARE(moneyText(Money::fromInteger(-5), u"EUR"_s), u"\u22125.00 EUR"_s);
    }

    void theInstrumentSetsThePrecision()
    {
        Instrument instrument;
        instrument.priceStep = Price::parse("0.1").value();
        instrument.quantityStep = Quantity::parse("0.001").value();
        QCOMPARE(priceText(Price::parse("67250").value(), instrument), u"67,250.0"_s);
        QCOMPARE(quantityText(Quantity::parse("1").value(), instrument), u"1.000"_s);
        QCOMPARE(quantityText(Quantity::parse("0.00012").value(), instrument), u"0.00012"_s);
    }

    void timesNameTheDateWhenItIsNotToday()
    {
        FakeClock clock; // 2026-11-20 14:32
        const TimeFormat format(clock);
        QCOMPARE(format.stamp(clock.now()), u"14:32:00"_s);
        QCOMPARE(format.stamp(clock.now() - 24h), u"19 Nov 14:32:00"_s);
        QCOMPARE(format.stamp(clock.now() - 24h * 365), u"20 Nov 2025 14:32:00"_s);
        QVERIFY(format.tooltip(clock.now()).startsWith(u"20 Nov 2026 14:32:00.000 UTC\n"_s));
    }

    void ages_data()
    {
        QTest::addColumn<qint64>("milliseconds");
        QTest::addColumn<QString>("age");
        QTest::addColumn<QString>("duration");
        QTest::newRow("clock went back") << qint64(-5) << u"0.0 s"_s << u"0 s"_s;
        QTest::newRow("tenths") << qint64(14'890) << u"14.8 s"_s << u"14 s"_s;
        QTest::newRow("minutes") << qint64(125'000) << u"2 min"_s << u"2 m 05 s"_s;
        QTest::newRow("hours") << qint64(20'820'000) << u"5 h"_s << u"5 h 47 m"_s;
        QTest::newRow("days") << qint64(201'600'000) << u"2 d"_s << u"2 d 08 h"_s;
    }
    void ages()
    {
        QFETCH(qint64, milliseconds);
        QTEST(ageText(std::chrono::milliseconds(milliseconds)), "age");
        QTEST(durationText(std::chrono::milliseconds(milliseconds)), "duration");
    }

    void oneAndMany()
    {
        QCOMPARE(counted(1, u"%1 bot"_s, u"%1 bots"_s), u"1 bot"_s);
        QCOMPARE(counted(0, u"%1 bot"_s, u"%1 bots"_s), u"0 bots"_s);
    }

    void aTradeInNumbersIsExact()
    {
        BotConfig config;
        config.symbol = Symbol(u"SOLUSDT"_s);
        config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(2)};
        Instrument instrument;
        instrument.base = u"SOL"_s;
        instrument.quote = u"USDT"_s;
        instrument.quantityStep = Quantity::parse("0.01").value();
        const auto rows = estimateTrade(config, Price::parse("162.35").value(), instrument);
        const auto value = [&rows](const QString &label) {
            for (const EstimateRow &row : rows) {
                if (row.label.startsWith(label))
                    return row.value;
            }
            return QString();
        };
        QCOMPARE(value(u"Position"_s), u"1,000.00 USDT"_s);
        QCOMPARE(value(u"Amount"_s), u"6.15 SOL"_s);
        QCOMPARE(value(u"Value"_s), u"998.45 USDT"_s);
        QCOMPARE(value(u"Loss"_s), u"\u221219.97"_s);
        QCOMPARE(value(u"Fees"_s), u"\u22122.00"_s);
    }

    void withoutAPriceOnlyWhatIsKnownIsShown()
    {
        BotConfig config;
        config.sizing = {SizingKind::FixedQuantity, Decimal::fromInteger(1)};
        const auto rows = estimateTrade(config, std::nullopt, {});
        QCOMPARE(rows.size(), 1U);
    }
};

QTEST_GUILESS_MAIN(TestFormats)
#include "tst_formats.moc"
