// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/recovery.h"

#include "core/storage/rows.h"

#include <QDir>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// A journal with a hole tells a wrong story: numbers begin at 1 and leave none out.
Result<void> refuseGap(const Database &database, EventSequence last)
{
    const auto count = database.integer(u"SELECT count(*) FROM events"_s);
    if (!count)
        return fail(count.error());
    if (*count == last.value())
        return {};
    const auto gaps = firstGaps(database, 1);
    if (!gaps)
        return fail(gaps.error());
    return fail(ErrorCode::Corrupt,
                u"database %1: %2, and what is missing cannot be made up for; restore a backup"_s.arg(
                        QDir::toNativeSeparators(database.path()), gaps->join(u' ')));
}

} // namespace

Result<QStringList> firstGaps(const Database &database, int most)
{
    return database.texts(u"SELECT printf('the journal goes from fact %d to fact %d', before, seq) FROM "
                          "(SELECT seq, lag(seq, 1, 0) OVER (ORDER BY seq) AS before FROM events) "
                          "WHERE seq <> before + 1 LIMIT %1"_s.arg(most));
}

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
    if (auto whole = refuseGap(database, recovered.last); !whole)
        return fail(whole.error());
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
