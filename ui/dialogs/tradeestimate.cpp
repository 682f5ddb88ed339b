// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/tradeestimate.h"

#include "ui/format/moneyformat.h"

#include <QCoreApplication>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// The texts of this file, where a translator finds them.
struct EstimateText final
{
    Q_DECLARE_TR_FUNCTIONS(TradeEstimate)
};

/// What an entry is worth, before it is rounded to the instrument's step.
std::optional<Money> wantedValue(const BotConfig &config, const std::optional<Price> &price,
                                 const std::optional<Money> &balance)
{
    const Decimal size = config.sizing.value;
    switch (config.sizing.kind) {
    case SizingKind::FixedQuote: return Money::fromRaw(size.raw());
    case SizingKind::FixedQuantity:
        return price ? notional(*price, Quantity::fromRaw(size.raw()), Rounding::HalfEven).value() : std::nullopt;
    case SizingKind::PercentOfEquity: {
        const auto part = balance ? percentOf(*balance, size, Rounding::Floor).value() : std::nullopt;
        return part ? scaled(*part, Decimal::fromInteger(config.leverage), Rounding::Floor).value() : std::nullopt;
    }
    case SizingKind::RiskPercent: {
        const auto risk = balance ? percentOf(*balance, size, Rounding::Floor).value() : std::nullopt;
        if (!risk || !config.stopLoss || config.stopLoss->kind != StopKind::Percent)
            return std::nullopt;
        return proportion(*risk, Decimal::fromInteger(100), config.stopLoss->value, Rounding::Floor).value();
    }
    }
    return std::nullopt;
}

void addStop(std::vector<EstimateRow> &rows, const std::optional<StopRule> &rule, Money value, const char *label,
             int sign, const MoneyFormat &format)
{
    if (!rule || rule->kind != StopKind::Percent)
        return;
    if (const auto amount = percentOf(value, rule->value, Rounding::HalfEven).value()) {
        const Money signedAmount = sign < 0 ? -*amount : *amount;
        rows.push_back({EstimateText::tr(label).arg(plainText(rule->value)), format.text(signedAmount), sign});
    }
}

} // namespace

std::vector<EstimateRow> estimateTrade(const BotConfig &config, const std::optional<Price> &price,
                                       const Instrument &instrument, const std::optional<Money> &exchangeBalance)
{
    std::vector<EstimateRow> rows;
    const QString &currency = instrument.quote;
    const bool isPaper = config.exchange == Exchange::Paper;
    const auto balance = isPaper ? std::optional(config.initialBalance) : exchangeBalance;
    rows.push_back({isPaper ? EstimateText::tr("Paper balance") : EstimateText::tr("Balance at the exchange"),
                    balance ? moneyText(*balance, currency) : EstimateText::tr("not known yet")});
    const auto wanted = wantedValue(config, price, balance);
    if (!wanted)
        return rows;
    rows.push_back({EstimateText::tr("Position"), moneyText(*wanted, currency)});
    Money value = *wanted;
    if (price && price->isPositive()) {
        const auto exact = quantityFor(*wanted, *price, Rounding::Floor).value();
        const auto amount =
                exact ? roundToStep(*exact, instrument.quantityStep, Rounding::Floor).value() : std::nullopt;
        const auto worth = amount ? notional(*price, *amount, Rounding::HalfEven).value() : std::nullopt;
        if (worth) {
            value = *worth;
            const QString label = instrument.quantityStep.isPositive()
                                          ? EstimateText::tr("Amount, step %1")
                                                    .arg(plainText(Decimal::fromRaw(instrument.quantityStep.raw())))
                                          : EstimateText::tr("Amount");
            rows.push_back({label, quantityText(*amount, instrument) + u' ' + instrument.base});
            rows.push_back({EstimateText::tr("Value at that step"), moneyText(value, currency)});
        }
    }
    const MoneyFormat signedFormat = formatOf(currency, Sign::Always);
    addStop(rows, config.stopLoss, value, "Loss at the stop, \u2212%1 %", -1, signedFormat);
    addStop(rows, config.takeProfit, value, "Gain at the target, +%1 %", 1, signedFormat);
    if (const auto fee = scaled(value, config.fees.taker, Rounding::AwayFromZero).value()) {
        if (const auto both = (*fee + *fee).value())
            rows.push_back({EstimateText::tr("Fees, in and out"), formatOf(currency).text(-*both), 0});
    }
    if (config.market == Market::UsdmFutures && config.leverage > 0) {
        const auto margin =
                proportion(value, Decimal::fromInteger(1), Decimal::fromInteger(config.leverage), Rounding::Ceiling);
        if (margin.value())
            rows.push_back(
                    {EstimateText::tr("Margin at %1×").arg(config.leverage), moneyText(*margin.value(), currency)});
    }
    return rows;
}

} // namespace tradebot
