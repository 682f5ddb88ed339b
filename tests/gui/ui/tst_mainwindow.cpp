// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/ui/windowfixture.h"
#include "tests/support/patience.h"
#include "ui/window/docktitle.h"
#include "ui/window/modebanner.h"

#include <QComboBox>
#include <QDockWidget>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

const BotId first(1);

/// Counts how often windows paint what has changed.
class FrameCounter final : public QObject
{
public:
    FrameCounter() { qApp->installEventFilter(this); }
    [[nodiscard]] int count() const { return m_count; }
    bool eventFilter(QObject *object, QEvent *event) override
    {
        if (event->type() == QEvent::UpdateRequest && object->isWidgetType())
            ++m_count;
        return false;
    }

private:
    int m_count = 0;
};

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void newViewsOfAllBotsAreOneFrame()
    {
        WindowFixture f(100);
        QVERIFY(f.isReady());
        QCoreApplication::processEvents();
        FrameCounter frames;
        for (int round = 1; round <= 10; ++round) {
            for (int bot = 1; bot <= 100; ++bot)
                f.backend.setMarkPrice(BotId(bot), Price::fromInteger(1000 + round));
            const int before = frames.count();
            QTRY_VERIFY(frames.count() > before);
            const QModelIndex row = f.window().botsModel().indexOf(BotId(100));
            QCOMPARE(row.data(BotsModel::RowRole).value<BotRow>().priceReceivedAt, f.clock.now());
            f.clock.advance(std::chrono::milliseconds(100));
        }
        QVERIFY2(frames.count() <= 20, qPrintable(QString::number(frames.count()))); // clock and age tick, too
    }

    void anEmptyWindowWelcomes()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        QTRY_COMPARE(f.window().windowTitle(), u"DEMO · Welcome · TradeBot"_s);
        QVERIFY(!f.actions().start->isEnabled());
        QVERIFY(!f.actions().stop->isEnabled());
        QVERIFY(f.actions().newBot->isEnabled());
    }

    void enterOnWelcomeCreatesAndStartsADemoBot()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        QTRY_VERIFY(f.window().findChild<QWidget *>(u"welcomePage"_s)->isVisible());
        QWidget *page = f.window().findChild<QWidget *>(u"welcomePage"_s);
        QTest::keyClick(page, Qt::Key_Return);
        QTRY_COMPARE(f.context().live.bots().size(), 1U);
        QTRY_COMPARE(f.backend.bot(first).state.status, BotStatus::Running);
        QCOMPARE(f.backend.bot(first).config->strategy, u"ema_cross"_s);
        QTRY_COMPARE(f.window().windowTitle(), u"DEMO · Overview · TradeBot"_s);
        QTRY_COMPARE(f.window().botsPanel().selectedBot(), first);
    }

    void aRefusedWelcomeBotSaysWhy()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        f.backend.failNext({ErrorCode::Unavailable, u"the store is full"_s, {}});
        f.window().findChild<QPushButton *>(u"createDemoBot"_s)->click();
        auto *error = f.window().findChild<QLabel *>(u"welcomeError"_s);
        QTRY_COMPARE(error->text(), u"the store is full"_s);
        QVERIFY(f.window().findChild<QPushButton *>(u"createDemoBot"_s)->isEnabled());
    }

    void startShowsAWorkingStateUntilTheEngineHasAnswered()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        f.backend.setStatus(first, BotStatus::Stopping);
        f.backend.setStatus(first, BotStatus::Stopped);
        QTRY_COMPARE(f.row(first).state, ShownState::Stopped);
        f.window().botsPanel().select(first);
        QVERIFY(f.actions().start->isEnabled());

        f.backend.holdAnswers();
        f.actions().start->trigger();
        QCOMPARE(f.row(first).workingWord, u"Starting…"_s);
        QCOMPARE(f.actions().start->text(), u"Starting…"_s);
        QVERIFY(!f.actions().start->isEnabled());
        f.actions().start->trigger(); // nothing can be asked twice
        QCOMPARE(f.backend.commands().size(), 1U);

        f.backend.answerNext();
        QTRY_COMPARE(f.row(first).workingWord, QString());
        QCOMPARE(f.row(first).state, ShownState::Running);
        QCOMPARE(f.actions().start->text(), u"Start"_s);
        QVERIFY(!f.actions().start->isEnabled());
        QVERIFY(f.actions().pause->isEnabled());
    }

    void aRefusalIsShownAndTheBotStaysAsItIs()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        f.window().botsPanel().select(first);
        f.backend.failNext({ErrorCode::Conflict, u"bot 1 is reconciling"_s, {}});
        f.actions().pause->trigger();
        QTRY_COMPARE(f.window().toasts().toasts().size(), 1U);
        const ToastText &toast = f.window().toasts().toasts().front()->text();
        QCOMPARE(toast.kind, ToastKind::Error);
        QCOMPARE(toast.heading, u"BTC trend was not paused"_s);
        QCOMPARE(toast.text, u"bot 1 is reconciling"_s);
        QCOMPARE(f.row(first).state, ShownState::Running);
        QCOMPARE(f.row(first).workingWord, QString());
        QVERIFY(f.actions().pause->isEnabled());
    }

    void stopAsksAndSaysWhatHappens()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        f.window().botsPanel().select(first);
        f.actions().stop->trigger();
        QCOMPARE(f.prompts.questions().size(), 1U);
        const Question &question = f.prompts.questions().front();
        QCOMPARE(question.heading, u"Stop BTC trend?"_s);
        QVERIFY2(question.text.contains(u"long 0.0745 BTC"_s), qPrintable(question.text));
        QCOMPARE(question.preselected, 0);
        QCOMPARE(question.choices.size(), 4U);
        QCOMPARE(question.choices[3].button, u"Sell 0.0745 BTC and stop"_s);
        QVERIFY(question.choices[3].destructive);
        QTest::qWait(0);
        QVERIFY(f.backend.commands().empty()); // "no" was the answer
    }

    void stopPolicies_data()
    {
        QTest::addColumn<int>("choice");
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("holds");
        QTest::newRow("pause entries") << 0 << int(BotStatus::Paused) << true;
        QTest::newRow("leave the position") << 1 << int(BotStatus::Stopped) << true;
        QTest::newRow("cancel orders") << 2 << int(BotStatus::Stopped) << true;
        QTest::newRow("flatten") << 3 << int(BotStatus::Stopped) << false;
    }
    void stopPolicies()
    {
        QFETCH(int, choice);
        QFETCH(int, status);
        QFETCH(bool, holds);
        WindowFixture f(1);
        QVERIFY(f.isReady());
        f.window().botsPanel().select(first);
        f.prompts.answerNext(choice);
        f.actions().stopBy[static_cast<std::size_t>(choice)]->trigger();
        QCOMPARE(f.prompts.questions().front().preselected, choice);
        QTRY_COMPARE(int(f.context().live.bot(first)->state.status), status);
        QCOMPARE(f.context().live.bot(first)->state.position.isOpen(), holds);
    }

    void spaceAsksBeforeItPauses()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        f.window().botsPanel().select(first);
        f.window().botsPanel().view()->setFocus();
        f.prompts.answerNext(0);
        QTest::keyClick(f.window().botsPanel().view(), Qt::Key_Space);
        QTRY_COMPARE(f.prompts.questions().size(), 1U);
        QCOMPARE(f.prompts.questions().front().heading, u"Pause BTC trend?"_s);
        QTRY_COMPARE(f.row(first).state, ShownState::Paused);
        QTRY_COMPARE(f.actions().start->text(), u"Resume"_s);
        f.actions().start->trigger();
        QTRY_COMPARE(f.row(first).state, ShownState::Running);
    }

    void aBotThatALimitHaltsSaysSoAndCanBeResumed()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        f.window().botsPanel().select(first);
        f.backend.emitFact(first, DailyLimitReached{u"No more entries today"_s});
        QTRY_COMPARE(f.row(first).reason, u"daily limit: no entries today"_s);
        QVERIFY(!f.actions().start->isEnabled());
        f.backend.emitFact(first, DrawdownLimitReached{u"No more entries"_s});
        QTRY_COMPARE(f.row(first).reason, u"drawdown limit: no entries until it is resumed"_s);
        QCOMPARE(f.row(first).state, ShownState::Running);
        QTRY_VERIFY(f.actions().start->isEnabled());
        QCOMPARE(f.actions().start->text(), u"Resume"_s);
        f.backend.setHealth(first, Health::Degraded, HealthReason::StaleData, u"price is 14.8 s old"_s);
        QTRY_COMPARE(f.row(first).reason, u"price is 14.8 s old; drawdown limit: no entries until it is resumed"_s);
        f.actions().start->trigger();
        QTRY_COMPARE(f.row(first).reason, u"price is 14.8 s old; daily limit: no entries today"_s);
        QVERIFY(std::holds_alternative<ResumeBot>(f.backend.commands().back()));
        QTRY_VERIFY(!f.actions().start->isEnabled());
    }

    void aBotThatIsDeletedLeavesNoOtherSelected()
    {
        WindowFixture f(3);
        QVERIFY(f.isReady());
        QTRY_COMPARE(f.window().botsModel().botCount(), 3);
        f.window().botsPanel().select(BotId(2));
        f.backend.edit(BotId(2), [](BotSnapshot &bot) { bot.deleted = true; });
        QTRY_COMPARE(f.window().botsModel().botCount(), 2);
        QVERIFY(!f.window().botsPanel().selectedBot().isValid());
        QCoreApplication::processEvents();
        QVERIFY(!f.window().botsPanel().selectedBot().isValid());
        QVERIFY(!f.actions().stop->isEnabled());
    }

    void spaceIsOfTheListOfBotsAndOfNothingElse()
    {
        WindowFixture f(3);
        QVERIFY(f.isReady());
        f.window().botsPanel().select(first);
        auto *box = f.window().findChild<QComboBox *>(u"accountBox"_s);
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Space);
        QVERIFY(f.prompts.questions().empty());
    }

    void theFilterNeverSelectsAnotherBot()
    {
        WindowFixture f(3); // BTC, ETH, SOL
        QVERIFY(f.isReady());
        BotsPanel &panel = f.window().botsPanel();
        QTRY_COMPARE(f.window().botsModel().botCount(), 3);
        panel.select(BotId(2));
        auto *words = f.window().findChild<QLineEdit *>(u"botsFilter"_s);
        words->setText(u"sol"_s);
        QVERIFY(!panel.selectedBot().isValid());
        QVERIFY(!f.actions().stop->isEnabled()); // nothing is done to a bot that nobody sees
        words->setText(u"eth"_s);
        QCOMPARE(panel.selectedBot(), BotId(2));
        words->setText(u"btc"_s);
        words->clear();
        QCOMPARE(panel.selectedBot(), BotId(2));
        QVERIFY(f.actions().stop->isEnabled());
    }

    void aBotAtRestCannotBeStopped()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        f.window().botsPanel().select(first);
        f.backend.setStatus(first, BotStatus::Stopping);
        f.backend.setStatus(first, BotStatus::Stopped);
        QTRY_COMPARE(f.row(first).state, ShownState::Stopped);
        QVERIFY(f.actions().stop->isEnabled()); // it holds a position
        f.backend.fill(first, Side::Sell, f.backend.bot(first).state.position.quantity, Price::fromInteger(60'000));
        QTRY_VERIFY(!f.actions().stop->isEnabled());
        for (const QAction *policy : f.actions().stopBy)
            QVERIFY(!policy->isEnabled());
        QCOMPARE(f.actions().stop->toolTip(), u"BTC trend is stopped"_s);
    }

    void modesAreToldApartAndNeverSummed()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        BotConfig config = exampleConfig(u"Real one"_s);
        config.mode = Mode::Live;
        config.exchange = Exchange::Binance;
        config.apiKeyId = 1;
        f.backend.addBot(config);
        QTRY_COMPARE(f.context().live.bots().size(), 2U);
        QTRY_VERIFY(f.window().windowTitle().startsWith(u"LIVE + DEMO · "_s));
        QCOMPARE(f.window().botsModel().accounts().size(), 2U);
    }

    void aLiveStartWantsTheWordLive()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        BotConfig config = exampleConfig(u"Real one"_s);
        config.mode = Mode::Live;
        config.exchange = Exchange::Binance;
        config.apiKeyId = 1;
        const BotId live = f.backend.addBot(config);
        QTRY_VERIFY(f.context().live.bot(live) != nullptr);
        f.window().commands().start(live);
        QCOMPARE(f.prompts.questions().back().requiredWord, u"LIVE"_s);
        QTest::qWait(0);
        QVERIFY(f.backend.commands().empty());
        f.prompts.answerNext(0);
        f.window().commands().start(live);
        QTRY_COMPARE(f.backend.bot(live).state.status, BotStatus::Running);
    }

    void factsBecomeToastsThatMergeRepeats()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        QTest::qWait(0);
        for (int i = 0; i < 3; ++i)
            f.backend.emitFact(first, ErrorRaised{ErrorKind::OrderRejected, u"margin is insufficient"_s});
        QTRY_COMPARE(f.window().toasts().toasts().size(), 1U);
        QTRY_COMPARE(f.window().toasts().toasts().front()->count(), 3);
    }

    void aToastFollowsTheTheme()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        f.actions().scheme[1]->trigger(); // dark
        f.window().toasts().post({ToastKind::Error, u"a"_s, Mode::Demo, u"heading"_s, u"text"_s});
        const Toast *toast = f.window().toasts().toasts().front();
        f.actions().scheme[2]->trigger(); // light
        const QColor text = f.context().theme.color(Token::Text);
        const QColor text2 = f.context().theme.color(Token::Text2);
        for (const QLabel *label : toast->findChildren<QLabel *>()) {
            const QColor shown = label->palette().color(QPalette::WindowText);
            if (!label->text().isEmpty())
                QVERIFY2(shown == text || shown == text2, qPrintable(label->text() + u' ' + shown.name()));
        }
    }

    void aLongNameIsReadWholeInAToast()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        f.window().toasts().post({ToastKind::Error, u"a"_s, Mode::Demo, QString(60, u'm'), u"text"_s});
        const Toast *toast = f.window().toasts().toasts().front();
        QTRY_VERIFY(toast->isVisible());
        for (const QLabel *label : toast->findChildren<QLabel *>()) {
            if (!label->wordWrap())
                continue;
            const QRect needed =
                    QFontMetrics(label->font())
                            .boundingRect(QRect(0, 0, label->width(), 1000), Qt::TextWordWrap, label->text());
            QVERIFY2(needed.width() <= label->width() && needed.height() <= label->height() + 1,
                     qPrintable(u"%1×%2 in %3×%4"_s.arg(needed.width())
                                        .arg(needed.height())
                                        .arg(label->width())
                                        .arg(label->height())));
        }
    }

    void theStatusBarFoldsAndTheWindowCanBeNarrow()
    {
        WindowFixture f(3);
        QVERIFY(f.isReady());
        BotConfig live = exampleConfig(u"Real one"_s, u"SOLUSDT"_s);
        live.mode = Mode::Live;
        live.exchange = Exchange::Binance;
        live.apiKeyId = 1;
        f.backend.addBot(live);
        f.window().setServer(u"http://127.0.0.1:8787/"_s);
        f.window().setViewers(12);
        QTRY_COMPARE(f.context().live.bots().size(), 4U);
        for (const int width : {1280, 960}) {
            f.window().resize(width, 700);
            QTRY_COMPARE(f.window().width(), width);
            for (const QString &kept : {u"statusEquity"_s, u"statusClock"_s})
                QVERIFY(f.window().findChild<QWidget *>(kept)->isVisible());
        }
        auto *more = f.window().findChild<QToolButton *>(u"statusMore"_s);
        QTRY_VERIFY(more->isVisible());
        Q_EMIT more->menu()->aboutToShow();
        QStringList folded;
        for (const QAction *action : more->menu()->actions())
            folded += action->text();
        QVERIFY2(folded.join(u'\n').contains(u"store ok"_s), qPrintable(folded.join(u'\n')));
        f.window().resize(1900, 700);
        QTRY_VERIFY(!more->isVisible());
    }

    void noMoreThanThreeToasts()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        for (int i = 0; i < 5; ++i)
            f.window().toasts().post({ToastKind::Error, u"bot %1"_s.arg(i), Mode::Demo, u"heading"_s, {}});
        QCOMPARE(f.window().toasts().toasts().size(), 3U);
        QCOMPARE(f.window().toasts().toasts().front()->text().bot, u"bot 4"_s);
    }

    void theFilterShowsWhatFits()
    {
        WindowFixture f(50);
        QVERIFY(f.isReady());
        auto *words = f.window().findChild<QLineEdit *>(u"botsFilter"_s);
        QTest::keyClicks(words, u"eth stopped"_s);
        const QAbstractItemModel *model = f.window().botsPanel().view()->model();
        QTRY_COMPARE(model->rowCount(), 0);
        words->clear();
        QTest::keyClicks(words, u"sol"_s);
        QTRY_COMPARE(model->rowCount(), 1);
        QCOMPARE(model->rowCount(model->index(0, 0)), 7);
    }

    void theLayoutIsRestored()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"settings.ini"_s);
        {
            WindowFixture f(0, file);
            QVERIFY(f.isReady());
            f.window().findChild<QDockWidget *>(u"botsDock"_s)->hide();
            f.actions().local->trigger();
            f.actions().scheme[2]->trigger();
            f.window().close();
            QVERIFY(f.settings.save());
        }
        WindowFixture f(0, file);
        QVERIFY(f.isReady());
        QVERIFY(f.window().findChild<QDockWidget *>(u"botsDock"_s)->isHidden());
        QVERIFY(f.actions().local->isChecked());
        QVERIFY(!f.assembly->theme().isDark());
        f.actions().resetLayout->trigger();
        QVERIFY(!f.window().findChild<QDockWidget *>(u"botsDock"_s)->isHidden());
    }

    void aLayoutOfAnotherVersionIsIgnored()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"settings.ini"_s);
        {
            Settings settings(file);
            settings.set(setting::layout, QByteArray("nonsense"));
            settings.set(setting::geometry, QByteArray("nonsense"));
            settings.set(setting::layoutVersion, 999);
            settings.set(setting::theme, u"purple"_s);
        }
        WindowFixture f(3, file);
        QVERIFY(f.isReady());
        QVERIFY(!f.window().findChild<QDockWidget *>(u"botsDock"_s)->isHidden());
    }

    void closingWithBotsAtWorkAsks()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        f.window().close();
        QVERIFY(f.window().isVisible());
        QCOMPARE(f.prompts.questions().back().name, u"quitQuestion"_s);
        f.prompts.answerNext(0);
        f.window().close();
        QTRY_VERIFY(!f.window().isVisible());
    }

    void quittingMayPauseFirst()
    {
        WindowFixture f(3);
        QVERIFY(f.isReady());
        f.window().close();
        const std::vector<PromptChoice> &choices = f.prompts.questions().back().choices;
        const auto choice = std::ranges::find(choices, u"Pause and quit"_s, &PromptChoice::button);
        QVERIFY(choice != choices.end());
        f.prompts.answerNext(static_cast<int>(choice - choices.begin()));
        f.window().close();
        QTRY_VERIFY(!f.window().isVisible());
        QCOMPARE(f.backend.killSwitches().size(), 1U);
        QCOMPARE(f.backend.killSwitches().front().level, KillLevel::PauseEntries);
        QCOMPARE(f.backend.killSwitches().front().scope, KillScope::Everything);
    }

    void quittingMayFlattenAndWaitsForTheLastPosition()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        f.window().close();
        const std::vector<PromptChoice> &choices = f.prompts.questions().back().choices;
        QVERIFY2(choices.back().consequence.contains(u"closes 1 position at market"_s),
                 qPrintable(choices.back().consequence));
        f.prompts.answerNext(static_cast<int>(choices.size()) - 1);
        f.window().close();
        QTRY_COMPARE(f.backend.killSwitches().size(), 1U);
        QCOMPARE(f.backend.killSwitches().front().level, KillLevel::Flatten);
        f.backend.setStatus(first, BotStatus::Stopping);
        f.backend.fill(first, Side::Sell, f.backend.bot(first).state.position.quantity, Price::fromInteger(60'000));
        QTRY_VERIFY(!f.context().live.bot(first)->state.position.isOpen());
        QVERIFY(f.window().isVisible()); // it is still stopping
        f.backend.setStatus(first, BotStatus::Stopped);
        QTRY_VERIFY(!f.window().isVisible());
    }

    void aFloatingDockSaysItsModeAndName()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        for (const QString &name : {u"botsDock"_s, u"toolboxDock"_s}) {
            auto *dock = f.window().findChild<QDockWidget *>(name);
            auto *title = dock->findChild<DockTitle *>();
            const QString plain = dock->windowTitle();
            QCOMPARE(title->text(), plain);
            dock->setFloating(true);
            QCOMPARE(title->text(), u"DEMO · "_s + plain);
            QTRY_VERIFY(title->height() > 0);
            dock->setFloating(false);
            QCOMPARE(title->text(), plain);
        }
        QTRY_COMPARE(f.window().findChild<QDockWidget *>(u"toolboxDock"_s)->findChild<DockTitle *>()->height(), 0);
    }

    void aRemovedBotLeavesNothingBehind()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        f.window().openBot(first);
        QCOMPARE(f.window().centre().currentBot(), first);
        f.prompts.answerNext(3);
        f.window().commands().askStop(first, StopPolicy::Flatten);
        QTRY_COMPARE(f.row(first).state, ShownState::Stopped);
        f.prompts.answerNext(0);
        f.window().commands().askRemove(first);
        QTRY_COMPARE(f.window().botsModel().botCount(), 0);
        QTRY_COMPARE(f.window().windowTitle(), u"DEMO · Welcome · TradeBot"_s);
    }

    void everyControlHasANameForScreenReaders()
    {
        WindowFixture f(3);
        QVERIFY(f.isReady());
        QStringList nameless;
        for (const QWidget *widget : f.window().findChildren<QWidget *>()) {
            const bool reachable = widget->focusPolicy() != Qt::NoFocus && widget->isVisible();
            const bool isOurs = !QByteArrayView(widget->metaObject()->className()).startsWith("Qt")
                                && !widget->objectName().startsWith("qt_"_L1);
            if (reachable && isOurs && widget->accessibleName().isEmpty()
                && widget->metaObject()->className() != QByteArrayView("QTabBar")
                && qobject_cast<const QAbstractScrollArea *>(widget->parentWidget()) == nullptr)
                nameless += QLatin1StringView(widget->metaObject()->className()) + u' ' + widget->objectName();
        }
        QCOMPARE(nameless.join(u", "_s), QString());
    }

    void pricesOf100BotsRepaintTheListAtMostOncePerUpdate()
    {
        class PaintCounter final : public QObject
        {
        public:
            int paints = 0;
            bool eventFilter(QObject *, QEvent *event) override
            {
                paints += event->type() == QEvent::Paint ? 1 : 0;
                return false;
            }
        };
        WindowFixture f(100);
        QVERIFY(f.isReady());
        QTRY_COMPARE(f.window().botsModel().botCount(), 100);
        QTest::qWait(50);
        PaintCounter counter;
        f.window().botsPanel().view()->viewport()->installEventFilter(&counter);
        for (int update = 0; update < 10; ++update) {
            for (int bot = 1; bot <= 100; ++bot)
                f.backend.setMarkPrice(BotId(bot), Price::fromInteger(60 + update));
            QCoreApplication::sendPostedEvents(); // one update with 100 bots
            QCoreApplication::sendPostedEvents();
        }
        QTRY_VERIFY(counter.paints > 0);
        QVERIFY2(counter.paints <= 12, qPrintable(QString::number(counter.paints)));
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
