// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakebackend.h"
#include "tests/support/fakeclock.h"
#include "tests/support/patience.h"
#include "ui/models/eventsmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <iterator>

using namespace Qt::StringLiterals;

namespace tradebot {

namespace {

BotConfig config(const QString &name)
{
    BotConfig made;
    made.name = name;
    made.symbol = Symbol(u"BTCUSDT"_s);
    made.strategy = u"ema_cross"_s;
    return made;
}

} // namespace

class EventsModelTest final : public QObject
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
        EventsModel model;
        std::optional<QAbstractItemModelTester> tester; ///< looks at every cell, so only at short tables

        explicit Fixture(EventsModelTest &test, int decisions, bool tested = true)
            : backend(test.m_clock),
              bot(backend.addBot(config(u"BTC trend"_s))),
              other(backend.addBot(config(u"ETH breakout"_s))),
              live(backend),
              model(backend, live, test.m_time)
        {
            if (tested)
                tester.emplace(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
            for (int i = 0; i < decisions; ++i)
                backend.emitFact(i % 2 ? bot : other,
                                 DecisionMade{DecisionAction::Hold, {}, {}, u"number %1"_s.arg(i)});
            (void)QTest::qWaitFor([this] { return live.isReady(); }, testPatience);
        }

        void open(const EventFilter &filter = {})
        {
            QSignalSpy ready(&model, &EventsModel::ready);
            model.show(filter);
            QTRY_COMPARE(ready.count(), 1);
        }
        QString text(int row, int column) { return model.index(row, column).data().toString(); }
        qint64 sequence(int row) { return model.eventAt(row)->sequence.value(); }
    };

private Q_SLOTS:
    void newFactsComeInOnTop()
    {
        Fixture f(*this, 10);
        f.open();
        const int before = f.model.rowCount();
        QSignalSpy inserted(&f.model, &EventsModel::rowsInserted);
        QSignalSpy reset(&f.model, &EventsModel::modelReset);
        f.backend.emitFact(f.bot, ErrorRaised{ErrorKind::Strategy, u"it broke"_s});
        QTRY_COMPARE(inserted.count(), 1);
        QCOMPARE(reset.count(), 0);
        QCOMPARE(f.model.rowCount(), before + 1);
        QCOMPARE(f.text(0, EventsModel::BotColumn), u"BTC trend"_s);
        QCOMPARE(f.text(0, EventsModel::SeverityColumn), u"error"_s);
        QVERIFY(f.text(0, EventsModel::MessageColumn).contains(u"it broke"_s));
        QCOMPARE(f.model.index(0, EventsModel::SeverityColumn).data(IconRole).toString(), u"error"_s);
        QCOMPARE(f.sequence(0), f.sequence(1) + 1);
    }

    void factsThatComeWhileReadingAreThereOnce()
    {
        Fixture f(*this, 10);
        QSignalSpy ready(&f.model, &EventsModel::ready);
        f.model.show({});
        for (int i = 0; i < 5; ++i)
            f.backend.emitFact(f.bot, DecisionMade{DecisionAction::Hold, {}, {}, u"late"_s});
        QTRY_COMPARE(ready.count(), 1);
        QTRY_COMPARE(f.model.rowCount(), static_cast<int>(f.backend.journal().size()));
        for (int row = 0; row + 1 < f.model.rowCount(); ++row)
            QCOMPARE(f.sequence(row), f.sequence(row + 1) + 1);
    }

    void olderFactsAreReadAtTheEnd()
    {
        Fixture f(*this, 700, false);
        f.open();
        QCOMPARE(f.model.rowCount(), 256);
        QTRY_VERIFY((f.model.fetchMore({}), f.model.rowCount() == std::ssize(f.backend.journal())));
        QCOMPARE(f.sequence(f.model.rowCount() - 1), 1);
    }

    void memoryIsBounded()
    {
        Fixture f(*this, 0, false);
        f.open();
        for (int i = 0; i < static_cast<int>(EventsModel::mostLive) + 800; ++i) {
            f.backend.emitFact(f.bot, DecisionMade{DecisionAction::Hold, {}, {}, {}});
            if (i % 100 == 0)
                QCoreApplication::processEvents();
        }
        QTRY_COMPARE(f.sequence(0), std::ssize(f.backend.journal()));
        QCOMPARE(f.model.rowCount(), static_cast<int>(EventsModel::mostLive));
        const auto last = f.sequence(f.model.rowCount() - 1);
        QVERIFY(f.model.canFetchMore({})); // what was dropped can be read again
        f.model.fetchMore({});
        QTRY_COMPARE(f.model.rowCount(), static_cast<int>(EventsModel::mostLive) + 256);
        QCOMPARE(f.sequence(static_cast<int>(EventsModel::mostLive)), last - 1);
        // Whoever scrolled back keeps what he sees; the table still does not grow.
        f.backend.emitFact(f.bot, DecisionMade{DecisionAction::Hold, {}, {}, {}});
        QTRY_COMPARE(f.sequence(0), std::ssize(f.backend.journal()));
        QCOMPARE(f.model.rowCount(), static_cast<int>(EventsModel::mostLive) + 256);
    }

    void filtersHoldForOldAndNewFacts_data()
    {
        QTest::addColumn<EventFilter>("filter");
        QTest::addColumn<int>("old");
        QTest::newRow("bot") << EventFilter{BotId(1), {}, Severity::Info, {}} << 301;
        QTest::newRow("type") << EventFilter{{}, {u"decision"_s}, Severity::Info, {}} << 600;
        QTest::newRow("severity") << EventFilter{{}, {}, Severity::Warning, {}} << 0;
        QTest::newRow("text") << EventFilter{{}, {}, Severity::Info, u"NUMBER 59"_s} << 11;
    }
    void filtersHoldForOldAndNewFacts()
    {
        QFETCH(EventFilter, filter);
        QFETCH(int, old);
        Fixture f(*this, 600, false);
        f.open(filter);
        QTRY_VERIFY((f.model.fetchMore({}), f.model.rowCount() == old && !f.model.canFetchMore({})));
        f.backend.emitFact(f.bot, ErrorRaised{ErrorKind::Strategy, u"number 591"_s});
        f.backend.emitFact(f.other, DecisionMade{DecisionAction::Hold, {}, {}, u"nothing"_s});
        QTRY_COMPARE(f.model.rowCount(), old + 1);
        for (int row = 0; row < f.model.rowCount(); ++row)
            QVERIFY(filter.matches(*f.model.eventAt(row)));
    }
};

} // namespace tradebot

QTEST_GUILESS_MAIN(tradebot::EventsModelTest)
#include "tst_eventsmodel.moc"
