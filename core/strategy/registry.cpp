// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/registry.h"

#include "core/strategy/builtin.h"

#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

const auto &builtIns()
{
    static const std::array strategies = {emaCross(),         rsiReversion(),     macdTrend(), bollingerReversion(),
                                          donchianBreakout(), supertrendFollow(), grid(),      dollarCostAverage()};
    return strategies;
}

const BuiltInStrategy *findBuiltIn(QStringView name)
{
    for (const BuiltInStrategy &strategy : builtIns()) {
        if (strategy.info.name == name)
            return &strategy;
    }
    return nullptr;
}

Failure unknownStrategy(QStringView name)
{
    QStringList names;
    for (const BuiltInStrategy &strategy : builtIns())
        names.append(strategy.info.name);
    const QString problem = u"there is no strategy \"%1\"; known: %2"_s.arg(name, names.join(u", "_s));
    return fail(Error{ErrorCode::InvalidInput, problem, {{u"strategy"_s, problem}}});
}

Failure badParameters(const StrategyInfo &info, const QList<FieldError> &errors)
{
    QStringList problems;
    for (const FieldError &error : errors)
        problems.append(error.field + u' ' + error.message);
    return fail(
            Error{ErrorCode::InvalidInput, u"parameters of %1: %2"_s.arg(info.name, problems.join(u"; "_s)), errors});
}

} // namespace

const StrategyCatalog &builtInStrategies()
{
    static const StrategyCatalog catalog = [] {
        StrategyCatalog infos;
        for (const BuiltInStrategy &strategy : builtIns())
            infos.push_back(strategy.info);
        return infos;
    }();
    return catalog;
}

const StrategyInfo *findStrategy(QStringView name)
{
    const BuiltInStrategy *strategy = findBuiltIn(name);
    return strategy != nullptr ? &strategy->info : nullptr;
}

Result<std::unique_ptr<Strategy>> makeStrategy(QStringView name, const StrategyParameters &parameters)
{
    const BuiltInStrategy *strategy = findBuiltIn(name);
    if (strategy == nullptr)
        return unknownStrategy(name);
    const QList<FieldError> errors = validateParameters(strategy->info, parameters);
    if (!errors.isEmpty())
        return badParameters(strategy->info, errors);
    return strategy->make(withDefaults(strategy->info, parameters));
}

} // namespace tradebot
