// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/ui/windowfixture.h"
#include "tests/support/patience.h"
#include "ui/dialogs/botdialog.h"
#include "ui/dialogs/killdialog.h"
#include "ui/models/accountscope.h"
#include "ui/models/killreportmodel.h"
#include "ui/window/killcontroller.h"
#include "ui/window/windowtoolbar.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

const BotId first(1);
const BotId second(2);
const BotId third(3);

/// An order that rests at the exchange.
Order rest(WindowFixture &f, BotId bot, bool protects)
{
    Order order;
    order.id = ClientOrderId{bot, EventSequence(static_cast<qint64>(f.backend.journal().size()) + 1)};
    order.symbol = f.backend.bot(bot).config->symbol;
    order.side = protects ? Side::Sell : Side::Buy;
    order.type = protects ? OrderType::Stop : OrderType::Limit;
    order.purpose = protects ? OrderPurpose::StopLoss : OrderPurpose::Entry;
    order.reduceOnly = protects;
    order.quantity = Quantity::fromRaw(7'450'000);
    (protects ? order.stopPrice : order.limitPrice) = Price::fromInteger(60'000);
    order.state = OrderState::Submitted;
    f.backend.emitFact(bot, OrderChanged{OrderTrigger::Submit, order});
    order.state = OrderState::Accepted;
    order.exchangeId = ExchangeOrderId(u"x%1"_s.arg(order.id.sequence.value()));
    f.backend.emitFact(bot, OrderChanged{OrderTrigger::Accept, order});
    return order;
}

void requestCancel(WindowFixture &f, Order &order)
{
    order.cancelRequested = true;
    f.backend.emitFact(order.id.bot, OrderChanged{OrderTrigger::RequestCancel, order});
}

void cancel(WindowFixture &f, Order &order)
{
    order.state = OrderState::Cancelled;
    order.reason = u"the kill switch"_s;
    f.backend.emitFact(order.id.bot, OrderChanged{OrderTrigger::Cancel, order});
}

KillDialog *dialogOf(WindowFixture &f)
{
    return f.window().findChild<KillDialog *>();
}

QString textOf(const QWidget &of, const QString &label)
{
    return of.findChild<QLabel *>(label)->text();
}

QString consequence(const KillDialog &dialog, const QString &choice)
{
    return dialog.findChild<QRadioButton *>(choice)->accessibleDescription();
}

QStringList column(const QAbstractItemModel &model, int column)
{
    QStringList texts;
    for (int row = 0; row < model.rowCount(); ++row)
        texts += model.index(row, column).data().toString();
    return texts;
}

/// The oldest three bots hold a position; the first has an entry and a stop at the exchange.
struct Holding : WindowFixture
{
    Holding() : WindowFixture(3)
    {
        (void)isReady();
        entry = rest(*this, first, false);
        stop = rest(*this, first, true);
        (void)QTest::qWaitFor([this] { return context().live.bot(first)->state.openOrders.size() == 2; }, testPatience);
    }
    Order entry;
    Order stop;
};

} // namespace

class TestKillSheet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// A dialog keeps the keys of the window from it, but not those.
    void theKeysWorkInADialogToo()
    {
        Holding f;
        f.window().openBotDialog(first);
        auto *form = f.window().findChild<BotDialog *>();
        form->activateWindow();
        QTRY_COMPARE(QApplication::activeWindow(), form);
        QTest::keyClick(form->focusWidget(), Qt::Key_K, Qt::ControlModifier | Qt::ShiftModifier);
        KillDialog *dialog = dialogOf(f);
        QVERIFY(dialog);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(f.backend.killSwitches().size(), 1U);
        QVERIFY(form->isVisible()); // what was written in it stays
    }

    void theKeysPullItForEverything()
    {
        Holding f;
        QTest::keyClick(&f.window(), Qt::Key_K, Qt::ControlModifier | Qt::ShiftModifier);
        KillDialog *dialog = dialogOf(f);
        QVERIFY(dialog);
        QVERIFY(f.backend.killSwitches().empty()); // nothing before Enter
        QCOMPARE(textOf(*dialog, u"killHeading"_s), u"Kill switch, everything"_s);
        QCOMPARE(textOf(*dialog, u"killCounts"_s),
                 u"3 bots, 3 positions, 2 orders. Choose how far, then press Enter."_s);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(f.backend.killSwitches().size(), 1U);
        const KillSwitch pulled = f.backend.killSwitches().front();
        QCOMPARE(pulled.scope, KillScope::Everything);
        QCOMPARE(pulled.level, KillLevel::PauseEntries);
        QCOMPARE(pulled.owner, UserId(1));
        QVERIFY(!pulled.includesProtection);
    }

    void escapeLeavesItAlone()
    {
        Holding f;
        f.actions().kill->trigger();
        QTest::keyClick(dialogOf(f), Qt::Key_Escape);
        QTRY_VERIFY(!dialogOf(f));
        QVERIFY(f.backend.killSwitches().empty());
        QVERIFY(!f.window().findChild<KillReportDialog *>());
    }

    void eachChoiceSaysWhatGoesAndWhatStays()
    {
        Holding f;
        f.actions().kill->trigger();
        const KillDialog &dialog = *dialogOf(f);
        QCOMPARE(consequence(dialog, u"kill-pause_entries"_s), u"No new positions. 3 positions and 2 orders stay."_s);
        QCOMPARE(consequence(dialog, u"kill-cancel_orders"_s),
                 u"Cancels 1 order. 3 positions with stops and targets (1 order) stay."_s);
        const QString flatten = consequence(dialog, u"kill-flatten"_s);
        QVERIFY2(flatten.startsWith(u"Cancels 2 orders, closes 3 positions at market: "_s)
                         && flatten.endsWith(u" USDT."_s),
                 qPrintable(flatten));
        dialog.findChild<QRadioButton *>(u"kill-cancel_orders"_s)->click();
        dialog.findChild<QCheckBox *>(u"killProtection"_s)->click();
        QCOMPARE(consequence(dialog, u"kill-cancel_orders"_s),
                 u"Cancels all 2 orders, stops too. 3 positions left unprotected."_s);
    }

    void theArrowsChooseHowFarAndTheButtonRepeatsIt()
    {
        Holding f;
        f.actions().kill->trigger();
        KillDialog *dialog = dialogOf(f);
        const auto *button = dialog->findChild<QPushButton *>(u"killButton"_s);
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        QTRY_COMPARE(QApplication::focusWidget(), dialog->findChild<QWidget *>(u"kill-pause_entries"_s));
        QCOMPARE(button->text(), u"Pause entries, Enter"_s);
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Down);
        QCOMPARE(button->text(), u"Cancel all orders, Enter"_s);
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Down);
        QCOMPARE(button->text(), u"Flatten everything, Enter"_s);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(f.backend.killSwitches().size(), 1U);
        QCOMPARE(f.backend.killSwitches().front().level, KillLevel::Flatten);
    }

    void protectionGoesOnlyWhenItsBoxIsTicked()
    {
        Holding f;
        for (const bool ticked : {false, true}) {
            f.actions().kill->trigger();
            KillDialog *dialog = dialogOf(f);
            QVERIFY(!dialog->findChild<QCheckBox *>(u"killProtection"_s)->isEnabled());
            dialog->findChild<QRadioButton *>(u"kill-cancel_orders"_s)->click();
            dialog->findChild<QCheckBox *>(u"killProtection"_s)->setChecked(ticked);
            dialog->accept();
            QTRY_VERIFY(!dialogOf(f));
            QCOMPARE(f.backend.killSwitches().back().includesProtection, ticked);
        }
    }

    void theScopesAreTheChosenBotItsAccountAndEverything()
    {
        Holding f;
        BotConfig live = exampleConfig(u"Real one"_s, u"SOLUSDT"_s);
        live.mode = Mode::Live;
        live.exchange = Exchange::Binance;
        live.apiKeyId = 7;
        const BotId real = f.backend.addBot(live);
        QTRY_COMPARE(f.context().live.bots().size(), 4U);

        f.window().botsPanel().select(second);
        f.actions().killBy[static_cast<std::size_t>(KillScope::Bot)]->trigger();
        KillDialog *dialog = dialogOf(f);
        QCOMPARE(textOf(*dialog, u"killHeading"_s), u"Kill switch, ETH breakout"_s);
        QCOMPARE(dialog->windowTitle(), u"DEMO · Kill switch"_s);
        QVERIFY(textOf(*dialog, u"killCounts"_s).startsWith(u"1 bot, 1 position, 0 orders."_s));
        auto *scope = dialog->findChild<QComboBox *>(u"killScope"_s);
        QCOMPARE(scope->count(), 3);
        scope->setCurrentIndex(1);
        QCOMPARE(textOf(*dialog, u"killHeading"_s), u"Kill switch, account Paper"_s);
        QVERIFY(textOf(*dialog, u"killCounts"_s).startsWith(u"3 bots"_s));
        QCOMPARE(dialog->killSwitch().bot, second);
        scope->setCurrentIndex(2);
        QVERIFY(textOf(*dialog, u"killCounts"_s).startsWith(u"4 bots"_s));
        QCOMPARE(dialog->windowTitle(), u"LIVE · Kill switch"_s);
        dialog->reject();
        QTRY_VERIFY(!dialogOf(f));

        f.context().scope.choose(accountOf(f.backend.bot(real)));
        f.actions().kill->trigger(); // for the account that the window shows
        QCOMPARE(textOf(*dialogOf(f), u"killHeading"_s), u"Kill switch, account Binance, key 7"_s);
        QCOMPARE(dialogOf(f)->killSwitch().scope, KillScope::Account);
        QCOMPARE(dialogOf(f)->killSwitch().bot, real);
    }

    void theReportFollowsEachOrderToItsEnd()
    {
        Holding f;
        f.actions().kill->trigger();
        dialogOf(f)->findChild<QRadioButton *>(u"kill-cancel_orders"_s)->click();
        dialogOf(f)->accept();
        auto *shown = f.window().findChild<KillReportDialog *>();
        QVERIFY(shown && shown->isVisible() && !shown->isModal());
        KillReportModel &report = shown->report();
        const QAbstractItemModelTester tester(&report, QAbstractItemModelTester::FailureReportingMode::Fatal);
        const auto outcomes = [&] { return column(report, KillReportModel::OutcomeColumn); };
        // For each bot its orders, its position, the bot itself.
        QTRY_COMPARE(outcomes(), (QStringList{u"to be cancelled"_s, u"stays"_s, u"stays"_s, u"asked"_s, u"stays"_s,
                                              u"asked"_s, u"stays"_s, u"asked"_s}));
        QVERIFY(textOf(*shown, u"killProgress"_s).startsWith(u"4 answers are still to come"_s));

        for (const BotId bot : {first, second, third})
            f.backend.emitFact(bot, KillSwitchPulled{{KillLevel::CancelOrders, false, u"everything"_s}});
        requestCancel(f, f.entry);
        QTRY_COMPARE(outcomes().front(), u"cancel sent"_s);
        cancel(f, f.entry);
        QTRY_COMPARE(outcomes().front(), u"cancelled"_s);
        for (const BotId bot : {first, second, third})
            f.backend.emitFact(bot, KillSwitchDone{KillLevel::CancelOrders, u"Kill switch done"_s});
        QTRY_COMPARE(textOf(*shown, u"killProgress"_s), u"All is settled."_s);
        QCOMPARE(outcomes(), (QStringList{u"cancelled"_s, u"stays"_s, u"stays"_s, u"done"_s, u"stays"_s, u"done"_s,
                                          u"stays"_s, u"done"_s}));

        shown->findChild<QPushButton *>(u"copyKillReport"_s)->click();
        const QString copied = QGuiApplication::clipboard()->text();
        QCOMPARE(copied.count(u'\n'), report.rowCount() + 1);
        QVERIFY2(copied.contains(u"BTC trend\t"_s + f.entry.id.toString()), qPrintable(copied));
    }

    void theReportOfAFlattenNamesTheClosingOrders()
    {
        Holding f;
        f.window().botsPanel().select(second);
        f.actions().killBy[static_cast<std::size_t>(KillScope::Bot)]->trigger();
        dialogOf(f)->findChild<QRadioButton *>(u"kill-flatten"_s)->click();
        dialogOf(f)->accept();
        KillReportModel &report = f.window().findChild<KillReportDialog *>()->report();
        QTRY_COMPARE(column(report, KillReportModel::OutcomeColumn), (QStringList{u"to be closed"_s, u"asked"_s}));

        f.backend.emitFact(second, KillSwitchPulled{{KillLevel::Flatten, false, u"bot"_s}});
        const Position position = f.backend.bot(second).state.position;
        f.backend.fill(second, Side::Sell, position.quantity, Price::fromInteger(3'400));
        f.backend.emitFact(second, KillSwitchDone{KillLevel::Flatten, u"Kill switch done: order closed"_s});
        QTRY_COMPARE(column(report, KillReportModel::OutcomeColumn),
                     (QStringList{u"filled"_s, u"closed"_s, u"done"_s}));
        QCOMPARE(column(report, KillReportModel::WhyColumn).back(), u"Kill switch done: order closed"_s);
        QCOMPARE(report.waiting(), 0);
    }

    void anUnknownOrderNeedsALook()
    {
        Holding f;
        f.actions().kill->trigger();
        dialogOf(f)->findChild<QRadioButton *>(u"kill-flatten"_s)->click();
        dialogOf(f)->accept();
        f.entry.state = OrderState::Unknown;
        f.backend.emitFact(first, OrderChanged{OrderTrigger::LoseSight, f.entry});
        auto *shown = f.window().findChild<KillReportDialog *>();
        QTRY_VERIFY(textOf(*shown, u"killProgress"_s).contains(u"1 needs a look"_s));
        QVERIFY(column(shown->report(), KillReportModel::OutcomeColumn).front().startsWith(u"UNKNOWN"_s));
    }

    void aFactThatOvertakesTheAnswerStands()
    {
        Holding f;
        const auto bot = f.context().live.bot(first);
        KillReportModel report(f.context().live, {KillScope::Bot, UserId(1), first, KillLevel::CancelOrders, true},
                               {bot});
        Order stale = f.entry;
        cancel(f, f.entry);
        QTRY_COMPARE(column(report, KillReportModel::OutcomeColumn).front(), u"cancelled"_s);
        stale.cancelRequested = true;
        report.takeReport({{first}, {stale}});
        QCOMPARE(column(report, KillReportModel::OutcomeColumn).front(), u"cancelled"_s);
    }

    void aFailureIsToldInTheReportAndAsAToast()
    {
        Holding f;
        f.window().botsPanel().select(second);
        f.actions().killBy[static_cast<std::size_t>(KillScope::Bot)]->trigger();
        f.backend.edit(second, [](BotSnapshot &bot) { bot.deleted = true; }); // the engine knows it no more
        dialogOf(f)->accept();
        QTRY_COMPARE(f.window().toasts().toasts().size(), 1U);
        QCOMPARE(f.window().toasts().toasts().front()->text().heading, u"The kill switch failed: ETH breakout"_s);
        auto *shown = f.window().findChild<KillReportDialog *>();
        QCOMPARE(column(shown->report(), KillReportModel::OutcomeColumn).back(), u"not done"_s);
        QVERIFY(!column(shown->report(), KillReportModel::WhyColumn).back().isEmpty());
    }

    void theButtonStandsInTheToolbarAtAnyWidth()
    {
        Holding f;
        const auto *button = f.window().findChild<QWidget *>(u"killToolButton"_s);
        for (const int width : {1280, 960}) {
            f.window().resize(width, 700);
            QTRY_COMPARE(f.window().width(), width);
            QTRY_VERIFY(button->isVisible());
            QVERIFY(f.window().rect().contains(QRect(button->mapTo(&f.window(), QPoint()), button->size())));
        }
    }
};

QTEST_MAIN(TestKillSheet)
#include "tst_killsheet.moc"
