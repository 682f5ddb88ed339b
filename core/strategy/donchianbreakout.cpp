// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/builtin.h"
#include "core/strategy/indicators/donchian.h"

#include <limits>
#include <optional>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// The turtles' rule. Long on the first close above the highest high of the `entry` candles before, short (or out) on
/// the first one below their lowest low; a long position ends on the first close below the lowest low of the `exit`
/// candles before, a short one above their highest high. Decides from the candle after the first `entry` ones.
class DonchianBreakout final : public Strategy
{
public:
    DonchianBreakout(int entry, int exit) : m_entry(entry), m_exit(exit), m_entryPeriod(entry) { }

    [[nodiscard]] int warmUpCandles() const override { return m_entryPeriod; }
    /// A breakout counts once, on its first close: one candle more tells whether it is the first.
    [[nodiscard]] int historyCandles() const override { return m_entryPeriod + 1; }

    void warmUp(const Candle &candle) override
    {
        judge(candle);
        m_mayHaveMissed = true;
    }

    void onCandle(const StrategyView &view, Intents &intents) override
    {
        const Breakout breakout = judge(view.candle);
        const bool mayHaveMissed = m_mayHaveMissed && !view.isLeaving;
        if (mayHaveMissed)
            m_mayHaveMissed = false;
        const auto isDue = [&](const std::optional<Timestamp> &over) {
            return over == view.candle.openTime || (over && mayHaveMissed && isAfterEntry(view, *over));
        };
        if (breakout == Breakout::Up)
            intents.push_back(m_up);
        else if (breakout == Breakout::Down)
            intents.push_back(m_down);
        else if (view.position.side == PositionSide::Long && isDue(m_longOver))
            intents.push_back(m_exitLong);
        else if (view.position.side == PositionSide::Short && isDue(m_shortOver))
            intents.push_back(m_exitShort);
    }

    [[nodiscard]] QString activity() const override
    {
        if (!m_entry.isReady())
            return warmingUp(m_seen, m_entryPeriod);
        return u"waits for a close beyond the channel of %1 candles"_s.arg(m_entryPeriod);
    }
    [[nodiscard]] std::vector<std::pair<QString, double>> lines() const override
    {
        constexpr double none = std::numeric_limits<double>::quiet_NaN();
        const bool isReady = m_entry.isReady();
        return {{u"Highest"_s, isReady ? m_entry.upper() : none}, {u"Lowest"_s, isReady ? m_entry.lower() : none}};
    }

private:
    enum class Breakout { None, Up, Down };

    Breakout judge(const Candle &candle)
    {
        const double close = candle.close.toDouble();
        Breakout place = Breakout::None;
        if (m_entry.isReady())
            place = close > m_entry.upper() ? Breakout::Up
                                            : (close < m_entry.lower() ? Breakout::Down : Breakout::None);
        else
            ++m_seen;
        if (m_exit.isReady()) {
            update(m_longOver, place == Breakout::Up, close < m_exit.lower(), candle.openTime);
            update(m_shortOver, place == Breakout::Down, close > m_exit.upper(), candle.openTime);
        }
        m_entry.update(candle.high.toDouble(), candle.low.toDouble());
        m_exit.update(candle.high.toDouble(), candle.low.toDouble());
        return place == std::exchange(m_place, place) ? Breakout::None : place;
    }

    /// A breakout begins anew; of the exits after it the first one counts.
    static void update(std::optional<Timestamp> &over, bool breaksOut, bool exits, Timestamp candle)
    {
        if (breaksOut)
            over.reset();
        else if (exits && !over)
            over = candle;
    }

    DonchianChannel m_entry;
    DonchianChannel m_exit;
    int m_entryPeriod;
    int m_seen = 0; ///< while warming up
    Breakout m_place = Breakout::None;
    std::optional<Timestamp> m_longOver; ///< the candle of the first exit since the last breakout upwards
    std::optional<Timestamp> m_shortOver;
    bool m_mayHaveMissed = false;
    const Intent m_up{IntentKind::Enter, PositionSide::Long, u"donchian_up"_s, u"a close above the channel"_s};
    const Intent m_down{IntentKind::Enter, PositionSide::Short, u"donchian_down"_s, u"a close below the channel"_s};
    const Intent m_exitLong{IntentKind::Exit, PositionSide::Flat, u"donchian_exit"_s,
                            u"a close below the exit channel"_s};
    const Intent m_exitShort{IntentKind::Exit, PositionSide::Flat, u"donchian_exit"_s,
                             u"a close above the exit channel"_s};
};

QList<FieldError> checkPeriods(const StrategyParameters &parameters)
{
    if (numberOf(parameters, u"exit"_s) <= numberOf(parameters, u"entry"_s))
        return {};
    return {{u"strategy_params.exit"_s,
             u"must not be above entry, which is %1"_s.arg(numberOf(parameters, u"entry"_s).toString())}};
}

} // namespace

BuiltInStrategy donchianBreakout()
{
    return {{u"donchian_breakout"_s,
             u"Donchian breakout"_s,
             u"Follows a breakout: goes long on a close above the highest high of the entry period, short on one below "
             u"its "
             "lowest low, and out on a close beyond the exit period's other side."_s,
             {integerSpec(u"entry"_s, u"Entry channel"_s, 20, 2, 500),
              integerSpec(u"exit"_s, u"Exit channel"_s, 10, 1, 500)},
             false,
             checkPeriods},
            [](const StrategyParameters &parameters) -> std::unique_ptr<Strategy> {
                return std::make_unique<DonchianBreakout>(integerOf(parameters, u"entry"_s),
                                                          integerOf(parameters, u"exit"_s));
            }};
}

} // namespace tradebot
