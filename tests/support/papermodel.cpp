// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/papermodel.h"

#include <algorithm>
#include <limits>
#include <map>

namespace tradebot::slowpaper {

namespace {

__extension__ using Wide = __int128;

constexpr Amount one = 100'000'000;

Wide floorOf(Wide numerator, Wide denominator)
{
    const Wide cut = numerator / denominator;
    return numerator % denominator != 0 && numerator < 0 ? cut - 1 : cut;
}

Amount down(Wide numerator, Wide denominator)
{
    return static_cast<Amount>(floorOf(numerator, denominator));
}

Amount up(Wide numerator, Wide denominator)
{
    return static_cast<Amount>(-floorOf(-numerator, denominator));
}

/// The nearest, and of two that are equally near the even one.
Amount near(Wide numerator, Wide denominator)
{
    const Wide below = floorOf(numerator, denominator);
    const Wide twice = 2 * (numerator - below * denominator);
    if (twice > denominator || (twice == denominator && below % 2 != 0))
        return static_cast<Amount>(below + 1);
    return static_cast<Amount>(below);
}

Amount times(Amount price, Amount quantity)
{
    return near(Wide(price) * quantity, one);
}

Amount stepDown(Amount value, Amount step)
{
    return step > 0 ? down(value, step) * step : value;
}

Amount stepUp(Amount value, Amount step)
{
    return step > 0 ? up(value, step) * step : value;
}

Amount magnitude(Amount value)
{
    return value < 0 ? -value : value;
}

constexpr std::int64_t eightHours = 8 * 3'600'000;

} // namespace

PaperModel::PaperModel(const BotConfig &config, const Instrument &instrument)
    : m_config(config),
      m_instrument(instrument),
      m_isSpot(config.market == Market::Spot),
      m_maker(config.fees.maker.raw()),
      m_taker(config.fees.taker.raw())
{
    if (m_instrument.brackets.isEmpty())
        m_instrument.brackets = LeverageBrackets::usual();
}

/// What takes no time is there: only the order of sending counts.
std::int64_t PaperModel::arrival(std::int64_t madeAt) const
{
    const int latency = m_config.paper.latencyMilliseconds;
    return latency == 0 ? std::numeric_limits<std::int64_t>::min() : madeAt + latency;
}

void PaperModel::submit(const Order &order, int turn)
{
    ModelOrder made;
    made.wish = order;
    made.stop = order.stopPrice.raw();
    made.turn = turn;
    made.arrives = arrival(toMilliseconds(order.createdAt));
    m_orders.push_back(made);
}

void PaperModel::cancel(std::int64_t order, std::int64_t madeAt, int turn)
{
    if (m_config.paper.latencyMilliseconds > 0)
        m_cancels.push_back({order, arrival(madeAt), turn});
    else
        endOnRequest(order);
}

void PaperModel::endOnRequest(std::int64_t number)
{
    for (ModelOrder &order : m_orders) {
        if (order.wish.id.sequence.value() == number && !isOver(order))
            order.standing = Standing::Cancelled;
    }
}

void PaperModel::tick(const Tick &tick)
{
    if (!m_knowsPrice)
        m_tick = tick;
    m_knowsPrice = true;
    payFunding(toMilliseconds(tick.time));
    m_tick = tick;

    m_depthIsBound = m_config.paper.depthPercent && tick.quantity.raw() > 0;
    const Amount step = std::max<Amount>(1, m_instrument.quantityStep.raw());
    if (m_depthIsBound) {
        const Amount share = down(Wide(tick.quantity.raw()) * m_config.paper.depthPercent->raw(), 100 * Wide(one));
        m_depth = std::max(step, stepDown(share, step));
    }
    m_queue = stepDown(down(Wide(tick.quantity.raw()) * m_config.paper.queuePercent.raw(), 100 * Wide(one)), step);

    liquidate();
    std::vector<std::int64_t> there;
    std::vector<ModelOrder> all = m_orders;
    std::stable_sort(all.begin(), all.end(), [](const ModelOrder &a, const ModelOrder &b) {
        return std::pair(a.arrives, a.turn) < std::pair(b.arrives, b.turn);
    });
    for (const ModelOrder &order : all) {
        if (isThere(order))
            there.push_back(order.wish.id.sequence.value());
    }
    arrive();
    for (const std::int64_t number : there) {
        for (ModelOrder &order : m_orders) {
            if (order.wish.id.sequence.value() == number && isThere(order))
                act(order);
        }
    }
    liquidate();
}

void PaperModel::timePassed(std::int64_t now)
{
    if (m_knowsPrice)
        payFunding(now);
}

void PaperModel::restart()
{
    m_knowsPrice = false;
    m_cancels.clear();
    for (ModelOrder &order : m_orders)
        order.takes = 0;
}

void PaperModel::sendAgain(std::int64_t number, int turn)
{
    for (ModelOrder &order : m_orders) {
        if (order.wish.id.sequence.value() == number)
            order.turn = turn;
    }
}

Amount PaperModel::sum(RowKind kind) const
{
    Amount all = 0;
    for (const ModelRow &row : m_rows)
        all += row.kind == kind ? row.amount : 0;
    return all;
}

PaperModel::Traded PaperModel::trade(const Holding &before, const ModelFill &fill)
{
    Traded traded;
    traded.after = before;
    const bool isShort = before.quantity < 0;
    const Amount size = magnitude(before.quantity);
    const Amount closes = before.quantity != 0 && fill.buys == isShort ? std::min(size, fill.quantity) : 0;
    const Amount worth = times(fill.price, fill.quantity);
    const Amount closedWorth = closes == fill.quantity ? worth : times(fill.price, closes);
    const Amount closedCost =
            closes == size || closes == 0 ? (closes == 0 ? 0 : before.cost) : near(Wide(before.cost) * closes, size);
    traded.gross = isShort ? closedCost - closedWorth : closedWorth - closedCost;
    const Amount opens = fill.quantity - closes - fill.keptAsFee;
    traded.after.cost -= closedCost;
    traded.after.quantity += fill.buys ? closes : -closes;
    if (opens > 0) {
        traded.after.quantity += fill.buys ? opens : -opens;
        traded.after.cost += worth - closedWorth - times(fill.price, fill.keptAsFee);
    }
    return traded;
}

Holding PaperModel::held(const std::vector<ModelFill> &fills)
{
    Holding holding;
    for (const ModelFill &fill : fills)
        holding = trade(holding, fill).after;
    return holding;
}

Amount PaperModel::balanceOf(const std::vector<ModelRow> &rows) const
{
    Amount balance = m_config.initialBalance.raw();
    for (const ModelRow &row : rows)
        balance += row.amount;
    return balance;
}

Amount PaperModel::margin(Amount cost) const
{
    return up(cost, m_config.leverage);
}

Amount PaperModel::maintenance(Amount worth) const
{
    if (worth <= 0)
        return 0;
    const LeverageBracket *of = nullptr;
    for (const LeverageBracket &bracket : m_instrument.brackets.brackets()) {
        if (bracket.floor.raw() <= worth)
            of = &bracket;
    }
    return up(Wide(worth) * of->maintenanceRate.raw(), one) - of->deduction.raw();
}

int PaperModel::mostLeverage(Amount worth) const
{
    int most = 0;
    for (const LeverageBracket &bracket : m_instrument.brackets.brackets()) {
        if (bracket.floor.raw() <= worth)
            most = bracket.maximumLeverage;
    }
    return most;
}

void PaperModel::payFunding(std::int64_t now)
{
    const Holding holding = this->holding();
    for (std::int64_t due = m_paidUpTo / eightHours * eightHours; due <= now; due += eightHours) {
        if (m_isSpot || holding.quantity == 0 || due <= m_paidUpTo)
            continue;
        const Amount worth = times(m_tick.markPrice().raw(), magnitude(holding.quantity));
        const Amount share = near(Wide(worth) * m_config.paper.fundingRate.raw(), one);
        const Amount paid = std::min(balance(), holding.quantity > 0 ? share : -share);
        m_rows.push_back({RowKind::Funding, -paid});
    }
    m_paidUpTo = std::max(m_paidUpTo, now);
}

void PaperModel::liquidate()
{
    const Holding holding = this->holding();
    if (m_isSpot || holding.quantity == 0)
        return;
    const bool isLong = holding.quantity > 0;
    const Amount mark = m_tick.markPrice().raw();
    const Amount worth = times(mark, magnitude(holding.quantity));
    const Amount gain = isLong ? worth - holding.cost : holding.cost - worth;
    const Amount stake =
            m_config.marginType == MarginType::Cross ? balance() : std::min(balance(), margin(holding.cost));
    if (stake + gain > maintenance(worth))
        return;
    for (ModelOrder &order : m_orders) {
        if (!isOver(order))
            order.standing = Standing::Cancelled;
    }
    m_cancels.clear();
    const Amount fee = up(Wide(worth) * m_config.paper.liquidationFee.raw(), one);
    m_fills.push_back({0, !isLong, mark, magnitude(holding.quantity), 0, 0, 0, false});
    m_rows.push_back({RowKind::Gross, gain});
    m_rows.push_back({RowKind::LiquidationFee, -fee});
    m_rows.push_back({RowKind::Insurance, std::max<Amount>(0, fee - gain - stake)});
}

/// Orders and cancels whose time has come, in their order.
void PaperModel::arrive()
{
    for (;;) {
        ModelOrder *next = nullptr;
        for (ModelOrder &order : m_orders) {
            const bool isDue = order.standing == Standing::OnItsWay && order.arrives <= toMilliseconds(m_tick.time);
            if (isDue && (!next || std::pair(order.arrives, order.turn) < std::pair(next->arrives, next->turn)))
                next = &order;
        }
        const Cancel *end = nullptr;
        for (const Cancel &cancel : m_cancels) {
            const bool isDue = cancel.arrives <= toMilliseconds(m_tick.time);
            if (isDue && (!end || std::pair(cancel.arrives, cancel.turn) < std::pair(end->arrives, end->turn)))
                end = &cancel;
        }
        if (next == nullptr && end == nullptr)
            return;
        if (end == nullptr
            || (next != nullptr && std::pair(next->arrives, next->turn) < std::pair(end->arrives, end->turn))) {
            welcome(*next);
            continue;
        }
        endOnRequest(end->order);
        m_cancels.erase(m_cancels.begin() + (end - m_cancels.data()));
    }
}

void PaperModel::welcome(ModelOrder &order)
{
    const OrderType type = order.wish.type;
    const bool hasStop = type != OrderType::Market && type != OrderType::Limit;
    const Amount limit = order.wish.limitPrice.raw();
    const auto refuse = [&] { order.standing = Standing::Rejected; };
    if (!passes(order.wish) || wanted(order) == 0)
        return refuse();
    if (type == OrderType::TrailingStop)
        follow(order);
    if (hasStop && (order.stop <= 0 || isMet(order)))
        return refuse();
    const bool takes = type == OrderType::Market || (type == OrderType::Limit && meetsMarket(order));
    if (takes && order.wish.postOnly)
        return refuse();
    Amount price = type == OrderType::Limit || type == OrderType::StopLimit ? limit : order.stop;
    if (takes)
        price = type == OrderType::Market ? takerPrice(buys(order)) : std::max(limit, noWorse(order));
    const Amount rate = type == OrderType::Market ? m_taker : std::max(m_maker, m_taker);
    if (!canBear(order, fillOf(buys(order), price, wanted(order), rate)))
        return refuse();
    if (hasStop) {
        order.standing = Standing::Waiting;
    } else if (type == OrderType::Limit) {
        order.standing = Standing::Resting;
        takeAtLimit(order);
    } else {
        order.standing = Standing::Taking;
        takeAtMarket(order);
    }
}

void PaperModel::act(ModelOrder &order)
{
    const Amount price = m_tick.price.raw();
    const Amount limit = order.wish.limitPrice.raw();
    if (order.standing == Standing::Taking) {
        takeAtMarket(order);
    } else if (order.standing == Standing::Resting) {
        if (buys(order) ? price < limit : price > limit) {
            fill(order, limit, wanted(order), true);
        } else if (price == limit && m_queue > 0) {
            const Amount quantity = std::min(m_queue, wanted(order));
            if (fill(order, limit, quantity, true))
                m_queue -= quantity;
        }
    } else if (isMet(order)) {
        endGroup(order);
        if (order.wish.type == OrderType::StopLimit) {
            order.standing = Standing::Resting;
            takeAtLimit(order);
        } else {
            order.standing = Standing::Taking;
            takeAtMarket(order);
        }
    } else if (order.wish.type == OrderType::TrailingStop) {
        follow(order);
    }
}

void PaperModel::takeAtMarket(ModelOrder &order)
{
    const Amount wish = wanted(order);
    const Amount quantity = m_depthIsBound ? std::min(wish, m_depth) : wish;
    order.takes = takerPrice(buys(order));
    if (order.wish.timeInForce == TimeInForce::Fok && quantity < wish) {
        order.standing = Standing::Expired;
        return;
    }
    if (quantity > 0)
        fill(order, order.takes, quantity, false);
    if (order.wish.timeInForce == TimeInForce::Ioc && !isOver(order))
        order.standing = Standing::Expired;
}

void PaperModel::takeAtLimit(ModelOrder &order)
{
    const Amount wish = wanted(order);
    Amount quantity = 0;
    if (meetsMarket(order))
        quantity = m_depthIsBound ? std::min(wish, m_depth) : wish;
    if (order.wish.timeInForce == TimeInForce::Fok && quantity < wish) {
        order.standing = Standing::Expired;
        return;
    }
    if (quantity > 0)
        fill(order, noWorse(order), quantity, false);
    if (order.wish.timeInForce == TimeInForce::Ioc && !isOver(order))
        order.standing = Standing::Expired;
}

bool PaperModel::fill(ModelOrder &order, Amount price, Amount quantity, bool isMaker)
{
    ModelFill made = fillOf(buys(order), price, quantity, isMaker ? m_maker : m_taker);
    if (!canBear(order, made)) {
        order.standing = Standing::Expired;
        return false;
    }
    made.order = order.wish.id.sequence.value();
    made.isMaker = isMaker;
    m_rows.push_back({RowKind::Gross, trade(holding(), made).gross});
    m_rows.push_back({RowKind::Fee, -made.fee});
    if (!m_isSpot && balance() < 0)
        m_rows.push_back({RowKind::Insurance, -balance()});
    m_fills.push_back(made);
    order.filled += quantity;
    order.fills += 1;
    if (!isMaker)
        m_depth -= quantity;
    if (wanted(order) == 0)
        order.standing = Standing::Filled;
    endGroup(order);
    for (ModelOrder &other : m_orders) {
        if (isThere(other) && other.wish.reduceOnly && wanted(other) == 0)
            other.standing = Standing::Expired;
    }
    return true;
}

void PaperModel::endGroup(const ModelOrder &first)
{
    for (ModelOrder &other : m_orders) {
        const bool isOther = other.wish.id != first.wish.id && first.wish.oneCancelsOther.isValid()
                             && other.wish.oneCancelsOther == first.wish.oneCancelsOther;
        if (isOther && !isOver(other))
            other.standing = Standing::Cancelled;
    }
}

void PaperModel::follow(ModelOrder &order) const
{
    const Amount price = m_tick.price.raw();
    const Amount distance = near(Wide(price) * order.wish.trailingPercent.raw(), 100 * Wide(one));
    const Amount step = m_instrument.priceStep.raw();
    const Amount stop = buys(order) ? stepUp(price + distance, step) : stepDown(price - distance, step);
    if (order.stop == 0)
        order.stop = stop;
    else
        order.stop = buys(order) ? std::min(order.stop, stop) : std::max(order.stop, stop);
}

bool PaperModel::isOver(const ModelOrder &order)
{
    return order.standing == Standing::Filled || order.standing == Standing::Cancelled
           || order.standing == Standing::Rejected || order.standing == Standing::Expired;
}

bool PaperModel::isThere(const ModelOrder &order)
{
    return !isOver(order) && order.standing != Standing::OnItsWay;
}

bool PaperModel::isMet(const ModelOrder &order) const
{
    const Amount price = m_tick.price.raw();
    const bool whenHigh = order.wish.type == OrderType::TakeProfit ? !buys(order) : buys(order);
    return whenHigh ? price >= order.stop : price <= order.stop;
}

bool PaperModel::meetsMarket(const ModelOrder &order) const
{
    const Amount limit = order.wish.limitPrice.raw();
    return buys(order) ? quote(true) <= limit : quote(false) >= limit;
}

Amount PaperModel::closable(bool buying) const
{
    const Amount quantity = holding().quantity;
    return buying ? std::max<Amount>(0, -quantity) : std::max<Amount>(0, quantity);
}

Amount PaperModel::wanted(const ModelOrder &order) const
{
    const Amount rest = order.wish.quantity.raw() - order.filled;
    return order.wish.reduceOnly ? std::min(rest, closable(buys(order))) : rest;
}

Amount PaperModel::quote(bool buying) const
{
    const Price best = buying ? m_tick.ask : m_tick.bid;
    return best.raw() != 0 ? best.raw() : m_tick.price.raw();
}

Amount PaperModel::takerPrice(bool buying) const
{
    const Amount price = quote(buying);
    const Amount rate = up(m_config.slippageBasisPoints.raw(), 10'000);
    const Amount slip = up(Wide(price) * rate, one);
    if (slip == 0)
        return price;
    return buying ? stepUp(price + slip, m_instrument.priceStep.raw())
                  : stepDown(price - slip, m_instrument.priceStep.raw());
}

Amount PaperModel::noWorse(const ModelOrder &order) const
{
    const Amount limit = order.wish.limitPrice.raw();
    return buys(order) ? std::min(limit, takerPrice(true)) : std::max(limit, takerPrice(false));
}

ModelFill PaperModel::fillOf(bool buying, Amount price, Amount quantity, Amount rate) const
{
    ModelFill made{0, buying, price, quantity, 0, 0, 0, false};
    if (m_isSpot && buying && m_config.paper.feeAsset == FeeAsset::Base && rate > 0) {
        made.keptAsFee = up(Wide(quantity) * rate, one);
        made.fee = times(price, made.keptAsFee);
    } else {
        made.fee = up(Wide(times(price, quantity)) * rate, one);
        if (m_config.paper.feeAsset == FeeAsset::Third && rate > 0) {
            made.inThird = up(Wide(made.fee) * one, m_config.paper.thirdAssetPrice.raw());
            made.fee = times(m_config.paper.thirdAssetPrice.raw(), made.inThird);
        }
    }
    return made;
}

/// The filters of the instrument.
bool PaperModel::passes(const Order &order) const
{
    const Amount quantity = order.quantity.raw();
    const Amount step = m_instrument.quantityStep.raw();
    const Amount tick = m_instrument.priceStep.raw();
    const bool trails = order.type == OrderType::TrailingStop;
    if ((step > 0 && quantity % step != 0) || quantity < m_instrument.minimumQuantity.raw())
        return false;
    if (tick > 0 && (order.limitPrice.raw() % tick != 0 || (!trails && order.stopPrice.raw() % tick != 0)))
        return false;
    Amount price = m_tick.price.raw();
    if (order.limitPrice.raw() != 0)
        price = order.limitPrice.raw();
    else if (!trails && order.stopPrice.raw() != 0)
        price = order.stopPrice.raw();
    const bool mayBeSmall = !m_isSpot && order.reduceOnly;
    return mayBeSmall || times(price, quantity) >= m_instrument.minimumNotional.raw();
}

bool PaperModel::canBear(const ModelOrder &order, const ModelFill &fill) const
{
    if (order.wish.reduceOnly)
        return true;
    std::map<std::int64_t, Amount> money; // by group; an order without one is a group by itself
    std::map<std::int64_t, Amount> coins;
    const std::int64_t ownGroup = order.wish.oneCancelsOther.value();
    for (const ModelOrder &other : m_orders) {
        const std::int64_t group = other.wish.oneCancelsOther.value();
        if (!isThere(other) || other.wish.id == order.wish.id || (group > 0 && group == ownGroup))
            continue;
        const std::int64_t name = group > 0 ? group : -other.wish.id.sequence.value();
        money[name] = std::max(money[name], bound(other));
        if (!buys(other) && !other.wish.reduceOnly)
            coins[name] = std::max(coins[name], wanted(other));
    }
    Amount boundMoney = 0;
    for (const auto &[name, amount] : money)
        boundMoney += amount;
    Amount boundCoins = 0;
    for (const auto &[name, amount] : coins)
        boundCoins += amount;

    const Holding before = holding();
    if (m_isSpot && !fill.buys)
        return before.quantity - boundCoins >= fill.quantity;
    const Traded traded = trade(before, fill);
    const Amount balanceAfter = balance() + traded.gross - fill.fee;
    if (m_isSpot)
        return balanceAfter - traded.after.cost - boundMoney >= 0;
    const bool opens = magnitude(traded.after.quantity) > magnitude(before.quantity)
                       || (traded.after.quantity > 0) != (before.quantity > 0);
    if (!opens || traded.after.quantity == 0)
        return true;
    Amount lost = 0; // with cross margin, what is held has lost so much of the balance
    if (m_config.marginType == MarginType::Cross) {
        const Amount worth = times(m_tick.markPrice().raw(), magnitude(traded.after.quantity));
        lost = std::max<Amount>(0, traded.after.quantity > 0 ? traded.after.cost - worth : worth - traded.after.cost);
    }
    return balanceAfter - margin(traded.after.cost) - lost - boundMoney >= 0
           && m_config.leverage <= mostLeverage(traded.after.cost);
}

Amount PaperModel::bound(const ModelOrder &order) const
{
    if (order.wish.reduceOnly || (m_isSpot && !buys(order)))
        return 0;
    Amount price = order.stop;
    if (order.standing == Standing::Taking)
        price = order.takes;
    else if (order.wish.limitPrice.raw() != 0)
        price = order.wish.limitPrice.raw();
    const Amount opens = std::max<Amount>(0, wanted(order) - closable(buys(order)));
    const Amount worth = up(Wide(price) * opens, one);
    const Amount rate = std::max<Amount>(0, std::max(m_maker, m_taker));
    const bool feeIsKept = m_isSpot && m_config.paper.feeAsset == FeeAsset::Base;
    Amount fee = feeIsKept ? 0 : up(Wide(worth) * rate, one);
    if (m_config.paper.feeAsset == FeeAsset::Third) {
        const Amount each = m_config.paper.thirdAssetPrice.raw();
        fee = up(up(Wide(fee) * one, each) * Wide(each), one);
    }
    return (m_isSpot ? worth : margin(worth)) + fee;
}

} // namespace tradebot::slowpaper
