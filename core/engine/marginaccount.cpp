// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/marginaccount.h"

#include <algorithm>

namespace tradebot {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds fundingInterval = 8h; // counted from midnight UTC

Money atStake(const Position &position, Money balance, const MarginTerms &terms)
{
    if (terms.type == MarginType::Cross)
        return balance;
    const Money margin = initialMargin(position.cost, terms.leverage).valueOr(Money::maximum());
    return std::clamp(balance, Money(), margin);
}

/// The first moment after this one at which funding is exchanged.
Timestamp nextFunding(Timestamp after)
{
    const auto day = std::chrono::floor<std::chrono::days>(after);
    return day + ((after - day) / fundingInterval + 1) * fundingInterval;
}

Decimal asDecimal(Quantity quantity)
{
    return Decimal::fromRaw(quantity.raw());
}

} // namespace

MarginTerms marginTermsOf(const BotConfig &config, const Instrument &instrument)
{
    return {config.marginType, config.leverage,
            instrument.brackets.isEmpty() ? LeverageBrackets::usual() : instrument.brackets};
}

Checked<Money> initialMargin(Money cost, int leverage)
{
    return proportion(cost, Quantity::fromInteger(1), Quantity::fromInteger(leverage), Rounding::Ceiling);
}

bool isLiquidatedAt(Price mark, const Position &position, Money balance, const MarginTerms &terms)
{
    if (!position.isOpen())
        return false;
    const auto worth = notional(mark, position.quantity, Rounding::HalfEven).value();
    if (!worth) // nobody can count it: a long has won without measure, a short has lost
        return position.side == PositionSide::Short;
    const Checked<Money> left = position.unrealised(mark) + Checked<Money>(atStake(position, balance, terms))
                                - terms.brackets.maintenanceMargin(*worth);
    if (const auto value = left.value())
        return !value->isPositive();
    return position.side == PositionSide::Short;
}

std::optional<Price> liquidationPrice(const Position &position, Money balance, const MarginTerms &terms)
{
    if (!position.isOpen())
        return std::nullopt;
    // What is left falls steadily on the way against the position, so the first price without anything left can be
    // searched for by halves, with the very arithmetic that decides: no formula to disagree with.
    const bool isLong = position.side == PositionSide::Long;
    std::int64_t safe = isLong ? Price::maximum().raw() : 0;
    std::int64_t lost = isLong ? 0 : Price::maximum().raw();
    const auto isLost = [&](std::int64_t raw) { return isLiquidatedAt(Price::fromRaw(raw), position, balance, terms); };
    if (!isLost(lost) || isLost(safe))
        return std::nullopt;
    while (std::max(safe, lost) - std::min(safe, lost) > 1) {
        const std::int64_t middle = std::min(safe, lost) + (std::max(safe, lost) - std::min(safe, lost)) / 2;
        (isLost(middle) ? lost : safe) = middle;
    }
    return lost > 0 ? std::optional(Price::fromRaw(lost)) : std::nullopt;
}

MarginAccount::MarginAccount(const BotConfig &config, const Instrument &instrument)
    : m_market(config.market),
      m_terms(marginTermsOf(config, instrument)),
      m_base(instrument.base),
      m_feeAsset(config.paper.feeAsset),
      m_thirdAsset(config.paper.thirdAsset),
      m_thirdAssetPrice(config.paper.thirdAssetPrice),
      m_fundingRate(config.paper.fundingRate),
      m_liquidationFee(config.paper.liquidationFee),
      m_balance(config.initialBalance)
{ }

void MarginAccount::restore(const BotState &state)
{
    m_position = state.position;
    m_balance = state.balance;
    m_fundedUpTo = std::max(state.fundedUpTo, state.position.openedAt);
}

Quantity MarginAccount::closableBy(Side side) const
{
    return m_position.isOpen() && side != entrySide(m_position.side) ? m_position.quantity : Quantity();
}

Result<Fill> MarginAccount::makeFill(Side side, Price price, Quantity quantity, Decimal feeRate) const
{
    Result<Fill> made{Fill()}; // filled where it goes to, as it is large
    Fill &fill = *made;
    fill.side = side;
    fill.price = price;
    fill.quantity = quantity;
    fill.feeRate = feeRate;
    const auto worth = notional(price, quantity, Rounding::HalfEven).value();
    Checked<Money> fee = Checked<Money>::failed();
    if (isSpot() && m_feeAsset == FeeAsset::Base && side == Side::Buy && feeRate.isPositive()) {
        fill.feeFromBought = scaled(quantity, feeRate, Rounding::Ceiling).valueOr(Quantity());
        fill.feeAsset = m_base;
        fill.feeQuantity = asDecimal(fill.feeFromBought);
        fill.feeAssetPrice = price;
        fee = notional(price, fill.feeFromBought, Rounding::HalfEven);
    } else if (worth) {
        fee = scaled(*worth, feeRate, Rounding::Ceiling);
        if (m_feeAsset == FeeAsset::Third && feeRate.isPositive()) {
            const Checked<Quantity> paid = inThirdAsset(fee);
            fill.feeAsset = m_thirdAsset;
            fill.feeQuantity = asDecimal(paid.valueOr(Quantity()));
            fill.feeAssetPrice = m_thirdAssetPrice;
            fee = paid.overflowed() ? Checked<Money>::failed()
                                    : notional(m_thirdAssetPrice, *paid.value(), Rounding::HalfEven);
        }
    }
    if (worth && !fee.overflowed())
        fill.fee = *fee.value();
    else
        made = detail::overflow(u"the worth of the order"_s);
    return made;
}

Result<MarginAccount::Outcome> MarginAccount::after(const Fill &fill, Timestamp time) const
{
    const auto change = applyFill(m_position, fill, time);
    if (!change)
        return fail(change.error());
    const auto balance = (m_balance + change->realised - Checked<Money>(fill.fee)).value();
    if (!balance)
        return detail::overflow(u"the balance"_s);
    if (isSpot() || !balance->isNegative())
        return Outcome{*change, *balance};
    return Outcome{*change, Money(), -*balance};
}

Checked<Quantity> MarginAccount::inThirdAsset(const Checked<Money> &fee) const
{
    const auto money = fee.value();
    return money ? quantityFor(*money, m_thirdAssetPrice, Rounding::Ceiling) : Checked<Quantity>::failed();
}

void MarginAccount::accept(const Outcome &outcome, Timestamp time)
{
    if (!m_position.isOpen())
        m_fundedUpTo = time;
    m_position = outcome.change.position;
    m_balance = outcome.balance;
}

Checked<Money> MarginAccount::needFor(Side side, Price price, Quantity quantity, Decimal feeRate) const
{
    const Checked<Money> worth = notional(price, quantity, Rounding::Ceiling);
    if (worth.overflowed())
        return worth;
    const bool feeIsBought = isSpot() && m_feeAsset == FeeAsset::Base && side == Side::Buy;
    Checked<Money> fee = feeIsBought || !feeRate.isPositive() ? Checked<Money>(Money())
                                                              : scaled(*worth.value(), feeRate, Rounding::Ceiling);
    if (m_feeAsset == FeeAsset::Third) {
        const Checked<Quantity> paid = inThirdAsset(fee);
        fee = paid.overflowed() ? Checked<Money>::failed()
                                : notional(m_thirdAssetPrice, *paid.value(), Rounding::Ceiling);
    }
    return (isSpot() ? worth : initialMargin(*worth.value(), m_terms.leverage)) + fee;
}

Checked<Money> MarginAccount::freeMoney(Money balance, const Position &position, Price mark) const
{
    if (isSpot())
        return balance - position.cost;
    const Checked<Money> free = Checked<Money>(balance) - initialMargin(position.cost, m_terms.leverage);
    if (m_terms.type == MarginType::Isolated)
        return free;
    const auto unrealised = position.unrealised(mark).value();
    return unrealised ? free + Checked<Money>(std::min(Money(), *unrealised)) : Checked<Money>::failed();
}

bool MarginAccount::owesFunding(Timestamp now) const
{
    return !isSpot() && m_position.isOpen() && nextFunding(m_fundedUpTo) <= now;
}

std::vector<MoneyMoved> MarginAccount::settleFunding(Timestamp now, Price mark)
{
    std::vector<MoneyMoved> all;
    while (owesFunding(now)) {
        const Timestamp due = nextFunding(m_fundedUpTo);
        m_fundedUpTo = due;
        const auto worth = notional(mark, m_position.quantity, Rounding::HalfEven).value();
        const auto share = worth ? scaled(*worth, m_fundingRate, Rounding::HalfEven).value() : std::nullopt;
        if (!share)
            continue;
        MoneyMoved moved;
        moved.kind = LedgerKind::Funding;
        const Money most = std::max(Money(), m_balance);
        moved.amount = std::max(-most, m_position.side == PositionSide::Long ? -*share : *share);
        moved.rate = m_fundingRate;
        moved.mark = mark;
        moved.due = due;
        if (const auto balance = (m_balance + moved.amount).value()) {
            m_balance = *balance;
            all.push_back(moved);
        }
    }
    return all;
}

bool MarginAccount::isLiquidatedAt(Price mark) const
{
    return !isSpot() && tradebot::isLiquidatedAt(mark, m_position, m_balance, m_terms);
}

std::optional<Price> MarginAccount::liquidationPrice() const
{
    return isSpot() ? std::nullopt : tradebot::liquidationPrice(m_position, m_balance, m_terms);
}

std::optional<MarginAccount::Liquidation> MarginAccount::liquidate(Price mark, Timestamp time)
{
    Liquidation done;
    done.fill.side = opposite(entrySide(m_position.side));
    done.fill.price = mark;
    done.fill.quantity = m_position.quantity;
    const auto change = applyFill(m_position, done.fill, time);
    if (!change)
        return std::nullopt;
    const auto fee = scaled(change->closedNotional, m_liquidationFee, Rounding::Ceiling);
    const Checked<Money> lost = fee - Checked<Money>(change->realised);
    const auto excess = (lost - Checked<Money>(atStake(m_position, m_balance, m_terms))).value();
    if (!excess)
        return std::nullopt;
    done.givenBack = std::max(Money(), *excess);
    const auto balance = (m_balance - lost + Checked<Money>(done.givenBack)).value();
    if (!balance)
        return std::nullopt;
    done.fee = *fee.value();
    done.feeRate = m_liquidationFee;
    accept({*change, *balance}, time);
    return done;
}

void MarginAccount::writeOff(Money amount)
{
    m_position = Position();
    m_balance = (m_balance + amount).valueOr(m_balance);
}

} // namespace tradebot
