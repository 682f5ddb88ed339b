// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/riskgate.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// What a market order may move before it fills, kept back from the available money.
constexpr Decimal reservePercent = Decimal::fromRaw(50'000'000); // 0.5

using Verdict = std::optional<Denial>;

Denial deny(QLatin1StringView code, const QString &context)
{
    return Denial{code, context, false};
}

Verdict judgeDay(const EntryRequest &request)
{
    const RiskLimits &limits = request.config.limits;
    const Totals &today = request.state.today;
    if (request.state.haltedByDailyLimit)
        return Denial{"daily_limit"_L1, u"entries wait for the next trading day"_s, false};
    if (limits.maxDailyLoss && today.net() <= -*limits.maxDailyLoss) {
        return Denial{"max_daily_loss"_L1,
                      u"today=%1 limit=-%2"_s.arg(today.net().toString(), limits.maxDailyLoss->toString()), true};
    }
    if (limits.maxDailyTrades && today.trades >= *limits.maxDailyTrades) {
        return Denial{"max_daily_trades"_L1, u"trades=%1 limit=%2"_s.arg(today.trades).arg(*limits.maxDailyTrades),
                      true};
    }
    return std::nullopt;
}

Verdict judgeDrawdown(const EntryRequest &request)
{
    const auto &limit = request.config.limits.maxDrawdownPercent;
    if (!limit || !request.peakEquity.isPositive())
        return std::nullopt;
    const auto allowed = percentOf(request.peakEquity, *limit, Rounding::Floor).value();
    const auto drawdown = (request.peakEquity - request.equity).value();
    if (allowed && drawdown && *drawdown < *allowed)
        return std::nullopt;
    return deny("max_drawdown"_L1, u"peak=%1 equity=%2 limit=%3%"_s.arg(request.peakEquity.toString(),
                                                                        request.equity.toString(), limit->toString()));
}

Verdict judgeCooldown(const EntryRequest &request)
{
    const auto &seconds = request.config.limits.cooldownSeconds;
    if (!seconds || !request.lastExit)
        return std::nullopt;
    const auto left = *request.lastExit + std::chrono::seconds(*seconds) - request.now;
    if (left <= std::chrono::milliseconds(0))
        return std::nullopt;
    return deny("cooldown"_L1, u"left_ms=%1 cooldown_s=%2"_s.arg(left.count()).arg(*seconds));
}

/// Money that an entry may bind: all that is there but for a reserve for fee and price movement.
Checked<Money> available(const EntryRequest &request)
{
    // The rate is a fraction; a hundred times that is percent.
    const auto fee = scaled(Decimal::fromInteger(100), request.config.fees.taker, Rounding::Ceiling);
    const auto kept = (fee + Checked<Decimal>(reservePercent)).value().value_or(reservePercent);
    return request.state.balance - percentOf(request.state.balance, kept, Rounding::Ceiling);
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
    const auto money = available(request).value();
    const auto power = money ? scaled(*money, Decimal::fromInteger(request.config.leverage), Rounding::Floor).value()
                             : std::optional<Money>();
    const auto most = power ? quantityFor(*power, request.price, Rounding::Floor).value() : std::optional<Quantity>();
    return most ? std::min(quantity, *most) : Checked<Quantity>::failed();
}

Verdict judgeSize(const EntryRequest &request, Quantity quantity)
{
    const Instrument &instrument = request.instrument;
    const auto worth = notional(request.price, quantity, Rounding::HalfEven).value();
    const auto size = [&] { return u"quantity=%1 price=%2"_s.arg(quantity.toString(), request.price.toString()); };
    if (!worth)
        return deny("overflow"_L1, size());
    if (!quantity.isPositive() || quantity < instrument.minimumQuantity) {
        return deny("min_quantity"_L1, size()
                                               + u" minimum=%1 step=%2"_s.arg(instrument.minimumQuantity.toString(),
                                                                              instrument.quantityStep.toString()));
    }
    if (*worth < instrument.minimumNotional)
        return deny("min_notional"_L1, size() + u" minimum=%1"_s.arg(instrument.minimumNotional.toString()));
    const auto &limit = request.config.limits.maxPositionQuote;
    if (limit && *worth > *limit)
        return deny("max_position_quote"_L1,
                    size() + u" worth=%1 limit=%2"_s.arg(worth->toString(), limit->toString()));
    return std::nullopt;
}

} // namespace

QString Denial::text() const
{
    return context.isEmpty() ? QString(code) : code + u": "_s + context;
}

EntryVerdict judgeEntry(const EntryRequest &request)
{
    for (const auto judge : {judgeDay, judgeDrawdown, judgeCooldown}) {
        if (auto denial = judge(request))
            return tl::unexpected(std::move(*denial));
    }
    if (!request.equity.isPositive())
        return tl::unexpected(deny("no_equity"_L1, u"equity="_s + request.equity.toString()));
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

} // namespace tradebot
