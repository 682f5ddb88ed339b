// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever bots do, and however it is cut into batches, transactions and runs of the program: what is recovered is the
// fold, every check passes, and money is the sum of its ledger.
#include "core/domain/statejson.h"
#include "core/storage/maintenance.h"
#include "core/storage/recovery.h"
#include "core/storage/sqlhistory.h"
#include "tests/unit/storage/storagefixture.h"

#include <QTest>

#include <rapidcheck.h>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

namespace {

using Events = std::vector<std::shared_ptr<BotEvent>>;

QByteArray decimal(int whole, int fraction)
{
    return QByteArray::number(whole) + '.' + QByteArray::number(fraction).rightJustified(8, '0');
}

/// What one bot does next: trades of any size (which turn positions round, too), decisions, changes of all kinds.
Events step(FactMaker &facts, BotId bot)
{
    const int kind = *rc::gen::inRange(0, 10);
    if (kind < 6) {
        const Side side = *rc::gen::element(Side::Buy, Side::Sell);
        const QByteArray quantity = decimal(*rc::gen::inRange(0, 3), *rc::gen::inRange(1, 100'000'000));
        const QByteArray price = decimal(*rc::gen::inRange(1, 100'000), *rc::gen::inRange(0, 100'000'000));
        return facts.filled(bot, side, quantity.constData(), price.constData());
    }
    switch (kind) {
    case 6: return {facts.decision(bot)};
    case 7:
        return {facts.make(bot, StatusChanged{BotStatus::Running, BotStatus::Error, ErrorKind::Strategy, u"odd"_s}),
                facts.make(bot, ErrorRaised{ErrorKind::Strategy, u"odd"_s})};
    case 8: {
        const int version = facts.state(bot).configVersion + 1;
        return {facts.make(bot, BotConfigured{version, exampleConfig(u"version %1"_s.arg(version))})};
    }
    default: {
        const auto today = facts.state(bot).day;
        return {facts.make(bot, DayClosed{today, today + std::chrono::days(1), facts.state(bot).today})};
    }
    }
}

std::vector<JournalBatch> randomBatches(FactMaker &facts, int &bots)
{
    std::vector<JournalBatch> batches;
    for (int left = *rc::gen::inRange(1, 12); left > 0; --left) {
        JournalBatch batch;
        if (bots == 0 || *rc::gen::inRange(0, 8) == 0)
            batch.events.push_back(facts.created(BotId(++bots)));
        const BotId bot(*rc::gen::inRange(1, bots + 1));
        for (auto &event : step(facts, bot))
            batch.events.push_back(std::move(event));
        if (*rc::gen::arbitrary<bool>())
            batch.equity.push_back(
                    {bot, {fromMilliseconds(batch.events.back()->sequence.value()), facts.state(bot).balance}});
        batches.push_back(std::move(batch));
    }
    return batches;
}

/// One run of the program: opens, goes on, writes some transactions, ends.
void run(const TemporaryStore &store, FactMaker &facts, int &bots)
{
    const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
    JournalWriter writer(database, store.clock, valueOf(recover(database)));
    for (int left = *rc::gen::inRange(1, 4); left > 0; --left) {
        const auto committed = valueOf(writer.write(randomBatches(facts, bots)));
        RC_ASSERT(committed.upTo == facts.last());
    }
}

} // namespace

class tst_StoreProperties final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsRecoveredIsTheFold()
    {
        QVERIFY(rc::check("recovered is folded", [] {
            const TemporaryStore store;
            FactMaker facts;
            int bots = 0;
            for (int runs = *rc::gen::inRange(1, 4); runs > 0; --runs)
                run(store, facts, bots);
            const Recovered recovered = valueOf(recover(store.look()));
            RC_ASSERT(recovered.last == facts.last());
            RC_ASSERT(std::ssize(recovered.bots) == bots);
            for (const BotRecord &bot : recovered.bots)
                RC_ASSERT(toJson(bot.state) == toJson(facts.state(bot.id)));
            const QStringList problems = valueOf(checkDatabase(store.dataDir()));
            if (!problems.isEmpty())
                RC_FAIL(problems.join(u'\n').toStdString());
        }));
    }
};

QTEST_GUILESS_MAIN(tst_StoreProperties)
#include "tst_storeproperties.moc"
