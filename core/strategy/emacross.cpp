// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/builtin.h"
#include "core/strategy/indicators/movingaverages.h"
#include "core/strategy/signalstrategy.h"

#include <limits>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// Follows the trend. Long when the fast EMA of the closes comes to stand above the slow one, short or out when it no
/// longer does; equal is not above. The candle on which the slow one begins, the last of its period, says only where
/// they stand; signals come from the next one on.
class EmaCross final : public SignalStrategyOf<EmaCross>
{
public:
    EmaCross(int fast, int slow) : m_fastPeriod(fast), m_slowPeriod(slow), m_lines{Ema(fast), Ema(slow)} { }

    [[nodiscard]] int warmUpCandles() const override { return m_slowPeriod; }
    [[nodiscard]] int historyCandles() const override { return m_slowPeriod + emaMemory(m_slowPeriod); }

    [[nodiscard]] QString activity() const override
    {
        if (!m_lines.slow.isReady())
            return warmingUp(m_lines.seen, m_slowPeriod);
        return (m_lines.isAbove ? u"%1 is above %2"_s : u"%1 is below %2"_s)
                .arg(lineName(m_fastPeriod), lineName(m_slowPeriod));
    }
    [[nodiscard]] std::vector<std::pair<QString, double>> lines() const override
    {
        constexpr double none = std::numeric_limits<double>::quiet_NaN();
        const auto valueOf = [](const Ema &line) { return line.isReady() ? line.value() : none; };
        return {{lineName(m_fastPeriod), valueOf(m_lines.fast)}, {lineName(m_slowPeriod), valueOf(m_lines.slow)}};
    }

    [[nodiscard]] const Intent *judge(const Candle &candle) override
    {
        return m_lines.cross(candle.close.toDouble()) ? signal() : nullptr;
    }
    /// On a copy of the lines, which a processor's registers hold: through memory each candle would wait for the last.
    [[nodiscard]] const Intent *judgeUntilSignal(std::span<const Candle> candles, std::size_t &seen)
    {
        Lines lines = m_lines;
        bool hasCrossed = false;
        std::size_t count = 0;
        while (!hasCrossed && count < candles.size())
            hasCrossed = lines.cross(candles[count++].close.toDouble());
        seen += count;
        m_lines = lines;
        return hasCrossed ? signal() : nullptr;
    }

private:
    struct Lines
    {
        Ema fast;
        Ema slow;
        int seen = 0; ///< while warming up
        bool isAbove = false;

        /// Moves on by a candle; true when that is a signal.
        bool cross(double close)
        {
            const bool wasReady = slow.isReady();
            fast.update(close);
            slow.update(close);
            if (!wasReady) [[unlikely]] {
                ++seen;
                isAbove = slow.isReady() && fast.value() > slow.value();
                return false;
            }
            const bool isAboveNow = fast.value() > slow.value();
            return std::exchange(isAbove, isAboveNow) != isAboveNow;
        }
    };

    [[nodiscard]] const Intent *signal() const { return m_lines.isAbove ? &m_up : &m_down; }
    static QString lineName(int period) { return u"EMA %1"_s.arg(period); }

    int m_fastPeriod;
    int m_slowPeriod;
    Lines m_lines;
    const Intent m_up{IntentKind::Enter, PositionSide::Long, u"ema_cross_up"_s,
                      u"the fast EMA has crossed above the slow one"_s};
    const Intent m_down{IntentKind::Enter, PositionSide::Short, u"ema_cross_down"_s,
                        u"the fast EMA has crossed below the slow one"_s};
};

} // namespace

BuiltInStrategy emaCross()
{
    return {{u"ema_cross"_s,
             u"EMA cross"_s,
             u"Follows the trend: goes long when the fast moving average of the closes crosses above the slow one, and "
             "short, or out, when it crosses below."_s,
             {integerSpec(u"fast"_s, u"Fast EMA"_s, 12, 1, 499), integerSpec(u"slow"_s, u"Slow EMA"_s, 26, 2, 500)},
             false,
             [](const StrategyParameters &parameters) { return mustBeBelow(parameters, u"fast"_s, u"slow"_s); }},
            [](const StrategyParameters &parameters) -> std::unique_ptr<Strategy> {
                return std::make_unique<EmaCross>(integerOf(parameters, u"fast"_s), integerOf(parameters, u"slow"_s));
            }};
}

} // namespace tradebot
