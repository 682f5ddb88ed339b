// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/builtin.h"
#include "core/strategy/indicators/macd.h"
#include "core/strategy/signalstrategy.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// Follows the trend. Long when the MACD of the closes comes to stand above its signal line, short or out when it no
/// longer does; equal is not above. The signal line begins after slow + signal − 1 candles, which says only how they
/// stand; signals come from the next one on.
class MacdTrend final : public SignalStrategyOf<MacdTrend>
{
public:
    MacdTrend(int fast, int slow, int signal)
        : m_macd(fast, slow, signal),
          m_warmUpCandles(slow + signal - 1),
          m_historyCandles(m_warmUpCandles + emaMemory(slow) + emaMemory(signal))
    { }

    [[nodiscard]] int warmUpCandles() const override { return m_warmUpCandles; }
    [[nodiscard]] int historyCandles() const override { return m_historyCandles; }

    [[nodiscard]] QString activity() const override
    {
        if (!m_macd.isReady())
            return warmingUp(m_seen, m_warmUpCandles);
        return m_isAbove ? u"MACD is above its signal line"_s : u"MACD is below its signal line"_s;
    }

    [[nodiscard]] const Intent *judge(const Candle &candle) override
    {
        const bool wasReady = m_macd.isReady();
        m_macd.update(candle.close.toDouble());
        const bool isAbove = m_macd.isReady() && m_macd.histogram() > 0;
        const bool wasAbove = std::exchange(m_isAbove, isAbove);
        if (!wasReady) {
            ++m_seen;
            return nullptr;
        }
        if (isAbove == wasAbove)
            return nullptr;
        return isAbove ? &m_up : &m_down;
    }

private:
    Macd m_macd;
    int m_warmUpCandles;
    int m_historyCandles;
    int m_seen = 0; ///< while warming up
    bool m_isAbove = false;
    const Intent m_up{IntentKind::Enter, PositionSide::Long, u"macd_up"_s,
                      u"the MACD has crossed above its signal line"_s};
    const Intent m_down{IntentKind::Enter, PositionSide::Short, u"macd_down"_s,
                        u"the MACD has crossed below its signal line"_s};
};

} // namespace

BuiltInStrategy macdTrend()
{
    return {{u"macd_trend"_s,
             u"MACD trend"_s,
             u"Follows the trend: goes long when the MACD crosses above its signal line, and short, or out, when it "
             "crosses below."_s,
             {integerSpec(u"fast"_s, u"Fast EMA"_s, 12, 1, 499), integerSpec(u"slow"_s, u"Slow EMA"_s, 26, 2, 500),
              integerSpec(u"signal"_s, u"Signal EMA"_s, 9, 1, 500)},
             false,
             [](const StrategyParameters &parameters) { return mustBeBelow(parameters, u"fast"_s, u"slow"_s); }},
            [](const StrategyParameters &parameters) -> std::unique_ptr<Strategy> {
                return std::make_unique<MacdTrend>(integerOf(parameters, u"fast"_s), integerOf(parameters, u"slow"_s),
                                                   integerOf(parameters, u"signal"_s));
            }};
}

} // namespace tradebot
