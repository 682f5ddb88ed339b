// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/builtin.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// After a refused buy: so long none is asked for, doubled with each further one.
constexpr auto firstPatience = std::chrono::milliseconds(1min);
constexpr auto longestPatience = std::chrono::milliseconds(5min);

/// Two neighbouring prices: bought at the one, sold at the other.
struct Level
{
    int number = 0; ///< from 1, from below
    Price buyAt;
    Price sellAt;
    bool isTaken = false; ///< by an open order, or one that is asked for now
};

constexpr auto buyPrefix = "grid_buy_"_L1;
constexpr auto sellPrefix = "grid_sell_"_L1;

/// What the tag of a grid's order says.
struct LevelTag
{
    Side side = Side::Buy;
    int number = 0; ///< 0: it is none of a grid's
};

QString textOf(LevelTag tag)
{
    return (tag.side == Side::Buy ? buyPrefix : sellPrefix) + QString::number(tag.number);
}

LevelTag tagOf(const QString &text)
{
    const Side side = text.startsWith(buyPrefix) ? Side::Buy : Side::Sell;
    const QLatin1StringView prefix = side == Side::Buy ? buyPrefix : sellPrefix;
    if (side == Side::Sell && !text.startsWith(prefix))
        return {};
    return {side, QStringView(text).sliced(prefix.size()).toInt()};
}

Quantity remaining(const Order &order)
{
    return Quantity::fromRaw(order.quantity.raw() - order.filled.raw());
}

/// Buys at levels below the price, and sells each one level higher. What it does follows from the position, the open
/// orders and the price alone: what is held and not on offer has been bought and must be sold, a level without an order
/// is bought again. All that it remembers is not to repeat at once what was refused.
class Grid final : public Strategy
{
public:
    Grid(Price lower, Price upper, int levels, Quantity perLevel)
        : m_lower(lower),
          m_upper(upper),
          m_count(levels),
          m_perLevel(perLevel)
    { }

    [[nodiscard]] int warmUpCandles() const override { return 0; }
    void warmUp(const Candle &) override { }

    void onCandle(const StrategyView &view, Intents &intents) override
    {
        m_now = nextOpenTime(view.candle.openTime, view.timeframe);
        trade(view, nullptr, intents);
    }
    void onOrder(const StrategyView &view, const Order &order, Intents &intents) override
    {
        if (!order.filled.isZero()) // what ended without is looked at with the next candle
            trade(view, &order, intents);
    }

    [[nodiscard]] QString activity() const override
    {
        if (!m_obstacle.isEmpty())
            return m_obstacle;
        if (m_levels.empty())
            return u"waits for the first closed candle"_s;
        QString text = u"%1 levels from %2 to %3: %4 bought, %5 waiting to buy"_s.arg(m_levels.size())
                               .arg(m_levels.front().buyAt.toString(), m_levels.back().sellAt.toString())
                               .arg(m_sells)
                               .arg(m_buys);
        if (!isTradable(wholeLevel(), m_levels.back().buyAt))
            text += u"; %1 is less than the exchange takes"_s.arg(m_perLevel.toString());
        else if (m_patience > 0ms)
            text += u"; a buy was refused, tries again"_s;
        return text;
    }
    [[nodiscard]] std::vector<std::pair<QString, double>> lines() const override
    {
        return {{u"Grid upper"_s, m_upper.toDouble()}, {u"Grid lower"_s, m_lower.toDouble()}};
    }

private:
    void trade(const StrategyView &view, const Order *about, Intents &intents)
    {
        if (view.position.side == PositionSide::Short) {
            m_obstacle = u"waits: it only buys, and the bot holds a short position"_s;
            return;
        }
        if (view.isLeaving)
            return;
        layOut(view.instrument != nullptr ? *view.instrument : Instrument());
        if (m_levels.empty()) {
            m_obstacle = u"the price step of %1 leaves no distance between the levels"_s.arg(
                    m_instrument.priceStep.toString());
            return;
        }
        m_obstacle.clear();
        const Price price = view.price.isZero() ? view.candle.close : view.price;
        takeStock(view, intents);
        const Level *const touched = about != nullptr ? levelOf(tagOf(about->tag)) : nullptr;
        sellWhatIsFree(price, view.lastEntryLimit, intents);
        if (about == nullptr)
            noticeRefusals(price);
        buyBelow(price, touched, about == nullptr, intents);
    }

    /// The levels on the instrument's price step; those that fall on one price are one.
    void layOut(const Instrument &instrument)
    {
        const bool isNew = instrument != m_instrument || m_levels.empty();
        m_instrument = instrument;
        for (Level &level : m_levels)
            level.isTaken = false;
        if (!isNew)
            return;
        m_levels.clear();
        m_placeOf.assign(static_cast<std::size_t>(m_count) + 1, noPlace);
        Price below = priceOf(0);
        for (int i = 1; i <= m_count; ++i) {
            const Price above = priceOf(i);
            if (above > below && below.isPositive()) {
                m_placeOf[static_cast<std::size_t>(i)] = m_levels.size();
                m_levels.push_back({i, below, above});
            }
            below = above;
        }
    }
    [[nodiscard]] Price priceOf(int index) const
    {
        const Price width = Price::fromRaw(m_upper.raw() - m_lower.raw());
        const Price exact =
                (m_lower
                 + proportion(width, Decimal::fromInteger(index), Decimal::fromInteger(m_count), Rounding::HalfEven))
                        .valueOr(m_upper);
        return roundToStep(exact, m_instrument.priceStep, Rounding::HalfEven).valueOr(exact);
    }

    /// What is held and not on offer, what would be held if all was bought that is wanted, and which levels have an
    /// order; orders that do not belong here are taken back.
    void takeStock(const StrategyView &view, Intents &intents)
    {
        m_free = view.position.quantity;
        m_most = view.position.quantity;
        m_buys = 0;
        m_sells = 0;
        std::set<QString> unwanted;
        for (const Order &order : view.orders) {
            if (!isWished(order))
                continue;
            const bool buys = order.side == Side::Buy;
            // The part of a buy that has filled is sold when the rest of it has, too.
            m_free = Quantity::fromRaw(m_free.raw() - (buys ? order.filled : remaining(order)).raw());
            if (buys)
                m_most = (m_most + remaining(order)).valueOr(Quantity::maximum());
            const LevelTag tag = tagOf(order.tag);
            Level *const level = levelOf(tag);
            if (level != nullptr)
                level->isTaken = true;
            if (level != nullptr && tag.side == order.side && belongs(order, *level)) {
                ++(buys ? m_buys : m_sells);
                if (order.state == OrderState::Accepted || order.state == OrderState::PartiallyFilled)
                    confirm(level->number);
            } else if (!order.cancelRequested && unwanted.insert(order.tag).second
                       && intents.size() < Intents::enough) {
                intents.push_back({IntentKind::Cancel, PositionSide::Flat, order.tag});
            }
        }
    }
    [[nodiscard]] bool belongs(const Order &order, const Level &level) const
    {
        if (order.type != OrderType::Limit)
            return false;
        if (order.side == Side::Buy)
            return order.limitPrice == level.buyAt && order.quantity == wholeLevel();
        return order.limitPrice == level.sellAt;
    }
    [[nodiscard]] Level *levelOf(LevelTag tag)
    {
        const bool isKnown = tag.number > 0 && tag.number <= m_count;
        const std::size_t place = isKnown ? m_placeOf[static_cast<std::size_t>(tag.number)] : noPlace;
        return place == noPlace ? nullptr : &m_levels[place];
    }

    void sellWhatIsFree(Price price, Price lastBuy, Intents &intents)
    {
        while (intents.size() < Intents::enough) {
            Level *const level = boughtLevel(price, lastBuy);
            const Quantity quantity = onStep(std::min(m_free, m_perLevel));
            if (level == nullptr || !isTradable(quantity, level->sellAt))
                return;
            place(*level, Side::Sell, quantity, intents);
            m_free = Quantity::fromRaw(m_free.raw() - quantity.raw());
            ++m_sells;
            confirm(level->number);
        }
    }
    /// The level that what is held and not on offer was bought at: the one that filled last; else, since the price
    /// buys its way down, the lowest without an order whose sale would wait above the price; else the nearest below.
    [[nodiscard]] Level *boughtLevel(Price price, Price lastBuy)
    {
        Level *below = nullptr;
        for (Level &level : m_levels) {
            if (level.buyAt == lastBuy && !level.isTaken)
                return &level;
        }
        for (Level &level : m_levels) {
            if (level.isTaken)
                continue;
            if (level.sellAt > price)
                return &level;
            below = &level;
        }
        return below;
    }

    void buyBelow(Price price, const Level *touched, bool mayProbe, Intents &intents)
    {
        const Quantity quantity = wholeLevel();
        const bool isPatient = m_patience > 0ms;
        mayProbe = mayProbe && m_now >= m_quietUntil;
        for (auto at = m_levels.rbegin(); at != m_levels.rend() && intents.size() < Intents::enough; ++at) {
            Level &level = *at;
            if (level.isTaken || level.buyAt >= price || !isTradable(quantity, level.buyAt) || !hasRoomFor(quantity))
                continue;
            // While buys are refused one is tried now and then, and the one whose sale has just given money.
            if (isPatient && &level != touched && !std::exchange(mayProbe, false))
                continue;
            place(level, Side::Buy, quantity, intents);
            m_most = Quantity::fromRaw(m_most.raw() + quantity.raw());
            m_asked.insert(level.number);
            ++m_buys;
        }
    }
    /// Never more than all levels, whoever bought what is held.
    [[nodiscard]] bool hasRoomFor(Quantity quantity) const
    {
        const auto after = (m_most + quantity).value();
        return after && after->raw() <= m_perLevel.raw() * static_cast<std::int64_t>(m_levels.size());
    }

    /// A buy that was asked for and is neither open nor bought was denied or rejected.
    void noticeRefusals(Price price)
    {
        bool refused = false;
        for (const Level &level : m_levels) {
            if (!level.isTaken && m_asked.erase(level.number) > 0)
                refused = refused || level.buyAt < price;
        }
        if (!refused)
            return;
        m_patience = std::min(std::max(firstPatience, 2 * m_patience), longestPatience);
        m_quietUntil = m_now + m_patience;
    }
    void confirm(int number)
    {
        if (m_asked.erase(number) > 0)
            m_patience = 0ms;
    }

    [[nodiscard]] Quantity onStep(Quantity quantity) const
    {
        return roundToStep(quantity, m_instrument.quantityStep, Rounding::Floor).valueOr(Quantity());
    }
    [[nodiscard]] Quantity wholeLevel() const { return onStep(m_perLevel); }
    [[nodiscard]] bool isTradable(Quantity quantity, Price price) const
    {
        const auto worth = notional(price, quantity, Rounding::HalfEven).value();
        return quantity.isPositive() && quantity >= m_instrument.minimumQuantity && worth
               && *worth >= m_instrument.minimumNotional;
    }

    static void place(Level &level, Side side, Quantity quantity, Intents &intents)
    {
        Intent intent{IntentKind::Place, PositionSide::Long, textOf({side, level.number})};
        intent.order.side = side;
        intent.order.type = OrderType::Limit;
        intent.order.quantity = quantity;
        intent.order.limitPrice = side == Side::Buy ? level.buyAt : level.sellAt;
        intents.push_back(std::move(intent));
        level.isTaken = true;
    }

    Price m_lower;
    Price m_upper;
    int m_count;
    Quantity m_perLevel;
    Instrument m_instrument;
    static constexpr std::size_t noPlace = std::numeric_limits<std::size_t>::max();
    std::vector<Level> m_levels;        ///< from below
    std::vector<std::size_t> m_placeOf; ///< among m_levels, by a level's number

    // Of the evaluation under way.
    Quantity m_free; ///< held, and not on offer; may be negative by a fee in base units
    Quantity m_most; ///< held when all open buys have filled
    int m_buys = 0;
    int m_sells = 0;

    // So that it does not repeat at each candle what is refused.
    Timestamp m_now;                         ///< the end of the last candle
    std::set<int> m_asked;                   ///< levels whose buy was asked for and has not been seen at the exchange
    std::chrono::milliseconds m_patience{0}; ///< 0: nothing was refused lately
    Timestamp m_quietUntil;
    QString m_obstacle; ///< why it does nothing, in words; empty when it does
};

QList<FieldError> checkRange(const StrategyParameters &parameters)
{
    return mustBeBelow(parameters, u"lower"_s, u"upper"_s);
}

} // namespace

BuiltInStrategy grid()
{
    constexpr int highest = 1'000'000'000;
    ParameterSpec quantity = numberSpec(u"quantity_per_level"_s, u"Quantity for each level"_s, 0, Decimal::smallest(),
                                        100'000'000, u"base units"_s);
    quantity.defaultValue = Decimal::fromRaw(100'000); // 0.001
    return {{u"grid"_s,
             u"Grid"_s,
             u"Buys with limit orders at evenly spaced levels below the price and sells each buy one level higher, "
             u"over "
             "and over, within a range of prices."_s,
             {required(numberSpec(u"lower"_s, u"Lowest buy"_s, 50'000, Decimal::smallest(), highest,
                                  u"in the quote currency"_s)),
              required(numberSpec(u"upper"_s, u"Highest sale"_s, 70'000, Decimal::smallest(), highest,
                                  u"in the quote currency"_s)),
              required(integerSpec(u"levels"_s, u"Levels"_s, 20, 1, 200, u"buys, evenly spaced"_s)),
              required(std::move(quantity))},
             true,
             checkRange},
            [](const StrategyParameters &parameters) -> std::unique_ptr<Strategy> {
                const auto priceOf = [&parameters](const QString &name) {
                    return Price::fromRaw(numberOf(parameters, name).raw());
                };
                return std::make_unique<Grid>(priceOf(u"lower"_s), priceOf(u"upper"_s),
                                              integerOf(parameters, u"levels"_s),
                                              Quantity::fromRaw(numberOf(parameters, u"quantity_per_level"_s).raw()));
            }};
}

} // namespace tradebot
