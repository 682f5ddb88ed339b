// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/leveragecsv.h"

namespace tradebot::test {

using namespace Qt::StringLiterals;

namespace {

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

} // namespace tradebot::test
