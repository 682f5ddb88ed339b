// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/configjson.h"

#include "core/domain/configfields.h"

namespace tradebot {

using namespace Qt::StringLiterals;

void writeFields(JsonWriter &writer, const BotConfig &config)
{
    JsonFieldWriter fields(writer);
    visitFields(fields, config);
}

QByteArray toJson(const BotConfig &config)
{
    return structToJson(config);
}

namespace {

enum class ConfigOrigin { New, Patch, Stored };

QList<FieldError> brokenRules(const BotConfig &config, const StrategyCatalog &strategies)
{
    QList<FieldError> errors = validate(config) + validateName(config.name);
    if (!strategies.empty())
        errors += validateStrategy(strategies, config);
    return errors;
}

Result<BotConfig> readConfig(BotConfig config, const JsonValue &json, ConfigOrigin origin,
                             const StrategyCatalog &strategies = {})
{
    QList<FieldError> errors;
    JsonFieldReader reader(json, MissingField::Keep, QString(), errors);
    visitFields(reader, config);
    reader.refuseUnknown();
    if (origin != ConfigOrigin::Patch && json.object() != nullptr) {
        for (const auto name : {"name"_L1, "symbol"_L1, "strategy"_L1}) {
            if (json.find(QString(name)) == nullptr)
                errors.append({QString(name), u"is missing"_s});
        }
    }
    if (origin != ConfigOrigin::Stored && json.object() != nullptr) {
        // What cannot be read says nothing about the rules of its group.
        const auto group = [](const FieldError &error) { return error.field.section(u'.', 0, 0); };
        QStringList unread;
        for (const FieldError &error : std::as_const(errors))
            unread.append(group(error));
        for (const FieldError &error : brokenRules(config, strategies)) {
            if (!unread.contains(group(error)))
                errors.append(error);
        }
    }
    if (!errors.isEmpty())
        return fail(fieldErrors(ErrorCode::InvalidInput, u"the bot's configuration is not valid"_s, errors));
    return config;
}

} // namespace

Result<BotConfig> botConfigFromJson(const JsonValue &json, const StrategyCatalog &strategies)
{
    return readConfig(BotConfig(), json, ConfigOrigin::New, strategies);
}

Result<BotConfig> storedBotConfigFromJson(const JsonValue &json)
{
    return readConfig(BotConfig(), json, ConfigOrigin::Stored);
}

Result<BotConfig> patchedBotConfig(const BotConfig &base, const JsonValue &json, const StrategyCatalog &strategies)
{
    return readConfig(base, json, ConfigOrigin::Patch, strategies);
}

} // namespace tradebot
