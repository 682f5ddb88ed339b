// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botevent.h"

#include <QStringList>

namespace tradebot {

/// What a bot's facts add up to, counted from the journal alone and apart from the fold, so that the two can be held
/// against each other: balance = start + sum of the ledger, position = sum of the fills.
class LedgerAudit final
{
public:
    /// The next fact of the bot, from its creation on.
    void add(const EventPayload &payload);
    /// How a state that was folded from the same facts contradicts them; and a paper account with futures that owes
    /// money. Empty when it does not.
    [[nodiscard]] QStringList contradictions(const BotState &state) const;

private:
    void begin(const BotConfig &config);

    bool m_isPaperFutures = false;
    bool m_hasFills = false;
    Checked<Money> m_balance = Money();
    Checked<Quantity> m_position = Quantity(); ///< below 0: a short one
};

} // namespace tradebot
