// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/botfeed.h"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace tradebot {

/// How a bot is, and why, as a reason and in words.
struct EffectiveHealth
{
    Health health = Health::Ok;
    HealthReason reason = HealthReason::None;
    QString message;
    friend bool operator==(const EffectiveHealth &, const EffectiveHealth &) = default;
};

/// A bot as viewers may see it now: the newest view, and the state with every fact that was told.
struct CachedBot
{
    std::shared_ptr<const BotSnapshot> view; ///< never null
    BotState state;                          ///< may be ahead of view->state
    Timestamp lastUpdatedAt;
    bool isFeedLost = false; ///< the engine is silent: how an active bot is, nobody knows

    [[nodiscard]] const Protection &protection() const;
    /// Not ok when it only was when the engine last spoke.
    [[nodiscard]] EffectiveHealth health() const;
    [[nodiscard]] std::optional<Money> unrealised() const; ///< of state's position at the newest price
};

/// All bots that are not deleted. Facts are folded in as they come, so that no status in between two views is missed. A
/// bot that was deleted never comes back, in whichever order its views arrive: its number is not given again.
class BotCache final
{
public:
    /// Takes a view; false when a newer one is here, or the bot is deleted.
    bool merge(std::shared_ptr<const BotSnapshot> view);
    /// Whether the engine has been heard lately.
    void setFeedAlive(bool isHeard);
    /// Adds a fact; false for one that is in already, or of a bot whose first view is still to come.
    bool apply(const BotEvent &event);

    [[nodiscard]] const CachedBot *find(BotId bot) const;
    /// The bot, or NotFound when it is not this owner's: that it exists is not disclosed.
    [[nodiscard]] Result<const CachedBot *> findFor(UserId owner, BotId bot) const;
    [[nodiscard]] std::vector<const CachedBot *> allOf(UserId owner) const;

private:
    void remove(BotId bot);

    std::map<BotId, CachedBot> m_bots;
    std::set<BotId> m_deleted;
    bool m_isHeard = true;
};

} // namespace tradebot
