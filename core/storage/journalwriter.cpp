// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/journalwriter.h"

#include "core/base/logging.h"
#include "core/domain/eventjson.h"

#include <QFileInfo>

namespace tradebot {

using namespace Qt::StringLiterals;

JournalWriter::JournalWriter(const Database &database, const Clock &clock, const Recovered &recovered)
    : m_database(database),
      m_clock(clock),
      m_last(recovered.last),
      m_insertEvent(database, u"INSERT INTO events (seq, bot_id, type, happened_at, recorded_at, data) "
                              "VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT))"_s),
      m_projections(database)
{
    for (const BotRecord &record : recovered.bots) {
        Bot bot;
        bot.context = Projections::contextOf(record.config);
        bot.state = record.state;
        m_bots.emplace(record.id, std::move(bot));
    }
}

Result<Committed> JournalWriter::write(std::span<const JournalBatch> batches)
{
    const Timestamp recorded = m_clock.now();
    const EventSequence before = m_last;
    auto transaction = Transaction::begin(m_database);
    auto done = transaction ? writeBatches(batches, recorded) : Result<void>(fail(transaction.error()));
    if (done)
        done = transaction->commit();
    if (!done) {
        Error error = done.error();
        error.text = u"nothing after fact %1 is stored: %2"_s.arg(before.value()).arg(error.text);
        return fail(std::move(error));
    }
    return Committed{m_last, recorded, storeBytes()};
}

Result<void> JournalWriter::writeBatches(std::span<const JournalBatch> batches, Timestamp recorded)
{
    for (const JournalBatch &batch : batches) {
        for (const auto &event : batch.events) {
            event->recorded = recorded;
            if (auto done = writeEvent(*event); !done)
                return done;
        }
        for (const EquitySample &sample : batch.equity) {
            if (auto done = writeSample(sample); !done)
                return done;
        }
    }
    return writeStates();
}

Result<void> JournalWriter::writeEvent(const BotEvent &event)
{
    if (event.sequence.value() != m_last.value() + 1)
        return fail(ErrorCode::Internal, u"fact %1 of bot %2 does not follow fact %3"_s.arg(event.sequence.value())
                                                 .arg(event.bot.value())
                                                 .arg(m_last.value()));
    m_last = event.sequence;
    const auto bot = botOf(event);
    if (!bot)
        return fail(bot.error());
    if (auto done = m_insertEvent.run(event.sequence, event.bot, QString(typeName(event.payload)), event.happened,
                                      event.recorded, toJson(event.payload));
        !done)
        return done;
    return fold(**bot, event);
}

Result<JournalWriter::Bot *> JournalWriter::botOf(const BotEvent &event)
{
    const bool created = std::holds_alternative<BotCreated>(event.payload);
    auto at = m_bots.find(event.bot);
    if (created == (at != m_bots.end()))
        return fail(ErrorCode::Internal,
                    created ? u"fact %1 creates bot %2, which there is already"_s.arg(event.sequence.value())
                                      .arg(event.bot.value())
                            : u"fact %1 is about bot %2, which there is not"_s.arg(event.sequence.value())
                                      .arg(event.bot.value()));
    if (created)
        at = m_bots.emplace(event.bot, Bot()).first;
    Bot &bot = at->second;
    if (const BotConfig *config = configIn(event.payload))
        bot.context = Projections::contextOf(*config);
    touch(event.bot, bot);
    bot.stateChanged = true;
    return &bot;
}

void JournalWriter::touch(BotId id, const Bot &bot)
{
    if (!bot.stateChanged && !bot.peakRaised)
        m_touched.push_back(id);
}

Result<void> JournalWriter::fold(Bot &bot, const BotEvent &event)
{
    const auto outcome = m_projections.project(event, bot.context);
    if (!outcome)
        return fail(outcome.error());
    if (*outcome == Projections::Outcome::Replayed) {
        qCWarning(logStorage) << "fact" << event.sequence.value() << "repeats a fill of bot" << event.bot.value()
                              << "that is known already: no money moved";
        bot.state.lastSequence = event.sequence;
        return {};
    }
    return apply(bot.state, event);
}

Result<void> JournalWriter::writeSample(const EquitySample &sample)
{
    if (auto done = m_projections.writeEquity(sample.bot, sample.point); !done)
        return done;
    const auto at = m_bots.find(sample.bot);
    if (at == m_bots.end() || (at->second.peakEquity && *at->second.peakEquity >= sample.point.equity))
        return {};
    Bot &bot = at->second;
    touch(sample.bot, bot);
    bot.peakEquity = sample.point.equity;
    bot.peakRaised = true;
    return {};
}

Result<void> JournalWriter::writeStates()
{
    for (const BotId id : m_touched) {
        Bot &bot = m_bots.at(id);
        Result<void> done;
        if (bot.stateChanged)
            done = m_projections.writeState(id, bot.state, bot.context.currency);
        if (done && bot.peakRaised)
            done = m_projections.raisePeakEquity(id, *bot.peakEquity);
        if (!done)
            return done;
        bot.stateChanged = false;
        bot.peakRaised = false;
    }
    m_touched.clear();
    return {};
}

qint64 JournalWriter::storeBytes() const
{
    return QFileInfo(m_database.path()).size() + QFileInfo(m_database.path() + u"-wal"_s).size();
}

} // namespace tradebot
