// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/riskgate.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// What a price may move before a market order fills, as a fraction of its worth: kept back from the money there is.
constexpr Decimal reserveShare = Decimal::fromRaw(500'000); // 0.005

using Verdict = std::optional<Denial>;

Denial deny(QLatin1StringView code, const QString &context, Halt halt = Halt::None)
{
    return Denial{code, context, halt};
}

Verdict judgeDay(const EntryRequest &request)
{
    if (request.state.haltedByDailyLimit)
        return deny("daily_limit"_L1, u"entries wait for the next trading day"_s);
    return reachedDayLimit(request.config.limits, request.state, request.equity);
}

Verdict judgeDrawdown(const EntryRequest &request)
{
    if (request.state.haltedByDrawdown)
        return deny("max_drawdown"_L1, u"entries wait until the owner resumes the bot"_s);
    return reachedDrawdown(request.config.limits, request.state, request.equity);
}

Verdict judgeAtr(const EntryRequest &request)
{
    if (!request.lacksAtr)
        return std::nullopt;
    return deny("atr_not_ready"_L1, u"its stops count in an ATR that needs more candles"_s);
}

Verdict judgeCooldown(const EntryRequest &request)
{
    const auto &seconds = request.config.limits.cooldownSeconds;
    if (!seconds || request.state.lastExit == Timestamp())
        return std::nullopt;
    const auto left = request.state.lastExit + std::chrono::seconds(*seconds) - request.now;
    if (left <= std::chrono::milliseconds(0) || request.state.lastExit > request.now)
        return std::nullopt;
    return deny("cooldown"_L1, u"left_ms=%1 cooldown_s=%2"_s.arg(left.count()).arg(*seconds));
}

Verdict judgeStopLossGuard(const EntryRequest &request)
{
    const auto &guard = request.config.limits.stopLossGuard;
    const auto &stops = request.state.losingStops;
    const auto needed = guard ? static_cast<std::size_t>(guard->stops) : 0;
    if (!guard || stops.size() < needed)
        return std::nullopt;
    const Timestamp last = stops.back();
    const Timestamp first = stops[stops.size() - needed];
    const Timestamp until = last + std::chrono::seconds(guard->pauseSeconds);
    if (last - first > std::chrono::seconds(guard->windowSeconds) || request.now >= until || last > request.now)
        return std::nullopt;
    return deny("stop_loss_guard"_L1, u"stops=%1 window_s=%2 until=%3"_s.arg(guard->stops)
                                              .arg(guard->windowSeconds)
                                              .arg(QString::fromLatin1(toRfc3339(until))));
}

Verdict judgeOrderRate(const EntryRequest &request)
{
    const auto &limit = request.config.limits.maxOrdersPerMinute;
    if (!limit || request.ordersLastMinute < *limit)
        return std::nullopt;
    return deny("order_rate"_L1, u"orders=%1 limit=%2 per minute"_s.arg(request.ordersLastMinute).arg(*limit));
}

Verdict judgeUnknownOrder(const EntryRequest &request)
{
    if (!request.exposure.hasUnknownOrder)
        return std::nullopt;
    return deny("unknown_order"_L1,
                u"symbol=%1 waits for the outcome of an order"_s.arg(request.config.symbol.value()));
}

Verdict judgeExposure(const EntryRequest &request, Money worth)
{
    const RiskLimits &limits = request.config.limits;
    const auto exceeds = [worth](const std::optional<Money> &limit, const Checked<Money> &present) {
        const auto sum = (present + Checked<Money>(worth)).value();
        return limit && (!sum || *sum > *limit);
    };
    const auto context = [worth](const Checked<Money> &present, Money limit) {
        return u"worth=%1 present=%2 limit=%3"_s.arg(worth.toString(), present.valueOr(Money::maximum()).toString(),
                                                     limit.toString());
    };
    if (exceeds(limits.maxSymbolExposureQuote, request.exposure.symbol))
        return deny("max_symbol_exposure"_L1, context(request.exposure.symbol, *limits.maxSymbolExposureQuote));
    if (exceeds(limits.maxAccountExposureQuote, request.exposure.account))
        return deny("max_account_exposure"_L1, context(request.exposure.account, *limits.maxAccountExposureQuote));
    return std::nullopt;
}

const LeverageBrackets &bracketsOf(const EntryRequest &request)
{
    const LeverageBrackets &brackets = request.instrument.brackets;
    return brackets.isEmpty() ? LeverageBrackets::usual() : brackets;
}

Verdict judgeLeverage(const EntryRequest &request, Money worth)
{
    if (request.config.market == Market::Spot)
        return std::nullopt;
    const int most = bracketsOf(request).maximumLeverage(worth);
    if (request.config.leverage <= most)
        return std::nullopt;
    return deny("leverage_bracket"_L1,
                u"worth=%1 leverage=%2 highest=%3"_s.arg(worth.toString()).arg(request.config.leverage).arg(most));
}

/// What an entry costs beyond its margin, and what its price may move before it fills, as a fraction of its worth.
Checked<Decimal> extraShare(const EntryRequest &request)
{
    return Checked<Decimal>(std::max(Decimal(), request.config.fees.taker)) + slippageRate(request.config)
           + Checked<Decimal>(reserveShare);
}

/// The most that an entry may be worth: with its margin, fee, slippage and reserve it takes all the money there is.
Checked<Money> affordable(const EntryRequest &request)
{
    const auto margin =
            ratio(Decimal::fromInteger(1), Decimal::fromInteger(request.config.leverage), Rounding::Ceiling);
    const auto share = (margin + extraShare(request)).value();
    if (!share || !request.state.balance.isPositive())
        return Money();
    return proportion(request.state.balance, Decimal::fromInteger(1), *share, Rounding::Floor);
}

/// The most that a position may be worth at the bot's leverage, less what its price may move.
Checked<Money> withinBracket(const EntryRequest &request)
{
    Money cap;
    for (const LeverageBracket &bracket : bracketsOf(request).brackets()) {
        if (bracket.maximumLeverage >= request.config.leverage)
            cap = bracket.cap;
    }
    const auto share = (Checked<Decimal>(Decimal::fromInteger(1)) + extraShare(request)).value();
    return share ? proportion(cap, Decimal::fromInteger(1), *share, Rounding::Floor) : Checked<Money>::failed();
}

Checked<Quantity> wanted(const EntryRequest &request)
{
    const Sizing &sizing = request.config.sizing;
    switch (sizing.kind) {
    case SizingKind::FixedQuantity: return Quantity::fromRaw(sizing.value.raw());
    case SizingKind::FixedQuote: return quantityFor(Money::fromRaw(sizing.value.raw()), request.price, Rounding::Floor);
    case SizingKind::PercentOfEquity: {
        const auto money = percentOf(request.equity, sizing.value, Rounding::Floor).value();
        const auto levered = money ? scaled(*money, Decimal::fromInteger(request.config.leverage), Rounding::Floor)
                                   : Checked<Money>::failed();
        return levered.overflowed() ? Checked<Quantity>::failed()
                                    : quantityFor(*levered.value(), request.price, Rounding::Floor);
    }
    case SizingKind::RiskPercent: {
        const auto risk = percentOf(request.equity, sizing.value, Rounding::Floor).value();
        return risk ? quantityFor(*risk, request.stopDistance, Rounding::Floor) : Checked<Quantity>::failed();
    }
    }
    return Checked<Quantity>::failed();
}

/// A size in percent is cut to the money there is; a size that its owner fixed is not.
Checked<Quantity> cutToBalance(const EntryRequest &request, Quantity quantity)
{
    const SizingKind kind = request.config.sizing.kind;
    if (kind != SizingKind::PercentOfEquity && kind != SizingKind::RiskPercent)
        return quantity;
    auto worth = affordable(request).value();
    if (worth && request.config.market != Market::Spot)
        worth = std::min(*worth, withinBracket(request).valueOr(*worth));
    const auto most = worth ? quantityFor(*worth, request.price, Rounding::Floor).value() : std::optional<Quantity>();
    return most ? std::min(quantity, *most) : Checked<Quantity>::failed();
}

QString sizeText(Price price, Quantity quantity)
{
    return u"quantity=%1 price=%2"_s.arg(quantity.toString(), price.toString());
}

Verdict judgeFilters(const Instrument &instrument, Price price, Quantity quantity, const std::optional<Money> &worth,
                     bool mayBeSmall = false)
{
    if (!worth)
        return deny("overflow"_L1, sizeText(price, quantity));
    if (!quantity.isPositive() || quantity < instrument.minimumQuantity) {
        return deny("min_quantity"_L1, sizeText(price, quantity)
                                               + u" minimum=%1 step=%2"_s.arg(instrument.minimumQuantity.toString(),
                                                                              instrument.quantityStep.toString()));
    }
    if (!mayBeSmall && *worth < instrument.minimumNotional)
        return deny("min_notional"_L1,
                    sizeText(price, quantity) + u" minimum=%1"_s.arg(instrument.minimumNotional.toString()));
    return std::nullopt;
}

Verdict judgeSize(const EntryRequest &request, Quantity quantity)
{
    const auto counted = notional(request.price, quantity, Rounding::HalfEven).value();
    if (auto denial = judgeFilters(request.instrument, request.price, quantity, counted))
        return denial;
    const Money worth = *counted;
    const auto &limit = request.config.limits.maxPositionQuote;
    const auto whole = (request.state.position.cost + request.openEntries + Checked<Money>(worth)).value();
    if (limit && (!whole || *whole > *limit)) {
        return deny(
                "max_position_quote"_L1,
                sizeText(request.price, quantity)
                        + u" worth=%1 limit=%2"_s.arg(whole.value_or(Money::maximum()).toString(), limit->toString()));
    }
    if (auto denial = judgeExposure(request, worth))
        return denial;
    return judgeLeverage(request, whole.value_or(Money::maximum()));
}

/// What does not hang on the size.
Verdict judgeMoment(const EntryRequest &request)
{
    for (const auto judge :
         {judgeUnknownOrder, judgeDay, judgeDrawdown, judgeCooldown, judgeStopLossGuard, judgeOrderRate, judgeAtr}) {
        if (auto denial = judge(request))
            return denial;
    }
    if (!request.equity.isPositive())
        return deny("no_equity"_L1, u"equity="_s + request.equity.toString());
    return std::nullopt;
}

} // namespace

QString Denial::text() const
{
    return context.isEmpty() ? QString(code) : code + u": "_s + context;
}

std::optional<Denial> reachedDayLimit(const RiskLimits &limits, const BotState &state, Money equity)
{
    const Totals &today = state.today;
    const Money lost = std::min(Money(), (equity - state.balance).valueOr(Money()));
    const auto result = (Checked<Money>(today.net()) + Checked<Money>(lost)).value();
    if (limits.maxDailyLoss && (!result || *result <= -*limits.maxDailyLoss)) {
        const QString open = lost.isZero() ? QString() : u" unrealised="_s + lost.toString();
        return deny("max_daily_loss"_L1,
                    u"today=%1%2 limit=-%3"_s.arg(today.net().toString(), open, limits.maxDailyLoss->toString()),
                    Halt::Day);
    }
    if (limits.maxDailyTrades && today.trades >= *limits.maxDailyTrades) {
        return deny("max_daily_trades"_L1, u"trades=%1 limit=%2"_s.arg(today.trades).arg(*limits.maxDailyTrades),
                    Halt::Day);
    }
    return std::nullopt;
}

std::optional<Denial> reachedDrawdown(const RiskLimits &limits, const BotState &state, Money equity)
{
    const auto &limit = limits.maxDrawdownPercent;
    if (!limit || !state.peakEquity.isPositive())
        return std::nullopt;
    const auto allowed = percentOf(state.peakEquity, *limit, Rounding::Floor).value();
    const auto drawdown = (state.peakEquity - equity).value();
    if (allowed && drawdown && *drawdown < *allowed)
        return std::nullopt;
    return deny("max_drawdown"_L1,
                u"peak=%1 equity=%2 limit=%3%"_s.arg(state.peakEquity.toString(), equity.toString(), limit->toString()),
                Halt::Drawdown);
}

Money lossFloor(const RiskLimits &limits, const BotState &state)
{
    // What cannot be counted has to be looked at.
    Money floor = -Money::maximum();
    if (limits.maxDailyLoss) {
        const auto daily = (state.balance - *limits.maxDailyLoss - Checked<Money>(state.today.net())).value();
        floor = daily.value_or(Money::maximum());
    }
    if (limits.maxDrawdownPercent && state.peakEquity.isPositive()) {
        const auto allowed = percentOf(state.peakEquity, *limits.maxDrawdownPercent, Rounding::Floor).value();
        const auto lowest = allowed ? (state.peakEquity - *allowed).value() : std::nullopt;
        floor = std::max(floor, lowest.value_or(Money::maximum()));
    }
    return floor;
}

EntryVerdict judgeEntry(const EntryRequest &request)
{
    if (auto denial = judgeMoment(request))
        return tl::unexpected(std::move(*denial));
    const auto size = wanted(request).value();
    const auto cut = size ? cutToBalance(request, *size).value() : std::optional<Quantity>();
    const auto quantity = cut ? roundToStep(*cut, request.instrument.quantityStep, Rounding::Floor).value()
                              : std::optional<Quantity>();
    if (!quantity)
        return tl::unexpected(
                deny("overflow"_L1, u"the size cannot be computed at price="_s + request.price.toString()));
    if (auto denial = judgeSize(request, *quantity))
        return tl::unexpected(std::move(*denial));
    return *quantity;
}

EntryVerdict judgePlacedEntry(const EntryRequest &request, Quantity wanted)
{
    if (auto denial = judgeMoment(request))
        return tl::unexpected(std::move(*denial));
    const Quantity quantity = roundToStep(wanted, request.instrument.quantityStep, Rounding::Floor).valueOr(Quantity());
    if (auto denial = judgeSize(request, quantity))
        return tl::unexpected(std::move(*denial));
    return quantity;
}

EntryVerdict judgePlacedExit(const Instrument &instrument, Price price, Quantity wanted)
{
    const Quantity quantity = roundToStep(wanted, instrument.quantityStep, Rounding::Floor).valueOr(Quantity());
    const bool mayBeSmall = instrument.market != Market::Spot; // as it only reduces
    const auto worth = notional(price, quantity, Rounding::HalfEven).value();
    if (auto denial = judgeFilters(instrument, price, quantity, worth, mayBeSmall))
        return tl::unexpected(std::move(*denial));
    return quantity;
}

bool isTooSmallToReduce(const Instrument &instrument, Market market, Quantity quantity, Price price)
{
    if (quantity.isZero() || quantity < instrument.minimumQuantity)
        return true;
    const auto worth = notional(price, quantity, Rounding::HalfEven).value();
    return market == Market::Spot && !price.isZero() && worth && *worth < instrument.minimumNotional;
}

} // namespace tradebot
