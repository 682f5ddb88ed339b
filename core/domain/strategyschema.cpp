// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/strategyschema.h"

#include "core/domain/configfields.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QString judge(const ParameterSpec &spec, const ParameterValue &value)
{
    switch (spec.kind) {
    case ParameterKind::Integer:
    case ParameterKind::Number: {
        const auto *number = std::get_if<Decimal>(&value);
        const QString range = u" from %1 to %2"_s.arg(spec.minimum.toString(), spec.maximum.toString());
        if (spec.kind == ParameterKind::Integer
            && (number == nullptr || number->raw() % Decimal::fromInteger(1).raw() != 0))
            return u"must be a whole number"_s + range;
        if (number == nullptr || *number < spec.minimum || *number > spec.maximum)
            return u"must be a number"_s + range;
        return {};
    }
    case ParameterKind::Choice: {
        const auto *text = std::get_if<QString>(&value);
        if (text == nullptr || !spec.choices.contains(*text))
            return u"must be one of "_s + spec.choices.join(u", "_s);
        return {};
    }
    case ParameterKind::Flag: return std::holds_alternative<bool>(value) ? QString() : u"must be true or false"_s;
    }
    return {};
}

} // namespace

QList<FieldError> validateParameters(const StrategyInfo &info, const StrategyParameters &parameters)
{
    QList<FieldError> errors;
    for (const auto &[name, value] : parameters) {
        const auto spec = std::find_if(info.parameters.begin(), info.parameters.end(),
                                       [&name = name](const ParameterSpec &entry) { return entry.name == name; });
        const QString problem =
                spec == info.parameters.end() ? u"is not a parameter of %1"_s.arg(info.name) : judge(*spec, value);
        if (!problem.isEmpty())
            errors.append({u"strategy_params."_s + name, problem});
    }
    for (const ParameterSpec &spec : info.parameters) {
        if (spec.isRequired && !parameters.contains(spec.name))
            errors.append({u"strategy_params."_s + spec.name, u"must be given"_s});
    }
    if (errors.isEmpty() && info.checkTogether != nullptr)
        return info.checkTogether(withDefaults(info, parameters));
    return errors;
}

QList<FieldError> validateSide(const StrategyInfo &info, const BotConfig &config)
{
    if (info.isLongOnly && config.positionType == PositionType::Short)
        return {{u"position_type"_s, u"must be long or both: %1 only buys"_s.arg(info.name)}};
    return {};
}

QList<FieldError> validateStrategy(const StrategyCatalog &strategies, const BotConfig &config)
{
    const auto info = std::ranges::find(strategies, config.strategy, &StrategyInfo::name);
    if (info != strategies.end())
        return validateSide(*info, config) + validateParameters(*info, config.strategyParameters);
    QStringList names;
    for (const StrategyInfo &known : strategies)
        names.append(known.name);
    return {{u"strategy"_s, u"there is no strategy \"%1\"; known: %2"_s.arg(config.strategy, names.join(u", "_s))}};
}

StrategyParameters withDefaults(const StrategyInfo &info, const StrategyParameters &parameters)
{
    StrategyParameters whole = parameters;
    for (const ParameterSpec &spec : info.parameters)
        whole.try_emplace(spec.name, spec.defaultValue);
    return whole;
}

void writeJson(JsonWriter &writer, const StrategyParameters &parameters)
{
    writer.beginObject();
    for (const auto &[name, value] : parameters) {
        writer.key(QStringView(name));
        std::visit([&writer](const auto &content) { writer.value(content); }, value);
    }
    writer.endObject();
}

QString readJson(const JsonValue &json, StrategyParameters &parameters)
{
    const auto *members = json.object();
    if (members == nullptr)
        return u"must be an object, not %1"_s.arg(json.kindName());
    parameters.clear();
    for (const auto &[name, value] : *members) {
        if (const bool *flag = value.boolean()) {
            parameters[name] = *flag;
        } else if (const QString *text = value.string()) {
            parameters[name] = *text;
        } else if (const auto *number = value.number()) {
            const auto parsed = Decimal::parse(number->text);
            if (!parsed)
                return name + u": "_s + parsed.error().text;
            parameters[name] = *parsed;
        } else {
            return u"%1 must be a number, a text, true or false, not %2"_s.arg(name, value.kindName());
        }
    }
    return {};
}

} // namespace tradebot
