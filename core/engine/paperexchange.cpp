// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/paperexchange.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr Decimal basisPointsPerOne = Decimal::fromInteger(10'000);

OrderReport rejected(const Order &order, Timestamp time, const QString &reason)
{
    OrderReport report;
    report.order = order.id;
    report.trigger = OrderTrigger::Reject;
    report.reason = reason;
    report.time = time;
    return report;
}

} // namespace

PaperExchange::PaperExchange(const BotConfig &config, const Instrument &instrument)
    : m_fees(config.fees),
      m_slippageRate(
              ratio(config.slippageBasisPoints, basisPointsPerOne, Rounding::Ceiling).value().value_or(Decimal())),
      m_priceStep(instrument.priceStep),
      m_market(config.market),
      m_leverage(config.leverage)
{ }

void PaperExchange::submit(const Order &order)
{
    // A repeat of what is here is the same order.
    if (std::none_of(m_orders.begin(), m_orders.end(), [&order](const Order &known) { return known.id == order.id; }))
        m_orders.push_back(order);
}

bool PaperExchange::cancel(const ClientOrderId &id)
{
    return std::erase_if(m_orders, [&id](const Order &order) { return order.id == id; }) > 0;
}

OrderReport PaperExchange::match(Price price, Timestamp time, const PaperAccount &account)
{
    const Order order = std::move(m_orders.front());
    m_orders.erase(m_orders.begin());
    if (order.type != OrderType::Market)
        return rejected(order, time, u"the paper exchange takes market orders only"_s);
    return fillAt(order, price, time, account);
}

OrderReport PaperExchange::fillAt(const Order &order, Price price, Timestamp time, const PaperAccount &account)
{
    Quantity quantity = order.quantity;
    if (order.reduceOnly) {
        const bool closes = account.side != PositionSide::Flat && order.side != entrySide(account.side);
        quantity = closes ? std::min(quantity, account.held) : Quantity();
        if (quantity.isZero())
            return rejected(order, time, u"reduce-only: there is no position to close"_s);
    }
    const auto fillPrice = slipped(price, order.side).value();
    const auto worth = fillPrice ? notional(*fillPrice, quantity, Rounding::HalfEven).value() : std::optional<Money>();
    const auto fee = worth ? scaled(*worth, m_fees.taker, Rounding::Ceiling).value() : std::optional<Money>();
    if (!fee)
        return rejected(order, time, u"the worth of the order lies beyond ±92233720368.54775807"_s);
    if (const QString reason = refusal(order, *fillPrice, quantity, account, *fee); !reason.isEmpty())
        return rejected(order, time, reason);

    OrderReport report;
    report.order = order.id;
    report.trigger = OrderTrigger::Fill;
    report.time = time;
    report.fill.emplace();
    report.fill->order = order.id;
    report.fill->exchangeTradeId = ExchangeTradeId(u"paper-"_s + QString::number(order.id.sequence.value()));
    report.fill->side = order.side;
    report.fill->price = *fillPrice;
    report.fill->quantity = quantity;
    report.fill->fee = *fee;
    report.fill->feeRate = m_fees.taker;
    return report;
}

Checked<Price> PaperExchange::slipped(Price price, Side side) const
{
    if (m_slippageRate.isZero())
        return price;
    // Against us, to the next step of the price.
    const Rounding direction = side == Side::Buy ? Rounding::Ceiling : Rounding::Floor;
    const Checked<Price> slip = scaled(price, m_slippageRate, Rounding::Ceiling);
    const auto moved = (side == Side::Buy ? price + slip : price - slip).value();
    return moved ? roundToStep(*moved, m_priceStep, direction) : Checked<Price>::failed();
}

QString PaperExchange::refusal(const Order &order, Price price, Quantity quantity, const PaperAccount &account,
                               Money fee) const
{
    if (order.reduceOnly)
        return {};
    const Money worth = notional(price, quantity, Rounding::HalfEven).value().value_or(Money::maximum());
    const auto margin = [this](Money value) {
        const auto share =
                proportion(value, Quantity::fromInteger(1), Quantity::fromInteger(m_leverage), Rounding::Ceiling);
        return share.value().value_or(Money::maximum());
    };
    const Money needed = m_market == Market::Spot ? worth : margin(worth);
    const Money bound = m_market == Market::Spot ? account.cost : margin(account.cost);
    const auto left = (account.balance - bound - Checked<Money>(needed) - Checked<Money>(fee)).value();
    if (left && !left->isNegative())
        return {};
    return u"insufficient balance: needed=%1 fee=%2 balance=%3"_s.arg(needed.toString(), fee.toString(),
                                                                      account.balance.toString());
}

} // namespace tradebot
