// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakebackend.h"
#include "tests/support/fakeclock.h"
#include "tests/support/patience.h"
#include "ui/models/tradesmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tradebot {

namespace {

BotConfig config()
{
    BotConfig made;
    made.name = u"BTC trend"_s;
    made.symbol = Symbol(u"BTCUSDT"_s);
    made.strategy = u"ema_cross"_s;
    return made;
}

Trade trade(qint64 id, BotId bot)
{
    Trade made;
    made.id = TradeId(id);
    made.bot = bot;
    made.symbol = Symbol(u"BTCUSDT"_s);
    made.quantity = Quantity::parse(u"0.0745").value();
    made.entryTime = Timestamp(std::chrono::hours(id));
    made.exitTime = made.entryTime + 44min;
    made.entryPrice = Price::parse(u"67310.07").value();
    made.exitPrice = Price::parse(u"67181.93").value();
    made.gross = Money::fromInteger(static_cast<int>(id % 1000) - 500);
    made.fees = Money::parse(u"10.02").value();
    made.entryTag = u"ema_cross_up"_s;
    made.exitTag = u"ema_cross_down"_s;
    made.currency = u"USDT"_s;
    return made;
}

} // namespace

class TradesModelTest final : public QObject
{
    Q_OBJECT

private:
    FakeClock m_clock{parseRfc3339(u"2026-11-20T14:32:08Z").value()};
    TimeFormat m_time{m_clock};

    struct Fixture
    {
        FakeBackend backend;
        BotId bot;
        BotId other;
        LiveFeed live;
        TradesModel model;
        std::optional<QAbstractItemModelTester> tester; ///< looks at every cell, so only at short tables

        explicit Fixture(TradesModelTest &test, int trades, int otherTrades = 0)
            : backend(test.m_clock),
              bot(backend.addBot(config())),
              other(backend.addBot(config())),
              live(backend),
              model(backend, &live, test.m_time)
        {
            if (trades + otherTrades < 2000)
                tester.emplace(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
            std::vector<Trade> made;
            for (int i = 1; i <= trades + otherTrades; ++i)
                made.push_back(trade(i * 3, i <= trades ? bot : other));
            backend.addTrades(made);
        }

        void open(std::optional<BotId> shown = {})
        {
            QSignalSpy ready(&model, &TradesModel::ready);
            model.show(shown);
            QTRY_COMPARE(ready.count(), 1);
        }
        /// Looks at a row until its page has been read.
        const Trade *read(int row)
        {
            return QTest::qWaitFor([&] { return model.tradeAt(row) != nullptr; }, testPatience) ? model.tradeAt(row)
                                                                                                : nullptr;
        }
        QString text(int row, int column) { return model.index(row, column).data().toString(); }
    };

private Q_SLOTS:
    void anyRowOfAMillionIsReadWhenItIsLookedAt()
    {
        Fixture f(*this, 100'000);
        f.open();
        QCOMPARE(f.model.rowCount(), 100'000);
        QCOMPARE(f.text(0, TradesModel::BotColumn), u"BTC trend"_s);
        for (const int row : {99'999, 50'000, 0, 63, 64, 65, 127, 128, 31'337}) {
            const Trade *found = f.read(row);
            QVERIFY(found);
            QCOMPARE(found->id.value(), (100'000 - row) * 3);
        }
        for (int row = 0; row < 30'000; row += TradePages::pageSize)
            QVERIFY(f.read(row));
        QVERIFY(f.model.loadedPages() <= TradePages::mostPages);
    }

    void aRowThatIsBeingReadShowsAnEllipsisThenItself()
    {
        Fixture f(*this, 5000);
        f.open();
        QSignalSpy changed(&f.model, &TradesModel::dataChanged);
        QCOMPARE(f.text(4000, TradesModel::BotColumn), u"…"_s);
        QCOMPARE(f.text(4000, TradesModel::NetColumn), QString()); // one word a row: it is painted for a moment only
        QTRY_COMPARE(changed.count(), 1);
        const auto first = changed[0][0].value<QModelIndex>().row();
        const auto last = changed[0][1].value<QModelIndex>().row();
        QVERIFY(first <= 4000 && last >= 4000);
        QCOMPARE(last - first, TradePages::pageSize - 1);
        QVERIFY(f.text(4000, TradesModel::NetColumn).endsWith(u"USDT"_s));
    }

    void aNewTradeIsInsertedOnTop()
    {
        Fixture f(*this, TradePages::pageSize * 12); // so that the next one begins a page
        f.open();
        QVERIFY(f.read(700));
        QSignalSpy inserted(&f.model, &TradesModel::rowsInserted);
        QSignalSpy reset(&f.model, &TradesModel::modelReset);
        f.backend.emitFact(f.bot, TradeClosed{trade(10'000, f.bot)});
        QTRY_COMPARE(inserted.count(), 1);
        QCOMPARE(reset.count(), 0);
        QCOMPARE(f.model.rowCount(), 769);
        QVERIFY(f.model.tradeAt(0));
        QCOMPARE(f.model.tradeAt(0)->id, TradeId(10'000));
        QVERIFY(f.model.tradeAt(701)); // the pages that were here still are
    }

    void tradesOfOneBotAreShownAlone()
    {
        Fixture f(*this, 300, 600);
        f.open(f.bot);
        QCOMPARE(f.model.rowCount(), 300);
        QVERIFY(f.read(299));
        QCOMPARE(f.model.tradeAt(299)->id, TradeId(3));
        f.open();
        QCOMPARE(f.model.rowCount(), 900);
        QCOMPARE(f.read(0)->bot, f.other);
    }

    void anEmptyStoreHasNoRows()
    {
        Fixture f(*this, 0);
        f.open();
        QCOMPARE(f.model.rowCount(), 0);
        QVERIFY(f.model.isReady());
    }

    void cellsSayWhatATraderReads()
    {
        Fixture f(*this, 1);
        f.open();
        QCOMPARE(f.text(0, TradesModel::SideColumn), u"long"_s);
        QCOMPARE(f.text(0, TradesModel::DurationColumn), u"44 m 00 s"_s);
        QCOMPARE(f.text(0, TradesModel::FeesColumn), u"\u221210.02"_s);
        QCOMPARE(f.text(0, TradesModel::NetColumn), u"\u2212507.02 USDT"_s);
        QCOMPARE(f.text(0, TradesModel::ExitReasonColumn), u"ema_cross_down"_s);
        const QModelIndex net = f.model.index(0, TradesModel::NetColumn);
        QCOMPARE(net.data(OutcomeRole).toInt(), -1);
        QCOMPARE(net.data(SortRole).toLongLong(), -50'702'000'000);
        QCOMPARE(net.data(CopyRole).toString(), u"-507.02"_s);
        QVERIFY(f.model.headerData(TradesModel::ExitTimeColumn, Qt::Horizontal, Qt::DisplayRole)
                        .toString()
                        .contains(u"UTC"_s));
    }
};

} // namespace tradebot

QTEST_GUILESS_MAIN(tradebot::TradesModelTest)
#include "tst_tradesmodel.moc"
