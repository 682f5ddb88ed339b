// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/builtin.h"

#include <algorithm>
#include <optional>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Facts of an older version name only what filled.
Timestamp lastAsked(const StrategyView &view)
{
    return std::max(view.lastEntry, view.lastEntryAsked);
}

/// The end of the candle that the last buy was asked for on. A backtest's clock stops a millisecond before the next
/// candle; a live one may be a moment into it.
Timestamp decisionTime(const StrategyView &view)
{
    return openTimeOf(lastAsked(view) + 1ms, view.timeframe);
}

constexpr auto buyTag = "dca_buy"_L1;

/// Buys for the same money at regular times, whatever the price. When it last asked for one follows from the bot's
/// orders, so a restart neither repeats a buy nor leaves one out; one that was refused is left out until the next time.
class DollarCostAverage final : public Strategy
{
public:
    DollarCostAverage(std::chrono::seconds interval, Money quote, Decimal takeProfitPercent)
        : m_interval(interval),
          m_quote(quote),
          m_takeProfitPercent(takeProfitPercent)
    { }

    [[nodiscard]] int warmUpCandles() const override { return 0; }
    void warmUp(const Candle &) override { }

    void onCandle(const StrategyView &view, Intents &intents) override
    {
        m_target = target(view.position);
        m_isShort = view.position.side == PositionSide::Short;
        if (m_isShort || view.isLeaving)
            return;
        const bool isBuying = lookThrough(view.orders, intents);
        if (!m_target.isZero() && view.candle.close >= m_target) {
            intents.push_back({IntentKind::Exit, PositionSide::Flat, u"dca_take_profit"_s,
                               u"the close has reached %1, %2 % above the average entry"_s.arg(
                                       m_target.toString(), m_takeProfitPercent.toString())});
            return;
        }
        const Timestamp now = nextOpenTime(view.candle.openTime, view.timeframe);
        if (lastAsked(view) != Timestamp())
            m_lastBuy = std::max(m_lastBuy.value_or(Timestamp::min()), decisionTime(view));
        if (isBuying || (m_lastBuy && now - *m_lastBuy < m_interval))
            return;
        m_lastBuy = now;
        Intent buy{IntentKind::Place, PositionSide::Long, buyTag};
        buy.order.side = Side::Buy;
        buy.order.type = OrderType::Market;
        buy.order.quote = m_quote;
        intents.push_back(std::move(buy));
    }

    [[nodiscard]] QString activity() const override
    {
        if (m_isShort)
            return u"waits: it only buys, and the bot holds a short position"_s;
        if (!m_lastBuy)
            return u"buys for %1 at the next closed candle"_s.arg(m_quote.toString());
        return u"buys for %1 again at %2"_s.arg(m_quote.toString(),
                                                QString::fromLatin1(toRfc3339(*m_lastBuy + m_interval)));
    }
    [[nodiscard]] std::vector<std::pair<QString, double>> lines() const override
    {
        if (m_target.isZero())
            return {};
        return {{u"Take profit"_s, m_target.toDouble()}};
    }

private:
    /// Whether a buy is under way; what a strategy before this one has left is taken back.
    static bool lookThrough(std::span<const Order> orders, Intents &intents)
    {
        bool isBuying = false;
        for (const Order &order : orders) {
            if (order.tag == buyTag)
                isBuying = true;
            else if (isWished(order) && !order.cancelRequested && intents.size() < Intents::enough)
                intents.push_back({IntentKind::Cancel, PositionSide::Flat, order.tag});
        }
        return isBuying;
    }
    /// The close that it sells all at; 0: none.
    [[nodiscard]] Price target(const Position &position) const
    {
        if (m_takeProfitPercent.isZero() || position.side != PositionSide::Long)
            return {};
        const Price entry = position.entryPrice();
        return (entry + percentOf(entry, m_takeProfitPercent, Rounding::Ceiling)).valueOr(Price());
    }

    std::chrono::seconds m_interval;
    Money m_quote;
    Decimal m_takeProfitPercent;
    std::optional<Timestamp> m_lastBuy; ///< when one was last asked for, as far as it is known
    Price m_target;                     ///< for people
    bool m_isShort = false;
};

} // namespace

BuiltInStrategy dollarCostAverage()
{
    ParameterSpec quote = numberSpec(u"quote_per_order"_s, u"Money for each buy"_s, 100, Decimal::smallest(),
                                     1'000'000'000, u"in the quote currency"_s);
    ParameterSpec takeProfit = numberSpec(u"take_profit_percent"_s, u"Sell all at a profit of"_s, 0, Decimal(), 10'000,
                                          u"% above the average entry; 0: never"_s);
    return {{u"dca"_s,
             u"Dollar-cost averaging"_s,
             u"Buys for the same money at regular times, whatever the price, and sells all once the close is so many "
             "percent above the average entry."_s,
             {integerSpec(u"interval_s"_s, u"Interval"_s, 86'400, 1, 31'536'000, u"seconds"_s), std::move(quote),
              std::move(takeProfit)},
             true},
            [](const StrategyParameters &parameters) -> std::unique_ptr<Strategy> {
                return std::make_unique<DollarCostAverage>(
                        std::chrono::seconds(integerOf(parameters, u"interval_s"_s)),
                        Money::fromRaw(numberOf(parameters, u"quote_per_order"_s).raw()),
                        numberOf(parameters, u"take_profit_percent"_s));
            }};
}

} // namespace tradebot
