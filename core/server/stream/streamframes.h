// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/botcache.h"
#include "core/server/stream/streammessages.h"

#include <QByteArray>
#include <QStringList>

#include <optional>

namespace tradebot {

// How facts and views look on a stream (docs/web-api.md). All frames are made here.

/// Status line, headers and `retry:`.
[[nodiscard]] QByteArray streamOpening();
/// The state as a channel of this kind shows it, without an id.
[[nodiscard]] QByteArray stateFrame(const CachedBot &bot, StreamKind kind, Timestamp now);

/// What a fact is on the typed stream: its kind for the tagged one, its type and its data.
struct TypedEvent
{
    StreamKind kind;
    QLatin1StringView type;
    QByteArray data;
};
/// nullopt for facts that are not streamed.
[[nodiscard]] std::optional<TypedEvent> typedEvent(const BotEvent &event);
/// The names, in the journal, of the facts that are.
[[nodiscard]] QStringList streamedFacts();

/// `{"type","timestamp","data"}` with the number of the fact as id; with a bot_id when tagged.
[[nodiscard]] QByteArray eventFrame(const BotEvent &event, const TypedEvent &typed, bool tagged);
[[nodiscard]] QByteArray connectedFrame(const CachedBot &bot, Timestamp now);
/// For a connection of many bots.
[[nodiscard]] QByteArray connectedFrame(Timestamp now);
/// What is missing cannot be told any more: the first number that the journal still has.
[[nodiscard]] QByteArray gapFrame(EventSequence first);
/// The present status as a typed event, without an id.
[[nodiscard]] QByteArray presentStatusFrame(const CachedBot &bot, Timestamp now, bool tagged);

} // namespace tradebot
