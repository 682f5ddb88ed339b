// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program/demobots.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

BotConfig demoBot(const QString &name, const QString &symbol, const QString &strategy)
{
    BotConfig config;
    config.name = name;
    config.symbol = Symbol(symbol);
    config.strategy = strategy;
    config.sizing = {SizingKind::PercentOfEquity, Decimal::fromInteger(25)};
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(2)};
    config.takeProfit = StopRule{StopKind::Percent, Decimal::fromInteger(4)};
    return config;
}

} // namespace

std::vector<BotConfig> demoBots(bool oneMarket)
{
    const QString bitcoin = u"BTCUSDT"_s;
    std::vector<BotConfig> bots = {
            demoBot(u"BTC trend"_s, bitcoin, u"ema_cross"_s),
            demoBot(oneMarket ? u"BTC reversion"_s : u"ETH reversion"_s, oneMarket ? bitcoin : u"ETHUSDT"_s,
                    u"rsi_reversion"_s),
            demoBot(oneMarket ? u"BTC both ways"_s : u"SOL both ways"_s, oneMarket ? bitcoin : u"SOLUSDT"_s,
                    u"ema_cross"_s),
    };
    BotConfig &bothWays = bots.back();
    bothWays.market = Market::UsdmFutures;
    bothWays.positionType = PositionType::Both;
    bothWays.leverage = 2;
    bothWays.strategyParameters = {{u"fast"_s, Decimal::fromInteger(5)}, {u"slow"_s, Decimal::fromInteger(20)}};
    bothWays.trailingStop = TrailingStopRule{Decimal::fromInteger(1), Decimal::fromInteger(1)};
    return bots;
}

} // namespace tradebot
