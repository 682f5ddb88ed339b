// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/settings/settings.h"
#include "tests/support/exampledata.h"
#include "tests/support/patience.h"
#include "ui/charts/candlechart.h"
#include "ui/charts/candlepanel.h"
#include "ui/charts/equitychart.h"
#include "ui/dialogs/prompts.h"
#include "ui/mainwindow.h"
#include "ui/models/accountscope.h"
#include "ui/models/livefeed.h"
#include "ui/pages/accountfigures.h"
#include "ui/pages/botcards.h"
#include "ui/pages/botpage.h"
#include "ui/pages/equitypanel.h"
#include "ui/pages/historytable.h"
#include "ui/pages/kpistrip.h"
#include "ui/pages/overviewpage.h"
#include "ui/pages/rowcard.h"
#include "ui/pages/standardpages.h"
#include "ui/pages/toolboxviews.h"
#include "ui/theme/theme.h"
#include "ui/toolbox/positionsview.h"
#include "ui/widgets/botspanel.h"
#include "ui/window/windowstatusbar.h"
#include "ui/windowassembly.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tradebot {

namespace {

/// The window over example data.
struct Fixture
{
    QTemporaryDir data;
    FakeClock clock{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 5h};
    FakeBackend backend{clock};
    Settings settings{data.filePath(u"settings.ini"_s)};
    std::unique_ptr<WindowAssembly> assembly;

    explicit Fixture(int bots)
    {
        fillWithExamples(backend, clock, bots);
        assembly = std::make_unique<WindowAssembly>(
                WindowAssemblyPorts{backend, backend, backend, clock, exampleStrategies(), settings, UserId(1)},
                standardPages());
        assembly->window().resize(1280, 800);
        assembly->window().show();
        (void)QTest::qWaitFor([this] { return assembly->context().live.isReady(); }, testPatience);
        QCoreApplication::processEvents();
    }

    template<class Page>
    [[nodiscard]] Page *page() const
    {
        return assembly->window().findChild<Page *>();
    }
};

} // namespace

class PagesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theOverviewSumsItsAccount()
    {
        Fixture f(3);
        auto *overview = f.page<OverviewPage>();
        QVERIFY(overview);
        QTRY_VERIFY(overview->equity().chart().pointCount() > 100);
        QCOMPARE(overview->cards().count(), 3);
        const auto &figures = overview->figures().figures();
        QCOMPARE(figures.size(), 7U);
        QVERIFY2(figures[1].value.startsWith(u'+'), qPrintable(figures[1].value));
        QCOMPARE(figures[2].detail, u"3 open positions"_s);
        QCOMPARE(figures[3].value, u"not enough trades"_s);
        QTRY_COMPARE(overview->figures().figures()[3].detail, u"9 of 30"_s);

        const Money before = f.backend.bot(BotId(1)).unrealised.value();
        f.backend.setMarkPrice(BotId(1), Price::fromInteger(80'000));
        QVERIFY(f.backend.bot(BotId(1)).unrealised.value() > before);
        const QString shown = figures[2].value;
        QTRY_VERIFY(overview->figures().figures()[2].value != shown);
    }

    void largeSumsAreShownWhole()
    {
        Fixture f(1);
        const AccountKey account = accountOf(f.backend.bot(BotId(1)));
        std::map<BotId, SnapshotPointer> bots;
        for (int i = 1; i <= 100; ++i) {
            BotSnapshot bot = f.backend.bot(BotId(1));
            bot.id = BotId(i);
            bot.equity = (bot.equity.value() + Money::fromInteger(100'000)).value();
            bot.unrealised = Money::fromInteger(-45'678);
            bots[bot.id] = std::make_shared<const BotSnapshot>(bot);
        }
        KpiStrip strip(f.assembly->theme());
        strip.resize(f.page<OverviewPage>()->figures().size()); // of a window of 1280 pixels
        strip.setFigures(
                kpiFigures(figuresOf(bots, account), u"USDT"_s, u"30 d"_s, {}, {}, f.assembly->context().time));
        QVERIFY(strip.shownValue(0).text.startsWith(u"11,0"_s));
        QVERIFY(strip.shownValue(2).text.startsWith(u"\u22124,567,800"_s));
        for (size_t figure = 0; figure < 3; ++figure) {
            const KpiStrip::FittedText shown = strip.shownValue(figure);
            QVERIFY2(QFontMetrics(shown.font).horizontalAdvance(shown.text) <= shown.room, qPrintable(shown.text));
        }
    }

    void currenciesAreNeverAdded()
    {
        Fixture f(7); // one of them in EUR
        auto *overview = f.page<OverviewPage>();
        QTRY_COMPARE(overview->cards().count(), 6); // the larger account, while all are shown
        QVERIFY(overview->findChild<QLabel *>(u"overviewCounts"_s)->text().contains(u"only DEMO Paper, USDT"_s));
        f.assembly->context().scope.choose(AccountKey{Mode::Demo, Exchange::Paper, u"EUR"_s});
        QTRY_COMPARE(overview->cards().count(), 1);
        QCOMPARE(overview->figures().figures()[0].label, u"Equity, 1 EUR bot"_s);
        QCOMPARE(overview->figures().figures()[0].unit, u"EUR"_s);
    }

    void oneAccountBoxLeadsTheWholeWindow()
    {
        Fixture f(7);
        MainWindow &window = f.assembly->window();
        auto *box = window.findChild<QComboBox *>(u"accountBox"_s);
        QTRY_COMPARE(box->count(), 3);
        box->setCurrentIndex(box->findText(u"Paper, EUR · DEMO"_s));
        QTRY_COMPARE(f.page<OverviewPage>()->cards().count(), 1);
        const QAbstractItemModel *bots = window.botsPanel().view()->model();
        QCOMPARE(bots->rowCount(), 1);
        QVERIFY(window.findChild<StatusItem *>(u"statusEquity"_s)->value().endsWith(u" EUR"_s));

        f.assembly->context().scope.choose(std::nullopt); // whoever else changes it, the box says so
        QCOMPARE(box->currentIndex(), 0);
        QTRY_COMPARE(bots->rowCount(), 2);
    }

    void aBotThatWasNotStartedBelongsToTheAccountOfItsSymbol()
    {
        Fixture f(1);
        const BotId asleep = f.backend.addBot(exampleConfig(u"asleep"_s, u"ETHUSDT"_s));
        f.backend.edit(asleep, [](BotSnapshot &bot) { bot.instrument = {}; }); // no market was asked yet
        MainWindow &window = f.assembly->window();
        QTRY_COMPARE(window.botsModel().botCount(), 2);
        QCOMPARE(window.botsModel().accounts().size(), 1U);
        QCOMPARE(window.botsModel().accounts()[0].key.text(), u"Paper, USDT"_s);
        QTRY_COMPARE(f.page<OverviewPage>()->cards().count(), 2);
    }

    void theMoneyOfALiveBotThatWasNeverConnectedIsNotKnown()
    {
        Fixture f(0);
        BotConfig config = exampleConfig(u"Real one"_s, u"SOLUSDT"_s);
        config.mode = Mode::Live;
        config.exchange = Exchange::Binance;
        config.apiKeyId = 1;
        f.backend.addBot(config);
        QTRY_VERIFY(f.page<OverviewPage>());
        const KpiFigure &equity = f.page<OverviewPage>()->figures().figures()[0];
        QCOMPARE(equity.value, u"—"_s);
        QCOMPARE(equity.reason, u"Real one has not been connected to its exchange yet."_s);
        QTRY_COMPARE(f.assembly->window().findChild<StatusItem *>(u"statusEquity"_s)->value(), u"— USDT"_s);
    }

    void moneyHasTheDecimalsOfItsCurrency()
    {
        Fixture f(0);
        BotConfig config = exampleConfig(u"ETH in BTC"_s, u"ETHBTC"_s);
        config.initialBalance = Money::parse("1.00012345").value();
        f.backend.addBot(config);
        QTRY_VERIFY(f.page<OverviewPage>());
        QTRY_COMPARE(f.page<OverviewPage>()->figures().figures()[0].value, u"1.00012345"_s);
        QTRY_COMPARE(f.assembly->window().findChild<StatusItem *>(u"statusEquity"_s)->value(), u"1.00012345 BTC"_s);
    }

    void spaceOnTheBotPageAsksAboutItsBotAndNotOnAButton()
    {
        Fixture f(3);
        MainWindow &window = f.assembly->window();
        window.openBot(BotId(2));
        auto *page = f.page<BotPage>();
        QTRY_VERIFY(page->isVisible());
        window.botsPanel().select(BotId(1)); // a click in the list does not change the page
        auto *button = page->findChild<QToolButton *>(u"timeframe-1h"_s);
        button->setFocus();
        QTest::keyClick(button, Qt::Key_Space);
        QVERIFY(button->isChecked());
        QVERIFY(!window.findChild<QDialog *>(u"pauseQuestion"_s));
        page->candles().chart().setFocus();
        QTest::keyClick(&page->candles().chart(), Qt::Key_Space);
        auto *question = window.findChild<QDialog *>(u"pauseQuestion"_s);
        QVERIFY(question);
        QVERIFY2(question->windowTitle().contains(u"ETH breakout"_s), qPrintable(question->windowTitle()));
    }

    void aCardOpensItsBot()
    {
        Fixture f(3);
        auto *overview = f.page<OverviewPage>();
        overview->cards().setFocus();
        QTest::keyClick(&overview->cards(), Qt::Key_Right);
        QTest::keyClick(&overview->cards(), Qt::Key_Return);
        auto *page = f.page<BotPage>();
        QVERIFY(page);
        QTRY_VERIFY(page->isVisible());
    }

    void theBotPageShowsItsMarketAndPosition()
    {
        Fixture f(3);
        f.assembly->window().openBot(BotId(1));
        auto *page = f.page<BotPage>();
        QTRY_VERIFY(page->candles().chart().scene().series.size() >= 500);
        QCOMPARE(page->positionCard().rows().size(), 5U);
        QVERIFY(page->positionCard().rows().back().isTotal);
        QVERIFY(page->parametersCard().text().contains(u"ema_cross, fast 12, slow 26"_s));
        const auto &scene = page->candles().chart().scene();
        QTRY_COMPARE(scene.trades.size(), 3U);
        QCOMPARE(scene.averages.size(), 2U);
        QVERIFY(scene.position.has_value());
        QCOMPARE(std::ranges::count(scene.lines, LineKind::Stop, &ChartLine::kind), 1);

        f.backend.fill(BotId(1), Side::Sell, f.backend.bot(BotId(1)).state.position.quantity,
                       Price::fromInteger(70'000));
        QTRY_COMPARE(scene.trades.size(), 4U);
        QTRY_VERIFY(page->positionCard().rows().empty());
        QTRY_VERIFY(!scene.position.has_value());
    }

    void averagesAndParametersKnowTheDefaults()
    {
        Fixture f(1);
        BotConfig config = *f.backend.bot(BotId(1)).config;
        config.strategyParameters = {{u"slow"_s, Decimal::fromInteger(50)}};
        f.backend.emitFact(BotId(1), BotConfigured{2, config});
        f.assembly->window().openBot(BotId(1));
        auto *page = f.page<BotPage>();
        const auto &averages = page->candles().chart().scene().averages;
        QTRY_COMPARE(averages.size(), 2U);
        QTRY_COMPARE(averages[1].title, u"EMA 50"_s);
        QCOMPARE(averages[0].title, u"EMA 12"_s);
        QVERIFY2(page->parametersCard().text().contains(u"ema_cross, fast 12, slow 50"_s),
                 qPrintable(page->parametersCard().text()));
    }

    void thePriceAxisHasAtLeastThreeNumbers()
    {
        Fixture f(1);
        f.assembly->window().openBot(BotId(1));
        auto *page = f.page<BotPage>();
        const auto &scene = page->candles().chart().scene();
        QTRY_VERIFY(!scene.series.isEmpty());
        for (const int height : {700, 800, 1000}) {
            f.assembly->window().resize(1280, height);
            QCoreApplication::processEvents();
            const ValueTicks ticks = priceTicks(scene);
            const double distance = scene.view.plot().height() / std::max(ticks.count, 1);
            QVERIFY2(ticks.count >= 3, qPrintable(QString::number(height)));
            QVERIFY2(distance >= scene.px(18), qPrintable(QString::number(distance)));
        }
    }

    void emptyTablesSayWhy()
    {
        Fixture f(1);
        auto *orders = f.page<OrdersView>();
        QTRY_VERIFY(orders->model().isReady() && orders->model().rowCount() > 0);
        orders->findChild<QCheckBox *>(u"ordersOpenOnly"_s)->click();
        QTRY_COMPARE(orders->model().rowCount(), 0);
        QCOMPARE(orders->findChild<HistoryTable *>()->emptyHeading(), u"No open orders"_s);
    }

    void numbersStandOnTheirPoints()
    {
        Fixture f(3); // 0.0745 BTC, 1.4200 ETH, 30.0000 SOL
        f.backend.edit(BotId(3), [](BotSnapshot &bot) {
            bot.instrument.quantityStep = Quantity::fromInteger(1);
            bot.instrument.priceStep = Price::fromRaw(10'000'000); // 0.1
        });
        auto *table = f.assembly->window().findChild<PositionsTable *>();
        QTRY_COMPARE(table->model()->rowCount(), 3);
        table->grab();
        const QFontMetrics metrics(f.assembly->theme().figures(FontRole::Table));
        const auto pointOf = [&](int row, int column) { // from the right edge
            const QString text = table->model()->index(row, column).data().toString();
            const qsizetype end = text.indexOf(u' ') < 0 ? text.size() : text.indexOf(u' ');
            const qsizetype point = text.indexOf(u'.') < 0 ? end : text.indexOf(u'.');
            return table->columns().inset(column, text, metrics)
                   + metrics.horizontalAdvance(text.sliced(point, end - point));
        };
        for (const int column : {PositionsModel::SizeColumn, PositionsModel::EntryColumn, PositionsModel::MarkColumn}) {
            for (const int row : {1, 2})
                QVERIFY(std::abs(pointOf(row, column) - pointOf(0, column)) <= 1);
        }
        QVERIFY(table->columns().inset(PositionsModel::OpenForColumn, u"5 h 47 m"_s, metrics) == 0);
    }

    void namesWithNumbersAreSortedAsPeopleCount()
    {
        Fixture f(0);
        for (const int number : {15, 2, 1}) {
            const BotId bot = f.backend.addBot(exampleConfig(u"Bot %1"_s.arg(number)));
            f.backend.fill(bot, Side::Buy, Quantity::fromInteger(1), Price::fromInteger(100));
        }
        const auto *table = f.assembly->window().findChild<PositionsTable *>();
        QTRY_COMPARE(table->model()->rowCount(), 3);
        QStringList names;
        for (int row = 0; row < 3; ++row)
            names += table->model()->index(row, PositionsModel::BotColumn).data().toString();
        QCOMPARE(names, (QStringList{u"Bot 1"_s, u"Bot 2"_s, u"Bot 15"_s}));
    }

    void aLongNameDoesNotWidenTheChoiceOfBots()
    {
        Fixture f(1);
        auto *choice = f.page<TradesView>()->findChild<QComboBox *>(u"tradesBot"_s);
        const int before = choice->width();
        f.backend.addBot(exampleConfig(QString(80, u'W')));
        QTRY_COMPARE(choice->count(), 3);
        QCoreApplication::processEvents();
        QCOMPARE(choice->width(), before);
    }

    void aNewPriceMovesTheOpenCandle()
    {
        Fixture f(1);
        f.assembly->window().openBot(BotId(1));
        auto *page = f.page<BotPage>();
        const auto &scene = page->candles().chart().scene();
        QTRY_VERIFY(!scene.series.isEmpty());
        Candle live;
        live.openTime = scene.series.closed().back().time + 1min;
        live.open = live.high = live.low = live.close = Price::fromInteger(67'900);
        f.backend.setLiveCandle(BotId(1), Timeframe::M1, live);
        QTRY_VERIFY(scene.series.live().has_value());
        const size_t closed = scene.series.closedCount();
        f.backend.closeCandle(BotId(1), Timeframe::M1, live);
        QTRY_COMPARE(scene.series.closedCount(), closed + 1);
        QVERIFY(!scene.series.live().has_value());
    }

    void anotherTimeframeIsFollowed()
    {
        Fixture f(1);
        f.assembly->window().openBot(BotId(1));
        auto *page = f.page<BotPage>();
        QTRY_VERIFY(!page->candles().chart().scene().series.isEmpty());
        QTest::mouseClick(page->findChild<QToolButton *>(u"timeframe-1h"_s), Qt::LeftButton);
        QTRY_COMPARE(page->candles().chart().scene().timeframe, Timeframe::H1);
        QVERIFY(page->candles().chart().scene().averages.empty()); // the strategy looks at another timeframe
    }

    void theEditLinkOpensTheDialog()
    {
        Fixture f(1);
        f.assembly->window().openBot(BotId(1));
        QTest::mouseClick(f.page<BotPage>()->findChild<QPushButton *>(u"editBot"_s), Qt::LeftButton);
        QTRY_VERIFY(f.assembly->window().findChild<QDialog *>() != nullptr);
    }

    void eventsAreFilteredByTextAndSeverity()
    {
        Fixture f(7);
        auto *events = f.page<EventsView>();
        QTRY_VERIFY(events->model().isReady());
        const int all = events->model().rowCount();
        events->findChild<QComboBox *>(u"eventsSeverity"_s)->setCurrentIndex(1);
        QTRY_VERIFY(events->model().isReady() && events->model().rowCount() < all);
        for (int row = 0; row < events->model().rowCount(); ++row)
            QVERIFY(severityOf(events->model().eventAt(row)->payload) >= Severity::Warning);
        events->findChild<QComboBox *>(u"eventsSeverity"_s)->setCurrentIndex(0);
        events->findChild<QLineEdit *>(u"eventsText"_s)->setText(u"created"_s);
        QTRY_COMPARE(events->model().rowCount(), 7);
    }

    void selectedTradesAreCopiedExactly()
    {
        Fixture f(3);
        auto *trades = f.page<TradesView>();
        QTRY_COMPARE(trades->model().rowCount(), 9);
        trades->table().selectRow(0);
        const QStringList lines = trades->table().selectedText().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        const QStringList cells = lines[1].split(u'\t');
        QCOMPARE(cells.size(), static_cast<int>(TradesModel::ColumnCount));
        QCOMPARE(cells[TradesModel::NetColumn], trades->model().tradeAt(0)->net().toString());
    }

    void nothingIsPaintedOnAHiddenPage()
    {
        Fixture f(1);
        f.assembly->window().openBot(BotId(1));
        auto *page = f.page<BotPage>();
        QTRY_VERIFY(page->candles().chart().historyPaints() > 0);
        f.assembly->window().hide();
        const int painted = page->candles().chart().historyPaints();
        for (int i = 0; i < 20; ++i)
            f.backend.setMarkPrice(BotId(1), Price::fromInteger(60'000 + i));
        QCoreApplication::processEvents();
        QCOMPARE(page->candles().chart().historyPaints(), painted);
    }
};

} // namespace tradebot

QTEST_MAIN(tradebot::PagesTest)
#include "tst_pages.moc"
