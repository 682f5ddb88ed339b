// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/builtin.h"
#include "core/strategy/indicators/supertrend.h"
#include "core/strategy/signalstrategy.h"

#include <limits>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// Follows the trend. Long when the Supertrend line turns up (a close above the upper line), short or out when it turns
/// down (one below the lower line). The line begins, upwards, after period + 1 candles; turns count from the next one
/// on.
class SupertrendFollow final : public SignalStrategyOf<SupertrendFollow>
{
public:
    SupertrendFollow(int period, Decimal multiplier) : m_supertrend(period, multiplier.toDouble()), m_period(period) { }

    [[nodiscard]] int warmUpCandles() const override { return m_period + 1; }
    [[nodiscard]] int historyCandles() const override { return m_period + 1 + wilderMemory(m_period); }

    [[nodiscard]] QString activity() const override
    {
        if (!m_supertrend.isReady())
            return warmingUp(m_seen, warmUpCandles());
        return m_supertrend.isUp() ? u"Supertrend points up"_s : u"Supertrend points down"_s;
    }
    [[nodiscard]] std::vector<std::pair<QString, double>> lines() const override
    {
        constexpr double none = std::numeric_limits<double>::quiet_NaN();
        return {{u"Supertrend"_s, m_supertrend.isReady() ? m_supertrend.value() : none}};
    }

    [[nodiscard]] const Intent *judge(const Candle &candle) override
    {
        const bool wasReady = m_supertrend.isReady();
        const bool wasUp = m_supertrend.isUp();
        m_supertrend.update(candle.high.toDouble(), candle.low.toDouble(), candle.close.toDouble());
        if (!wasReady) {
            ++m_seen;
            return nullptr;
        }
        if (m_supertrend.isUp() == wasUp)
            return nullptr;
        return wasUp ? &m_down : &m_up;
    }

private:
    Supertrend m_supertrend;
    int m_period;
    int m_seen = 0; ///< while warming up
    const Intent m_up{IntentKind::Enter, PositionSide::Long, u"supertrend_up"_s, u"Supertrend has turned up"_s};
    const Intent m_down{IntentKind::Enter, PositionSide::Short, u"supertrend_down"_s, u"Supertrend has turned down"_s};
};

} // namespace

BuiltInStrategy supertrendFollow()
{
    const Decimal tenth = Decimal::fromRaw(Decimal::fromInteger(1).raw() / 10);
    return {{u"supertrend"_s,
             u"Supertrend"_s,
             u"Follows the trend: goes long when the Supertrend line turns up, and short, or out, when it turns down."_s,
             {integerSpec(u"period"_s, u"ATR period"_s, 10, 1, 500),
              numberSpec(u"multiplier"_s, u"Distance"_s, 3, tenth, 20, u"× ATR"_s)}},
            [](const StrategyParameters &parameters) -> std::unique_ptr<Strategy> {
                return std::make_unique<SupertrendFollow>(integerOf(parameters, u"period"_s),
                                                          numberOf(parameters, u"multiplier"_s));
            }};
}

} // namespace tradebot
