// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/builtin.h"
#include "core/strategy/indicators/bollinger.h"
#include "core/strategy/signalstrategy.h"

#include <limits>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// Bets on a turn. Long when the close was below the lower band and is at it or above, short or out when it was above
/// the upper band and is at it or below: on the way back, not while it is outside, for a market can walk along a band.
/// The bands are those of the same candle; they begin on the last of the period's candles, and signals on the next.
class BollingerReversion final : public SignalStrategyOf<BollingerReversion>
{
public:
    BollingerReversion(int period, Decimal deviations) : m_bands(period, deviations.toDouble()), m_period(period) { }

    [[nodiscard]] int warmUpCandles() const override { return m_period; }

    [[nodiscard]] QString activity() const override
    {
        switch (m_place) {
        case Place::Unknown: return warmingUp(m_seen, m_period);
        case Place::Below: return u"the close is below the lower band: waits for it to come back"_s;
        case Place::Between: return u"the close is between the bands"_s;
        case Place::Above: return u"the close is above the upper band: waits for it to come back"_s;
        }
        return {};
    }
    [[nodiscard]] std::vector<std::pair<QString, double>> lines() const override
    {
        constexpr double none = std::numeric_limits<double>::quiet_NaN();
        const bool isReady = m_bands.isReady();
        return {{u"Upper band"_s, isReady ? m_bands.upper() : none},
                {u"Middle"_s, isReady ? m_bands.middle() : none},
                {u"Lower band"_s, isReady ? m_bands.lower() : none}};
    }

    [[nodiscard]] const Intent *judge(const Candle &candle) override
    {
        const double close = candle.close.toDouble();
        m_bands.update(close);
        if (!m_bands.isReady()) {
            ++m_seen;
            return nullptr;
        }
        const Place place = placeOf(close);
        const Place before = std::exchange(m_place, place);
        if (before == Place::Below && place != Place::Below)
            return &m_up;
        if (before == Place::Above && place != Place::Above)
            return &m_down;
        return nullptr;
    }

private:
    enum class Place { Unknown, Below, Between, Above };

    [[nodiscard]] Place placeOf(double close) const
    {
        if (close < m_bands.lower())
            return Place::Below;
        return close > m_bands.upper() ? Place::Above : Place::Between;
    }

    BollingerBands m_bands;
    int m_period;
    int m_seen = 0; ///< while warming up
    Place m_place = Place::Unknown;
    const Intent m_up{IntentKind::Enter, PositionSide::Long, u"bollinger_lower"_s,
                      u"the close has come back above the lower band"_s};
    const Intent m_down{IntentKind::Enter, PositionSide::Short, u"bollinger_upper"_s,
                        u"the close has come back below the upper band"_s};
};

} // namespace

BuiltInStrategy bollingerReversion()
{
    const Decimal tenth = Decimal::fromRaw(Decimal::fromInteger(1).raw() / 10);
    return {{u"bollinger_reversion"_s,
             u"Bollinger reversion"_s,
             u"Bets on a turn: goes long when the close comes back above the lower Bollinger band, and short, or out, "
             "when it comes back below the upper one."_s,
             {integerSpec(u"period"_s, u"Period"_s, 20, 2, 500),
              numberSpec(u"deviations"_s, u"Width of the bands"_s, 2, tenth, 10, u"standard deviations"_s)}},
            [](const StrategyParameters &parameters) -> std::unique_ptr<Strategy> {
                return std::make_unique<BollingerReversion>(integerOf(parameters, u"period"_s),
                                                            numberOf(parameters, u"deviations"_s));
            }};
}

} // namespace tradebot
