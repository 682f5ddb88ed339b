// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/builtin.h"
#include "core/strategy/indicators/rsi.h"
#include "core/strategy/signalstrategy.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// Bets on a turn. Long when the RSI was below `oversold` and is there or above it, short or out when it was above
/// `overbought` and is there or below it: on the way back, not at the extreme, for a falling market can stay oversold
/// for long. The RSI begins after period + 1 closes; signals come from the next one on, and none of a market that has
/// not moved.
class RsiReversion final : public SignalStrategyOf<RsiReversion>
{
public:
    RsiReversion(int period, Decimal oversold, Decimal overbought)
        : m_rsi(period),
          m_period(period),
          m_oversold(oversold),
          m_overbought(overbought)
    { }

    [[nodiscard]] int warmUpCandles() const override { return m_period + 1; }
    [[nodiscard]] int historyCandles() const override { return m_period + 1 + wilderMemory(m_period); }

    [[nodiscard]] QString activity() const override
    {
        if (!m_rsi.isReady())
            return warmingUp(m_seen, warmUpCandles());
        if (!m_rsi.hasMovement())
            return u"the price has not moved: RSI %1 says nothing"_s.arg(m_period);
        const QString value = u"RSI %1 is %2"_s.arg(m_period).arg(m_rsi.value(), 0, 'f', 1);
        if (m_rsi.value() < m_oversold.toDouble())
            return value + u", oversold: waits for it to come back above %1"_s.arg(m_oversold.toString());
        if (m_rsi.value() > m_overbought.toDouble())
            return value + u", overbought: waits for it to come back below %1"_s.arg(m_overbought.toString());
        return value;
    }

    [[nodiscard]] const Intent *judge(const Candle &candle) override
    {
        const bool wasReady = m_rsi.isReady();
        const bool hadMovement = m_rsi.hasMovement();
        const double before = wasReady ? m_rsi.value() : 0;
        m_rsi.update(candle.close.toDouble());
        if (!wasReady) [[unlikely]] {
            ++m_seen;
            return nullptr;
        }
        if (!hadMovement || !m_rsi.hasMovement()) [[unlikely]] // neither oversold nor overbought
            return nullptr;
        const double now = m_rsi.value();
        if (before < m_oversold.toDouble() && now >= m_oversold.toDouble())
            return &m_up;
        if (before > m_overbought.toDouble() && now <= m_overbought.toDouble())
            return &m_down;
        return nullptr;
    }

private:
    Rsi m_rsi;
    int m_period;
    Decimal m_oversold;
    Decimal m_overbought;
    int m_seen = 0; ///< while warming up
    const Intent m_up{IntentKind::Enter, PositionSide::Long, u"rsi_oversold"_s,
                      u"the RSI has come back from oversold"_s};
    const Intent m_down{IntentKind::Enter, PositionSide::Short, u"rsi_overbought"_s,
                        u"the RSI has come back from overbought"_s};
};

} // namespace

BuiltInStrategy rsiReversion()
{
    const Decimal one = Decimal::fromInteger(1);
    return {{u"rsi_reversion"_s,
             u"RSI reversion"_s,
             u"Bets on a turn: goes long when the relative strength index comes back up from oversold, and short, or "
             "out, when it comes back down from overbought."_s,
             {integerSpec(u"period"_s, u"RSI period"_s, 14, 2, 200),
              numberSpec(u"oversold"_s, u"Oversold below"_s, 30, one, 99, {}),
              numberSpec(u"overbought"_s, u"Overbought above"_s, 70, one, 99, {})},
             false,
             [](const StrategyParameters &parameters) {
                 return mustBeBelow(parameters, u"oversold"_s, u"overbought"_s);
             }},
            [](const StrategyParameters &parameters) -> std::unique_ptr<Strategy> {
                return std::make_unique<RsiReversion>(integerOf(parameters, u"period"_s),
                                                      numberOf(parameters, u"oversold"_s),
                                                      numberOf(parameters, u"overbought"_s));
            }};
}

} // namespace tradebot
