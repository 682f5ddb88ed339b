// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/decimal.h"
#include "core/domain/market.h"

#include <QString>

#include <optional>

namespace tradebot {

enum class Sign {
    WhenNegative,
    Always, ///< "+" too; 0 has none
};

/// How an amount is written: grouped thousands, true minus, rounded half-even to the decimals, never through a double.
struct MoneyFormat
{
    int decimals = 2;
    Sign sign = Sign::WhenNegative;

    template<class Tag>
    [[nodiscard]] QString text(Fixed<Tag> amount) const
    {
        return write(amount.raw());
    }
    /// "—" for an unknown one.
    template<class Tag>
    [[nodiscard]] QString text(const std::optional<Fixed<Tag>> &amount) const
    {
        return amount ? write(amount->raw()) : QString(QChar(u'—'));
    }
    /// What is shown, as a value: its sign is the sign to colour by.
    template<class Tag>
    [[nodiscard]] Fixed<Tag> rounded(Fixed<Tag> amount) const
    {
        return Fixed<Tag>::fromRaw(round(amount.raw()));
    }

private:
    [[nodiscard]] QString write(std::int64_t raw) const;
    [[nodiscard]] std::int64_t round(std::int64_t raw) const;
};

/// The decimals that a step has: 2 for 0.01, 0 for 1; 8 where there is no step.
[[nodiscard]] int decimalsOfStep(std::int64_t rawStep);
/// A price with the instrument's precision.
[[nodiscard]] QString priceText(Price price, const Instrument &instrument);
/// A quantity with the instrument's precision, more digits where it has them, without a unit.
[[nodiscard]] QString quantityText(Quantity quantity, const Instrument &instrument);
/// The decimals that amounts of a currency are written with: 2, and more for coins of which a hundredth is much money.
[[nodiscard]] int decimalsOf(const QString &currency);
/// How amounts of a currency are written.
[[nodiscard]] MoneyFormat formatOf(const QString &currency, Sign sign = Sign::WhenNegative);
/// "+1.24 %", from percent.
[[nodiscard]] QString percentText(Decimal percent, int decimals = 2, Sign sign = Sign::Always);
/// Money with its currency: "71,082.94 USDT", "0.01250000 BTC".
[[nodiscard]] QString moneyText(Money amount, const QString &currency, Sign sign = Sign::WhenNegative);
/// A parameter as a person writes it: grouped, without needless zeros.
[[nodiscard]] QString plainText(Decimal value);

} // namespace tradebot
