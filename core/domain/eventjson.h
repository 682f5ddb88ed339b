// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/domain/botevent.h"

namespace tradebot {

/// The payload as one JSON object; with typeName() it reads back to the same payload.
[[nodiscard]] QByteArray toJson(const EventPayload &payload);
[[nodiscard]] Result<EventPayload> payloadFromJson(QStringView typeName, const JsonValue &json);

/// Writes the fields of a fact into an object that the caller has begun, as a reader outside sees it; its number is
/// called numberName.
void writeFields(JsonWriter &writer, const BotEvent &event, QLatin1StringView numberName);
/// Writes the fields of an order, fill, trade into an object that the caller has begun.
void writeFields(JsonWriter &writer, const Order &order);
void writeFields(JsonWriter &writer, const Fill &fill);
void writeFields(JsonWriter &writer, const Trade &trade);
void writeFields(JsonWriter &writer, const Totals &totals);

} // namespace tradebot
