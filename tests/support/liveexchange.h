// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/registry.h"
#include "tests/support/enginefixture.h"
#include "tests/support/scriptedexchange.h"

#include <functional>

namespace tradebot {

/// A strategy that does what the test says, at each closed candle, and remembers what it was told of its orders.
class ToldStrategy final : public Strategy
{
public:
    using Deed = std::function<void(const StrategyView &, Intents &)>;
    ToldStrategy(const Deed &deed, std::vector<Order> &told) : m_deed(deed), m_told(told) { }

    [[nodiscard]] int warmUpCandles() const override { return 0; }
    void warmUp(const Candle &) override { }
    void onCandle(const StrategyView &view, Intents &intents) override
    {
        if (m_deed)
            m_deed(view, intents);
    }
    void onOrder(const StrategyView &, const Order &order, Intents &) override { m_told.push_back(order); }
    [[nodiscard]] QString activity() const override { return {}; }

private:
    const Deed &m_deed;
    std::vector<Order> &m_told;
};

/// An engine whose bots on Binance trade on a scripted exchange. They buy one coin after a rising close and sell it
/// after a falling one, unless the test decides with `deed`.
class LiveExchange final
{
public:
    LiveExchange() : fixture(options()) { }

    [[nodiscard]] static BotConfig config(PositionType type = PositionType::Long)
    {
        BotConfig live = followerConfig(type);
        live.exchange = Exchange::Binance;
        return live;
    }
    /// With a stop 5 % away, at the exchange or watched by us.
    [[nodiscard]] static BotConfig guarded(StopsAt where)
    {
        BotConfig live = config();
        live.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(5)};
        live.stopsAt = where;
        return live;
    }
    /// A closed candle, at whose price the exchange fills.
    void candle(const char *at)
    {
        exchange.price = decimal<Price>(at);
        fixture.candle(at);
    }
    void tick(const char *at)
    {
        exchange.price = decimal<Price>(at);
        fixture.tick(at);
    }
    /// A running bot that bought at 101.
    BotId enter(const BotConfig &config)
    {
        const BotId id = fixture.run(config);
        candle("101");
        fixture.pass(std::chrono::milliseconds(1));
        return id;
    }
    [[nodiscard]] int count(OrderTrigger trigger, OrderPurpose purpose) const
    {
        int found = 0;
        for (const BotEvent &event : fixture.facts) {
            const auto *changed = std::get_if<OrderChanged>(&event.payload);
            found += changed && changed->trigger == trigger && changed->order.purpose == purpose ? 1 : 0;
        }
        return found;
    }
    [[nodiscard]] const Trade *lastTrade() const
    {
        const Trade *found = nullptr;
        for (const BotEvent &event : fixture.facts) {
            if (const auto *closed = std::get_if<TradeClosed>(&event.payload))
                found = &closed->trade;
        }
        return found;
    }
    /// Empty before there is one.
    [[nodiscard]] QString killReport() const
    {
        QString found;
        for (const BotEvent &event : fixture.facts) {
            if (const auto *done = std::get_if<KillSwitchDone>(&event.payload))
                found = done->message;
        }
        return found;
    }

    ScriptedExchange exchange;
    bool isReachable = true;
    ToldStrategy::Deed deed;
    bool decides = false; ///< deed instead of the built-in strategy, for bots that are made from now on
    std::vector<Order> told;
    EngineFixture fixture;

private:
    EngineOptions options()
    {
        EngineOptions made;
        made.connect = [this](const BotConfig &config, const Instrument &) -> Result<std::unique_ptr<ExecutionClient>> {
            if (config.exchange == Exchange::Paper)
                return nullptr;
            if (!isReachable)
                return fail(ErrorCode::Unavailable, QStringLiteral("the exchange does not answer"));
            return exchange.connect();
        };
        made.makeStrategy = [this](const BotConfig &config) -> Result<std::unique_ptr<Strategy>> {
            if (!decides)
                return makeStrategy(config.strategy, config.strategyParameters);
            return std::make_unique<ToldStrategy>(deed, told);
        };
        return made;
    }
};

} // namespace tradebot
