// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/recovery.h"

#include "core/storage/rows.h"

#include <QDir>

namespace tradebot {

using namespace Qt::StringLiterals;

Result<Recovered> recover(const Database &database)
{
    Recovered recovered;
    Statement last(database, u"SELECT seq, happened_at FROM events ORDER BY seq DESC LIMIT 1"_s);
    auto take = [&recovered](Row &row) -> Result<void> {
        recovered.last = EventSequence(row.integer(0));
        recovered.lastHappened = row.time(1);
        return {};
    };
    if (auto done = last.each(take); !done)
        return fail(done.error());
    const auto lastBot = database.integer(u"SELECT max(id) FROM bots"_s);
    if (!lastBot)
        return fail(lastBot.error());
    recovered.lastBotId = *lastBot;
    auto bots = readBots(database);
    if (!bots)
        return fail(bots.error());
    recovered.bots = std::move(*bots);
    for (const BotRecord &bot : recovered.bots) {
        if (bot.state.lastSequence > recovered.last)
            return fail(ErrorCode::Corrupt,
                        u"database %1: bot %2 knows fact %3, but the journal ends at %4; restore a backup"_s
                                .arg(QDir::toNativeSeparators(database.path()))
                                .arg(bot.id.value())
                                .arg(bot.state.lastSequence.value())
                                .arg(recovered.last.value()));
    }
    return recovered;
}

} // namespace tradebot
