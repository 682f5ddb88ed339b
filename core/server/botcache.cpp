// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/botcache.h"

#include "core/base/logging.h"

namespace tradebot {

using namespace Qt::StringLiterals;

const Protection &CachedBot::protection() const
{
    return state.lastSequence > view->state.lastSequence ? state.protection : view->protection;
}

EffectiveHealth CachedBot::health() const
{
    if (isFeedLost && isActive(state.status) && state.health == Health::Ok)
        return {Health::Degraded, HealthReason::StaleData, u"the engine does not answer"_s};
    return {state.health, state.healthReason, state.healthMessage};
}

std::optional<Money> CachedBot::unrealised() const
{
    if (!view->markPrice)
        return std::nullopt;
    return state.position.unrealised(*view->markPrice).value();
}

bool BotCache::merge(std::shared_ptr<const BotSnapshot> view)
{
    if (view->deleted) {
        remove(view->id);
        return true;
    }
    if (m_deleted.contains(view->id))
        return false;
    auto [place, isNew] = m_bots.try_emplace(view->id);
    CachedBot &entry = place->second;
    if (!isNew && view->state.lastSequence < entry.view->state.lastSequence)
        return false;
    if (isNew || view->state.lastSequence >= entry.state.lastSequence) {
        entry.state = view->state;
        entry.lastUpdatedAt = view->lastUpdatedAt;
    }
    entry.view = std::move(view);
    return true;
}

void BotCache::setFeedAlive(bool isHeard)
{
    if (std::exchange(m_isHeard, isHeard) == isHeard)
        return;
    for (auto &[id, entry] : m_bots)
        entry.isFeedLost = !isHeard;
}

bool BotCache::apply(const BotEvent &event)
{
    if (std::holds_alternative<BotDeleted>(event.payload)) {
        remove(event.bot);
        return true;
    }
    const auto place = m_bots.find(event.bot);
    if (place == m_bots.end() || event.sequence <= place->second.state.lastSequence)
        return false;
    CachedBot &entry = place->second;
    if (auto done = tradebot::apply(entry.state, event); !done) {
        qCWarning(logServer, "fact %lld of bot %lld cannot be shown before its view comes: %ls",
                  static_cast<long long>(event.sequence.value()), static_cast<long long>(event.bot.value()),
                  qUtf16Printable(done.error().text));
        return false;
    }
    entry.lastUpdatedAt = event.recorded;
    return true;
}

void BotCache::remove(BotId bot)
{
    m_bots.erase(bot);
    m_deleted.insert(bot);
}

const CachedBot *BotCache::find(BotId bot) const
{
    const auto place = m_bots.find(bot);
    return place == m_bots.end() ? nullptr : &place->second;
}

Result<const CachedBot *> BotCache::findFor(UserId owner, BotId bot) const
{
    const CachedBot *entry = find(bot);
    if (entry == nullptr || entry->view->owner != owner)
        return fail(ErrorCode::NotFound, u"bot %1 does not exist"_s.arg(bot.value()));
    return entry;
}

std::vector<const CachedBot *> BotCache::allOf(UserId owner) const
{
    std::vector<const CachedBot *> out;
    for (const auto &[id, entry] : m_bots) {
        if (entry.view->owner == owner)
            out.push_back(&entry);
    }
    return out;
}

} // namespace tradebot
