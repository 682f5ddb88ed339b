// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "core/domain/botevent.h"
#include "core/domain/position.h"

#include <optional>
#include <vector>

namespace tradebot {

/// What decides how far a futures position may lose.
struct MarginTerms
{
    MarginType type = MarginType::Isolated;
    int leverage = 1;
    LeverageBrackets brackets; ///< none: no maintenance margin
};

/// Those of a bot on an instrument; an instrument without brackets has the usual ones.
[[nodiscard]] MarginTerms marginTermsOf(const BotConfig &config, const Instrument &instrument);

/// cost ÷ leverage, rounded up: what an entry binds, and the most that an isolated position can lose.
[[nodiscard]] Checked<Money> initialMargin(Money cost, int leverage);

/// Whether a futures position is closed by force at this mark price: what is at stake (isolated: its initial margin, as
/// far as the balance holds it; cross: the balance) and what is unrealised are together no more than the maintenance
/// margin of its worth.
[[nodiscard]] bool isLiquidatedAt(Price mark, const Position &position, Money balance, const MarginTerms &terms);

/// The mark price, to 1e-8, at which isLiquidatedAt() first becomes true on the way against the position; nothing where
/// there is none above 0 and within the range of prices.
[[nodiscard]] std::optional<Price> liquidationPrice(const Position &position, Money balance, const MarginTerms &terms);

/// The money and the position of a paper account, and what binds them: spot, or USD-M futures in one-way mode. Plain.
class MarginAccount final
{
public:
    /// The account after a fill.
    struct Outcome
    {
        PositionChange change;
        Money balance;
        Money givenBack = Money(); ///< what of a loss the balance could not bear: the insurance fund does
    };
    /// What a liquidation takes beyond the loss of the closing fill, and what of it the insurance fund gives back.
    struct Liquidation
    {
        Fill fill;
        Money fee;
        Decimal feeRate;
        Money givenBack;
    };

    MarginAccount(const BotConfig &config, const Instrument &instrument);
    void restore(const BotState &state);

    [[nodiscard]] const Position &position() const { return m_position; }
    [[nodiscard]] Money balance() const { return m_balance; }
    [[nodiscard]] bool isSpot() const { return m_market == Market::Spot; }
    [[nodiscard]] const MarginTerms &terms() const { return m_terms; }
    /// How much of the position an order of this side would close; 0 when it would enter.
    [[nodiscard]] Quantity closableBy(Side side) const;

    /// Fee and all: what a trade of this order would be. Overflow error when its money leaves the range.
    [[nodiscard]] Result<Fill> makeFill(Side side, Price price, Quantity quantity, Decimal feeRate) const;
    /// What a fill would make of the account.
    [[nodiscard]] Result<Outcome> after(const Fill &fill, Timestamp time) const;
    /// Takes it over. A position that is new is funded from here on.
    void accept(const Outcome &outcome, Timestamp time);

    /// What an order binds while it waits, when it would open this much at this price: worth (spot) or initial margin
    /// (futures), and the fee; rounded up.
    [[nodiscard]] Checked<Money> needFor(Side side, Price price, Quantity quantity, Decimal feeRate) const;
    /// What is not bound: balance less the cost of what is held (spot) or its initial margin (futures); with cross
    /// margin what the position has lost at the mark price is bound as well.
    [[nodiscard]] Checked<Money> freeMoney(Money balance, const Position &position, Price mark) const;

    /// Funding of every boundary (00:00, 08:00, 16:00 UTC) after the last one that is settled, up to now: longs pay
    /// rate × worth at the mark price, shorts receive it; turned round when the rate is negative. Nobody pays more than
    /// his balance. The amounts are in the balance afterwards; what would overflow it is left out.
    [[nodiscard]] std::vector<MoneyMoved> settleFunding(Timestamp now, Price mark);
    /// Whether a boundary lies ahead of now that is still to be settled.
    [[nodiscard]] bool owesFunding(Timestamp now) const;

    [[nodiscard]] bool isLiquidatedAt(Price mark) const;
    [[nodiscard]] std::optional<Price> liquidationPrice() const;
    /// Closes the position at the mark price. Nothing when it cannot be counted.
    [[nodiscard]] std::optional<Liquidation> liquidate(Price mark, Timestamp time);
    /// The position is over, for this much.
    void writeOff(Money amount);

private:
    /// What a fee of so much money is in units of the third asset, rounded up.
    [[nodiscard]] Checked<Quantity> inThirdAsset(const Checked<Money> &fee) const;

    Market m_market;
    MarginTerms m_terms;
    QString m_base;
    FeeAsset m_feeAsset;
    QString m_thirdAsset;
    Price m_thirdAssetPrice;
    Decimal m_fundingRate;
    Decimal m_liquidationFee;

    Position m_position;
    Money m_balance;
    Timestamp m_fundedUpTo;
};

} // namespace tradebot
