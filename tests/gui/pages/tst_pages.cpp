// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/settings/settings.h"
#include "tests/support/exampledata.h"
#include "ui/charts/candlechart.h"
#include "ui/charts/candlepanel.h"
#include "ui/charts/equitychart.h"
#include "ui/dialogs/prompts.h"
#include "ui/mainwindow.h"
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
#include "ui/workbench.h"

#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

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
    std::unique_ptr<Workbench> workbench;

    explicit Fixture(int bots)
    {
        fillWithExamples(backend, clock, bots);
        workbench = std::make_unique<Workbench>(
                WorkbenchPorts{backend, backend, backend, clock, exampleStrategies(), settings, UserId(1)},
                standardPages());
        workbench->window().resize(1280, 800);
        workbench->window().show();
        (void)QTest::qWaitFor([this] { return workbench->context().live.isReady(); });
        QCoreApplication::processEvents();
    }

    template<class Page>
    [[nodiscard]] Page *page() const
    {
        return workbench->window().findChild<Page *>();
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
        KpiStrip strip(f.workbench->theme());
        strip.resize(f.page<OverviewPage>()->figures().size()); // of a window of 1280 pixels
        strip.setFigures(
                kpiFigures(figuresOf(bots, account), u"USDT"_s, u"30 d"_s, {}, {}, f.workbench->context().time));
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
        auto *accounts = overview->findChild<QComboBox *>(u"overviewAccount"_s);
        QCOMPARE(accounts->count(), 2);
        QTRY_COMPARE(overview->cards().count(), 6); // the larger account first
        accounts->setCurrentIndex(accounts->currentIndex() == 0 ? 1 : 0);
        QTRY_COMPARE(overview->cards().count(), 1);
        QCOMPARE(overview->figures().figures()[0].unit, u"EUR"_s);
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
        f.workbench->window().openBot(BotId(1));
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

    void aNewPriceMovesTheOpenCandle()
    {
        Fixture f(1);
        f.workbench->window().openBot(BotId(1));
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
        f.workbench->window().openBot(BotId(1));
        auto *page = f.page<BotPage>();
        QTRY_VERIFY(!page->candles().chart().scene().series.isEmpty());
        QTest::mouseClick(page->findChild<QToolButton *>(u"timeframe-1h"_s), Qt::LeftButton);
        QTRY_COMPARE(page->candles().chart().scene().timeframe, Timeframe::H1);
        QVERIFY(page->candles().chart().scene().averages.empty()); // the strategy looks at another timeframe
    }

    void theEditLinkOpensTheDialog()
    {
        Fixture f(1);
        f.workbench->window().openBot(BotId(1));
        QTest::mouseClick(f.page<BotPage>()->findChild<QPushButton *>(u"editBot"_s), Qt::LeftButton);
        QTRY_VERIFY(f.workbench->window().findChild<QDialog *>() != nullptr);
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
        f.workbench->window().openBot(BotId(1));
        auto *page = f.page<BotPage>();
        QTRY_VERIFY(page->candles().chart().historyPaints() > 0);
        f.workbench->window().hide();
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
