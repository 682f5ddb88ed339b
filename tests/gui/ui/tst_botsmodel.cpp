// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/exampledata.h"
#include "ui/models/botsfilter.h"
#include "ui/models/positionsmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <random>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

SnapshotPointer snapshot(const FakeBackend &backend, BotId id)
{
    return std::make_shared<const BotSnapshot>(backend.bot(id));
}

} // namespace

class TestBotsModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theModelKeepsItsPromisesThroughAnyChanges()
    {
        FakeClock clock;
        FakeBackend backend(clock);
        fillWithExamples(backend, clock, 20);
        BotsModel model;
        BotsFilter filter(model);
        PositionsModel positions;
        const QAbstractItemModelTester modelTester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        const QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::Fatal);
        const QAbstractItemModelTester positionsTester(&positions,
                                                       QAbstractItemModelTester::FailureReportingMode::Fatal);

        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        for (int step = 0; step < 2000; ++step) {
            const BotId id(1 + static_cast<int>(random() % 20));
            switch (random() % 6) {
            case 0:
                model.remove(id);
                positions.remove(id);
                break;
            case 1: filter.setWords(random() % 2 == 0 ? u"eth"_s : QString()); break;
            case 2: model.setWorking(id, random() % 2 == 0 ? u"Starting…"_s : QString()); break;
            default: {
                BotSnapshot bot = backend.bot(id);
                if (random() % 4 == 0)
                    bot.instrument.quote = u"EUR"_s; // to another account
                if (random() % 4 == 0)
                    bot.state.position = Position();
                bot.unrealised = Money::fromInteger(static_cast<int>(random() % 100));
                model.update({std::make_shared<const BotSnapshot>(bot)});
                positions.update({std::make_shared<const BotSnapshot>(bot)});
            }
            }
        }
    }

    void onlyChangedCellsAreSignalled()
    {
        FakeClock clock;
        FakeBackend backend(clock);
        fillWithExamples(backend, clock, 3);
        BotsModel model;
        model.update({snapshot(backend, BotId(1)), snapshot(backend, BotId(2))});
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.update({snapshot(backend, BotId(1))});
        QCOMPARE(changes.count(), 0);

        BotSnapshot bot = backend.bot(BotId(1));
        bot.unrealised = Money::fromInteger(7);
        model.update({std::make_shared<const BotSnapshot>(bot)});
        QCOMPARE(changes.count(), 2); // the cell and the sum
        QCOMPARE(changes[0][0].toModelIndex().column(), int(BotsModel::UnrealisedColumn));
        QCOMPARE(changes[0][1].toModelIndex().column(), int(BotsModel::UnrealisedColumn));
    }

    void anAccountSumsItsBotsAndNoOthers()
    {
        FakeClock clock;
        FakeBackend backend(clock);
        BotsModel model;
        const auto add = [&](const QString &symbol, int unrealised) {
            BotSnapshot bot = backend.bot(backend.addBot(exampleConfig(symbol, symbol)));
            bot.state.position.side = PositionSide::Long;
            bot.unrealised = Money::fromInteger(unrealised);
            model.update({std::make_shared<const BotSnapshot>(bot)});
        };
        add(u"BTCUSDT"_s, 5);
        add(u"ETHUSDT"_s, -7);
        add(u"ETHEUR"_s, 100);
        const auto accounts = model.accounts();
        QCOMPARE(accounts.size(), 2U);
        QCOMPARE(accounts[0].key.currency, u"EUR"_s);
        QCOMPARE(accounts[0].unrealised, Money::fromInteger(100));
        QCOMPARE(accounts[1].unrealised, Money::fromInteger(-2));
    }

    void anUnknownPartMakesTheSumUnknown()
    {
        FakeClock clock;
        FakeBackend backend(clock);
        BotsModel model;
        BotSnapshot bot = backend.bot(backend.addBot(exampleConfig(u"a"_s)));
        bot.state.position.side = PositionSide::Long;
        bot.unrealised.reset();
        model.update({std::make_shared<const BotSnapshot>(bot)});
        QVERIFY(!model.accounts().front().unrealised.has_value());
        const QModelIndex sum = model.index(1, BotsModel::UnrealisedColumn, model.index(0, 0));
        QCOMPARE(sum.data().toString(), u"—"_s);
    }

    void aRowIsSpokenInWords()
    {
        FakeClock clock;
        FakeBackend backend(clock);
        fillWithExamples(backend, clock, 1);
        const QString spoken = spokenText(toRow(backend.bot(BotId(1))));
        QVERIFY2(spoken.startsWith(u"BTC trend, demo, running, BTCUSDT, long 0.0745, unrealised plus "_s),
                 qPrintable(spoken));
        QVERIFY2(spoken.endsWith(u"3 trades today"_s), qPrintable(spoken));
    }
};

QTEST_GUILESS_MAIN(TestBotsModel)
#include "tst_botsmodel.moc"
