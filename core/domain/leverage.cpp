// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/leverage.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int highestLeverage = 125;

LeverageBracket bracket(int leverage, int floor, int cap, std::int64_t rateRaw, int deduction)
{
    return {leverage, Money::fromInteger(floor), Money::fromInteger(cap), Decimal::fromRaw(rateRaw),
            Money::fromInteger(deduction)};
}

Result<std::pair<QString, LeverageBracket>> readRow(const QByteArray &line)
{
    const QList<QByteArray> fields = line.split(',');
    if (fields.size() != 7)
        return fail(ErrorCode::Malformed, u"has %1 fields, not 7"_s.arg(fields.size()));
    LeverageBracket row;
    bool isNumber = false;
    row.maximumLeverage = fields[2].toInt(&isNumber);
    if (fields[0].isEmpty() || !isNumber)
        return fail(ErrorCode::Malformed, u"needs a symbol and a whole number as leverage"_s);
    const auto floor = Money::parse(fields[3]);
    const auto cap = Money::parse(fields[4]);
    const auto rate = Decimal::parse(fields[5]);
    const auto deduction = Money::parse(fields[6]);
    for (const auto *money : {&floor, &cap, &deduction}) {
        if (!*money)
            return fail(money->error());
    }
    if (!rate)
        return fail(rate.error());
    row.floor = *floor;
    row.cap = *cap;
    row.maintenanceRate = *rate;
    row.deduction = *deduction;
    return std::pair(QString::fromUtf8(fields[0]), row);
}

} // namespace

Result<LeverageBrackets> LeverageBrackets::make(std::vector<LeverageBracket> brackets)
{
    Money begin;
    const LeverageBracket *before = nullptr;
    for (const LeverageBracket &next : brackets) {
        const QString which = u"the bracket from %1"_s.arg(next.floor.toString());
        if (next.floor != begin || next.cap <= next.floor)
            return fail(ErrorCode::InvalidInput, which + u" does not follow the one before it"_s);
        if (next.maximumLeverage < 1 || next.maximumLeverage > highestLeverage)
            return fail(ErrorCode::InvalidInput, which + u": its leverage must be between 1 and 125"_s);
        const bool falls = before != nullptr && next.maintenanceRate < before->maintenanceRate;
        if (!next.maintenanceRate.isPositive() || next.maintenanceRate >= Decimal::fromInteger(1) || falls)
            return fail(ErrorCode::InvalidInput,
                        which + u": its rate must be above 0, below 1 and not below the one before"_s);
        begin = next.cap;
        before = &next;
    }
    LeverageBrackets made;
    made.m_brackets = std::move(brackets);
    return made;
}

const LeverageBrackets &LeverageBrackets::usual()
{
    static const LeverageBrackets brackets =
            make({bracket(125, 0, 50'000, 400'000, 0), bracket(100, 50'000, 600'000, 500'000, 50),
                  bracket(75, 600'000, 3'000'000, 650'000, 950), bracket(50, 3'000'000, 12'000'000, 1'000'000, 11'450),
                  bracket(20, 12'000'000, 70'000'000, 2'500'000, 191'450),
                  bracket(10, 70'000'000, 2'000'000'000, 5'000'000, 1'941'450)})
                    .value_or(LeverageBrackets());
    return brackets;
}

const LeverageBracket &LeverageBrackets::bracketOf(Money notional) const
{
    const auto above = std::partition_point(m_brackets.begin(), m_brackets.end(),
                                            [notional](const LeverageBracket &row) { return row.cap <= notional; });
    return above == m_brackets.end() ? m_brackets.back() : *above;
}

Checked<Money> LeverageBrackets::maintenanceMargin(Money notional) const
{
    if (m_brackets.empty() || !notional.isPositive())
        return Money();
    const LeverageBracket &row = bracketOf(notional);
    return scaled(notional, row.maintenanceRate, Rounding::Ceiling) - Checked<Money>(row.deduction);
}

int LeverageBrackets::maximumLeverage(Money notional) const
{
    return m_brackets.empty() ? highestLeverage : bracketOf(notional).maximumLeverage;
}

Result<std::map<QString, LeverageBrackets>> leverageBracketsFromCsv(const QByteArray &csv)
{
    QList<QByteArray> lines = csv.split('\n');
    const QByteArray header = "symbol,bracket,initial_leverage,notional_floor,notional_cap,maint_margin_ratio,cum";
    if (lines.isEmpty() || lines.front().trimmed() != header)
        return fail(ErrorCode::Malformed, u"line 1: must be the header %1"_s.arg(QLatin1StringView(header)));
    std::map<QString, std::vector<LeverageBracket>> rows;
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const QByteArray line = lines[i].trimmed();
        if (line.isEmpty())
            continue;
        auto row = readRow(line);
        if (!row)
            return fail(ErrorCode::Malformed, u"line %1: %2"_s.arg(i + 1).arg(row.error().text));
        rows[row->first].push_back(row->second);
    }
    std::map<QString, LeverageBrackets> brackets;
    for (auto &[symbol, of] : rows) {
        auto made = LeverageBrackets::make(std::move(of));
        if (!made)
            return fail(made.error().code, symbol + u": "_s + made.error().text);
        brackets.emplace(symbol, std::move(*made));
    }
    return brackets;
}

} // namespace tradebot
