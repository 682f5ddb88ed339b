// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeclock.h"
#include "ui/format/moneyformat.h"
#include "ui/pages/accountfigures.h"
#include "ui/pages/positionarithmetic.h"

#include <QTest>

#include <random>

using namespace Qt::StringLiterals;

namespace tradebot {

namespace {

BotSnapshot holding(PositionSide side, const char *entry, const char *mark, const char *quantity)
{
    BotConfig config;
    config.name = u"BTC trend"_s;
    config.symbol = Symbol(u"BTCUSDT"_s);
    BotSnapshot bot;
    bot.id = BotId(1);
    bot.config = std::make_shared<const BotConfig>(config);
    bot.instrument.base = u"BTC"_s;
    bot.instrument.quote = u"USDT"_s;
    bot.instrument.priceStep = Price::fromRaw(1'000'000);
    bot.instrument.quantityStep = Quantity::fromRaw(10'000);
    Position &position = bot.state.position;
    position.side = side;
    position.quantity = Quantity::parse(QByteArrayView(quantity)).value();
    position.cost = notional(Price::parse(QByteArrayView(entry)).value(), position.quantity, Rounding::HalfEven)
                            .value()
                            .value();
    bot.state.openTrade.entered = position.quantity;
    bot.state.openTrade.entryNotional = position.cost;
    bot.state.openTrade.fees = scaled(position.cost, config.fees.taker, Rounding::HalfEven).value().value();
    bot.markPrice = Price::parse(QByteArrayView(mark)).value();
    bot.unrealised = position.unrealised(*bot.markPrice).value();
    bot.equity = (config.initialBalance + *bot.unrealised).value();
    return bot;
}

Trade closed(int net)
{
    Trade trade;
    trade.gross = Money::fromInteger(net);
    return trade;
}

} // namespace

class PositionArithmeticTest final : public QObject
{
    Q_OBJECT

private:
    FakeClock m_clock{parseRfc3339(u"2026-11-20T14:32:08Z").value()};
    TimeFormat m_time{m_clock};

private Q_SLOTS:
    void theStepsAreThoseOfTheTrade()
    {
        const auto rows = positionArithmetic(holding(PositionSide::Long, "67250.10", "67918.40", "0.0745"));
        QCOMPARE(rows.size(), 5U);
        QCOMPARE(rows[0].formula, u"(67,918.40 \u2212 67,250.10) × 0.0745"_s);
        QCOMPARE(MoneyFormat{}.text(rows[0].amount), u"49.79"_s);
        QCOMPARE(MoneyFormat{}.text(rows[1].amount), u"\u22125.01"_s);
        QCOMPARE(MoneyFormat{}.text(rows[2].amount), u"\u22125.06"_s);
        QVERIFY(rows[4].isTotal);
        QCOMPARE(MoneyFormat{}.text(rows[4].amount), u"39.72"_s);
    }

    void aShortGainsWhenThePriceFalls()
    {
        const auto rows = positionArithmetic(holding(PositionSide::Short, "100", "90", "2"));
        QCOMPARE(rows[0].amount, Money::fromInteger(20));
        QVERIFY2(rows[0].formula.startsWith(u"(100.00"_s), qPrintable(rows[0].formula));
    }

    void whatIsWrittenAddsUp()
    {
        std::mt19937 random(7);
        for (int i = 0; i < 2000; ++i) {
            const QByteArray entry = QByteArray::number(1 + random() % 9'999'999) + ".37";
            const QByteArray mark = QByteArray::number(1 + random() % 9'999'999) + ".91";
            const QByteArray quantity = "0.0" + QByteArray::number(1 + random() % 99'999);
            const auto rows = positionArithmetic(
                    holding(PositionSide::Long, entry.constData(), mark.constData(), quantity.constData()));
            Checked<Money> sum = Money();
            for (const ArithmeticRow &row : rows) {
                QCOMPARE(row.decimals, 2); // whatever the prices, the figures do not jump
                if (!row.isTotal)
                    sum += MoneyFormat{row.decimals}.rounded(row.amount);
            }
            const MoneyFormat total{rows.back().decimals};
            QCOMPARE(total.text(total.rounded(*sum.value())), total.text(rows.back().amount));
        }
    }

    void aFlatBotHasNone()
    {
        BotSnapshot bot = holding(PositionSide::Long, "100", "90", "2");
        bot.markPrice.reset();
        QVERIFY(positionArithmetic(bot).empty());
        bot = holding(PositionSide::Long, "100", "90", "2");
        bot.state.position = {};
        QVERIFY(positionArithmetic(bot).empty());
    }

    void onlyKnownFiguresAreShown()
    {
        const auto bot = std::make_shared<const BotSnapshot>(holding(PositionSide::Long, "100", "110", "2"));
        BotSnapshot blind = *bot;
        blind.id = BotId(2);
        blind.markPrice.reset();
        blind.unrealised.reset();
        blind.equity.reset();
        const AccountKey account = accountOf(*bot);
        std::map<BotId, SnapshotPointer> bots{{bot->id, bot}};
        auto figures =
                kpiFigures(figuresOf(bots, account), u"USDT"_s, u"30 d"_s, TradeStatistics(), std::nullopt, m_time);
        QCOMPARE(figures[0].value, u"10,020.00"_s);
        QCOMPARE(figures[2].value, u"+20.00"_s);
        QCOMPARE(figures[2].outcome, 1);
        QVERIFY(!figures[3].isKnown);
        QCOMPARE(figures[3].detail, u"0 of 30"_s);
        QVERIFY(!figures[5].isKnown);

        bots[blind.id] = std::make_shared<const BotSnapshot>(blind);
        figures = kpiFigures(figuresOf(bots, account), u"USDT"_s, u"30 d"_s, TradeStatistics(), std::nullopt, m_time);
        QCOMPARE(figures[0].value, u"—"_s);
        QVERIFY(figures[0].reason.contains(u"BTC trend"_s));
        QCOMPARE(figures[2].value, u"—"_s);
    }

    void ratesComeFromTrades()
    {
        TradeStatistics statistics;
        for (int i = 0; i < 40; ++i)
            statistics.add(closed(i % 4 == 0 ? -10 : 5));
        const auto bot = std::make_shared<const BotSnapshot>(holding(PositionSide::Long, "100", "110", "2"));
        const auto figures = kpiFigures(figuresOf({{bot->id, bot}}, accountOf(*bot)), u"USDT"_s, u"30 d"_s, statistics,
                                        std::nullopt, m_time);
        QCOMPARE(figures[3].value, u"75.0"_s);
        QCOMPARE(figures[3].detail, u"30 of 40 trades"_s);
        QCOMPARE(figures[4].value, u"1.50"_s);
        QCOMPARE(figures[4].detail, u"150.00 / 100.00"_s);
    }
};

} // namespace tradebot

QTEST_GUILESS_MAIN(tradebot::PositionArithmeticTest)
#include "tst_positionarithmetic.moc"
