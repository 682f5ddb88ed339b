// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/stateaudit.h"

#include "core/domain/ledgeraudit.h"
#include "core/domain/statejson.h"
#include "core/storage/rows.h"

#include <functional>
#include <map>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

struct Folded
{
    BotState state;
    LedgerAudit sums;
    Exchange exchange = Exchange::Paper;
    Money initialBalance;
    qint64 fills = 0;
    qint64 trades = 0;
};

/// Reads the journal from its beginning and compares what comes out.
class Refold final
{
public:
    Refold(const Database &database, QStringList &problems)
        : m_database(database),
          m_problems(problems),
          m_fillOf(database, u"SELECT seq FROM fills WHERE exchange = ? AND exchange_trade_id = ? AND order_seq = ?"_s)
    { }

    Result<BotState> stateOf(BotId bot)
    {
        Statement journal(m_database, u"SELECT %1 FROM events WHERE bot_id = ? ORDER BY seq"_s.arg(
                                              QLatin1StringView(eventColumns)));
        if (auto done = journal.each(reader(), bot); !done)
            return fail(done.error());
        return m_bots[bot].state;
    }

    Result<void> run()
    {
        Statement journal(m_database, u"SELECT %1 FROM events ORDER BY seq"_s.arg(QLatin1StringView(eventColumns)));
        if (auto done = journal.each(reader()); !done)
            return done;
        for (auto &[bot, folded] : m_bots) {
            if (auto done = compare(bot, folded); !done)
                return done;
        }
        return {};
    }

private:
    std::function<Result<void>(Row &)> reader()
    {
        return [this](Row &row) -> Result<void> {
            const auto event = readEvent(row);
            return event ? add(*event) : fail(event.error());
        };
    }

    Result<void> add(const BotEvent &event)
    {
        Folded &folded = m_bots[event.bot];
        if (const auto *created = std::get_if<BotCreated>(&event.payload)) {
            folded.initialBalance = created->config.initialBalance;
            folded.exchange = created->config.exchange;
        }
        if (const auto *configured = std::get_if<BotConfigured>(&event.payload)) {
            folded.exchange = configured->config.exchange;
            if (folded.fills == 0)
                folded.initialBalance = configured->config.initialBalance;
        }
        if (std::holds_alternative<TradeClosed>(event.payload))
            ++folded.trades;
        if (const auto *filled = std::get_if<OrderFilled>(&event.payload)) {
            const auto row =
                    m_fillOf.integer(folded.exchange, filled->fill.exchangeTradeId, filled->fill.order.sequence);
            if (!row)
                return fail(row.error());
            if (!*row)
                say(event, u"its fill is not in the table of fills"_s);
            if (*row && **row != event.sequence.value()) { // repeats an earlier one: no money moved
                folded.state.lastSequence = event.sequence;
                return {};
            }
            ++folded.fills;
        }
        folded.sums.add(event.payload);
        if (auto done = apply(folded.state, event); !done)
            say(event, done.error().text);
        return {};
    }

    Result<void> compare(BotId bot, const Folded &folded)
    {
        Statement stored(m_database, u"SELECT CAST(state AS BLOB) FROM bot_states WHERE bot_id = ?"_s);
        QByteArray state;
        auto take = [&state](Row &row) -> Result<void> {
            state = row.bytes(0);
            return {};
        };
        if (auto done = stored.each(take, bot); !done)
            return done;
        if (state != toJson(folded.state))
            m_problems += u"bot %1: its stored state is not what its facts add up to"_s.arg(bot.value());
        for (const QString &contradiction : folded.sums.contradictions(folded.state))
            m_problems += u"bot %1: "_s.arg(bot.value()) + contradiction;

        const auto ledger = sum(u"SELECT sum(amount) FROM ledger WHERE bot_id = ?"_s, bot);
        const auto fills = sum(u"SELECT count(*) FROM fills WHERE bot_id = ?"_s, bot);
        const auto trades = sum(u"SELECT count(*) FROM trades WHERE bot_id = ?"_s, bot);
        for (const auto *number : {&ledger, &fills, &trades}) {
            if (!*number)
                return fail(number->error());
        }
        const Checked<Money> balance = folded.initialBalance + Money::fromRaw(*ledger);
        if (balance.value() != folded.state.balance)
            m_problems += u"bot %1: its balance is %2, but its ledger adds up to %3"_s.arg(bot.value())
                                  .arg(folded.state.balance.toString(), balance.valueOr(Money::maximum()).toString());
        expect(bot, u"fills"_s, *fills, folded.fills);
        expect(bot, u"trades"_s, *trades, folded.trades);
        return {};
    }

    Result<qint64> sum(const QString &sql, BotId bot)
    {
        Statement statement(m_database, sql);
        return statement.integer(bot).map([](std::optional<qint64> found) { return found.value_or(0); });
    }

    void expect(BotId bot, const QString &what, qint64 stored, qint64 folded)
    {
        if (stored != folded)
            m_problems += u"bot %1: there are %2 %3, but the journal tells of %4"_s.arg(bot.value())
                                  .arg(stored)
                                  .arg(what)
                                  .arg(folded);
    }

    void say(const BotEvent &event, const QString &what)
    {
        if (m_problems.size() < 100)
            m_problems += u"fact %1 of bot %2: %3"_s.arg(event.sequence.value()).arg(event.bot.value()).arg(what);
    }

    const Database &m_database;
    QStringList &m_problems;
    Statement m_fillOf;
    std::map<BotId, Folded> m_bots;
};

} // namespace

Result<BotState> rebuildState(const Database &database, BotId bot)
{
    QStringList problems;
    auto state = Refold(database, problems).stateOf(bot);
    if (state && !problems.isEmpty())
        return fail(ErrorCode::Corrupt, problems.constFirst());
    return state;
}

Result<void> auditStates(const Database &database, QStringList &problems)
{
    return Refold(database, problems).run();
}

} // namespace tradebot
