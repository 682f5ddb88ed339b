// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/ui/windowfixture.h"
#include "tests/support/patience.h"
#include "ui/dialogs/botdialog.h"
#include "ui/dialogs/botform.h"
#include "ui/dialogs/confirmdialog.h"
#include "ui/dialogs/decimalspinbox.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QWheelEvent>

#include <algorithm>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

BotDialog *openDialog(WindowFixture &f, BotId edited = {})
{
    f.window().openBotDialog(edited);
    return f.window().findChild<BotDialog *>();
}

} // namespace

class TestBotDialog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatGoesInComesOut()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        BotConfig config = exampleConfig(u"All of it"_s, u"ETHUSDT"_s, u"rsi_reversion"_s);
        config.market = Market::UsdmFutures;
        config.timeframe = Timeframe::H4;
        config.positionType = PositionType::Both;
        config.leverage = 7;
        config.sizing = {SizingKind::FixedQuote, Decimal::parse("12.5").value()};
        config.trailingStop = TrailingStopRule{Decimal::parse("1.25").value(), Decimal::parse("0.5").value()};
        config.stopLoss = StopRule{StopKind::Atr, Decimal::parse("2.5").value()};
        config.takeProfit.reset();
        config.limits.maxDailyLoss = Money::parse("123.45678901").value();
        config.limits.maxDrawdownPercent = Decimal::fromInteger(11);
        config.limits.maxDailyTrades = 7;
        config.limits.maxPositionQuote = Money::parse("2500.5").value();
        config.limits.cooldownSeconds = 90;
        config.limits.maxOrdersPerMinute = 30; // not in the form
        config.fees = {Decimal::parse("0.0002").value(), Decimal::parse("0.0005").value()};
        config.slippageBasisPoints = Decimal::fromInteger(3);
        config.restartOnError = false;
        config.strategyParameters[u"period"_s] = Decimal::fromInteger(21);
        BotForm form(f.context());
        form.setConfig(config);
        QVERIFY(form.config() == config);
        QCOMPARE(form.errors().size(), 0);
    }

    void theFormFollowsTheStrategysSchema()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        BotForm form(f.context());
        form.setConfig(exampleConfig(u"x"_s));
        QVERIFY(form.findChild<DecimalSpinBox *>(u"parameter_slow"_s));
        form.findChild<QComboBox *>(u"strategy"_s)->setCurrentIndex(1);
        QVERIFY(!form.findChild<DecimalSpinBox *>(u"parameter_slow"_s));
        QCOMPARE(form.findChild<DecimalSpinBox *>(u"parameter_overbought"_s)->value(), Decimal::fromInteger(70));
        QCOMPARE(form.config().strategy, u"rsi_reversion"_s);
    }

    void theWheelScrollsTheFormAndChangesNothing()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        BotDialog *dialog = openDialog(f);
        QScrollBar *bar = dialog->findChild<QScrollArea *>()->verticalScrollBar();
        QTRY_VERIFY(bar->maximum() > 0);
        const BotConfig before = dialog->findChild<BotForm *>()->config();
        for (const QString &name :
             {u"sizing"_s, u"sizingKind"_s, u"parameter_slow"_s, u"stopKind"_s, u"tradesLimit"_s}) {
            auto *control = dialog->findChild<QWidget *>(name);
            control->setFocus();
            bar->setValue(0);
            const QPointF at = control->rect().center();
            QWheelEvent down(at, control->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, Qt::NoModifier,
                             Qt::NoScrollPhase, false);
            QSpontaneKeyEvent::setSpontaneous(&down); // as a mouse's own: others do not go on to the parent
            qApp->notify(control, &down);
            QVERIFY2(bar->value() > 0, qPrintable(name));
        }
        QVERIFY(dialog->findChild<BotForm *>()->config() == before);
    }

    void aWrongFieldIsToldBesideItAndAtTheFoot()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        BotDialog *dialog = openDialog(f);
        dialog->findChild<QComboBox *>(u"market"_s)->setCurrentIndex(1);
        dialog->findChild<QSpinBox *>(u"leverage"_s)->setValue(150);
        QVERIFY(dialog->findChild<QSpinBox *>(u"leverage"_s)->property("invalid").toBool());
        QVERIFY(dialog->findChild<QLabel *>(u"errorLinks"_s)->text().startsWith(u"1 field needs your attention"_s));
        QVERIFY(!dialog->findChild<QPushButton *>(u"create"_s)->isEnabled());
        QCOMPARE(dialog->findChild<QPushButton *>(u"create"_s)->toolTip(), u"Leverage is not right yet"_s);
        // Enter leads to it.
        QTest::keyClick(dialog, Qt::Key_Return);
        QVERIFY(f.backend.commands().empty());
        QTRY_COMPARE(dialog->focusWidget(), static_cast<QWidget *>(dialog->findChild<QSpinBox *>(u"leverage"_s)));
        dialog->findChild<QSpinBox *>(u"leverage"_s)->setValue(3);
        QVERIFY(dialog->findChild<QPushButton *>(u"create"_s)->isEnabled());
    }

    void textThatIsNoNumberIsAnError()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        BotDialog *dialog = openDialog(f);
        dialog->findChild<DecimalSpinBox *>(u"parameter_fast"_s)->findChild<QLineEdit *>()->setText(u"1.5"_s);
        QVERIFY(!dialog->findChild<QPushButton *>(u"create"_s)->isEnabled());
        dialog->findChild<DecimalSpinBox *>(u"parameter_fast"_s)->findChild<QLineEdit *>()->setText(QString());
        QVERIFY(!dialog->findChild<QPushButton *>(u"create"_s)->isEnabled());
        QVERIFY(dialog->findChild<DecimalSpinBox *>(u"parameter_fast"_s)->property("invalid").toBool());
    }

    void createAndStartWaitsForTheEngine()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        f.backend.holdAnswers();
        BotDialog *dialog = openDialog(f);
        QSignalSpy saved(dialog, &BotDialog::saved);
        dialog->findChild<QPushButton *>(u"createAndStart"_s)->click();
        QCOMPARE(f.backend.commands().size(), 1U);
        QVERIFY(!dialog->findChild<QPushButton *>(u"createAndStart"_s)->isEnabled());
        QVERIFY(dialog->isVisible());
        f.backend.answerAll();
        QTRY_COMPARE(saved.count(), 1);
        QTRY_COMPARE(f.backend.bot(BotId(1)).state.status, BotStatus::Running);
    }

    void theEnginesErrorsLandBesideTheirFields()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        BotDialog *dialog = openDialog(f);
        f.backend.failNext({ErrorCode::InvalidInput,
                            u"the symbol is not known"_s,
                            {{u"symbol"_s, u"is not known to this market"_s}}});
        dialog->findChild<QPushButton *>(u"create"_s)->click();
        QTRY_VERIFY(dialog->findChild<QComboBox *>(u"symbol"_s)->property("invalid").toBool());
        QVERIFY(dialog->isVisible());
        dialog->findChild<QComboBox *>(u"symbol"_s)->setEditText(u"ETHUSDT"_s);
        QVERIFY(!dialog->findChild<QComboBox *>(u"symbol"_s)->property("invalid").toBool());
    }

    void anErrorWithoutFieldsStandsAtTheFoot()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        BotDialog *dialog = openDialog(f);
        f.backend.failNext({ErrorCode::Unavailable, u"the engine is stopping"_s, {}});
        dialog->findChild<QPushButton *>(u"create"_s)->click();
        QTRY_COMPARE(dialog->findChild<QLabel *>(u"errorLinks"_s)->text(), u"the engine is stopping"_s);
    }

    void anEditNamesTheVersionThatItChanges()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        BotDialog *dialog = openDialog(f, BotId(1));
        QVERIFY(!dialog->findChild<QComboBox *>(u"symbol"_s)->isEnabled());
        dialog->findChild<QLineEdit *>(u"name"_s)->setText(u"Renamed"_s);
        dialog->findChild<QPushButton *>(u"save"_s)->click();
        QTRY_COMPARE(f.backend.bot(BotId(1)).config->name, u"Renamed"_s);
        QCOMPARE(f.last<UpdateBot>().expectedVersion, 1);
        QTRY_COMPARE(f.row(BotId(1)).name, u"Renamed"_s);
    }

    void nothingCallsALiveBotPaper()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        BotConfig config = exampleConfig(u"Real one"_s, u"SOLUSDT"_s);
        config.mode = Mode::Live;
        config.exchange = Exchange::Binance;
        config.apiKeyId = 1;
        const BotId live = f.backend.addBot(config);
        QTRY_VERIFY(f.context().live.bot(live) != nullptr);
        BotDialog *dialog = openDialog(f, live);
        QVERIFY(dialog->windowTitle().startsWith(u"LIVE · "_s));
        QStringList texts;
        for (const QLabel *label : dialog->findChildren<QLabel *>()) {
            if (label->isVisible())
                texts += label->text();
        }
        for (const QComboBox *box : dialog->findChildren<QComboBox *>())
            texts += box->currentText();
        const QString all = texts.join(u'\n');
        for (const QString &lie : {u"aper"_s, u"demo"_s, u"do not exist"_s, u"10,000"_s})
            QVERIFY2(!all.contains(lie), qPrintable(lie + u" in:\n"_s + all));
        QVERIFY2(all.contains(u"LIVE: real orders with real money at Binance"_s), qPrintable(all));
        QVERIFY2(all.contains(u"1 live bot so far"_s), qPrintable(all));
        QVERIFY2(all.contains(u"not known yet"_s), qPrintable(all)); // its balance
    }

    void aFieldWithoutANumberGivesNoEstimate()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        BotDialog *dialog = openDialog(f);
        const auto says = [&](const QString &text) {
            const auto labels = dialog->findChildren<QLabel *>();
            return std::ranges::any_of(labels, [&](const QLabel *label) { return label->text().contains(text); });
        };
        QVERIFY(says(u"Loss at the stop"_s));
        dialog->findChild<DecimalSpinBox *>(u"stop"_s)->findChild<QLineEdit *>()->clear();
        QVERIFY(!says(u"Loss at the stop"_s));
        QVERIFY(says(u"A number is missing"_s));
    }

    void anErrorIsReadWhole()
    {
        WindowFixture f(1);
        QVERIFY(f.isReady());
        BotDialog *dialog = openDialog(f);
        dialog->findChild<QLineEdit *>(u"name"_s)->clear();
        const QString text = u"Name must have 1 to 80 characters"_s;
        const auto labels = dialog->findChildren<QLabel *>();
        const auto at = std::ranges::find(labels, text, &QLabel::text);
        QVERIFY(at != labels.end());
        QCoreApplication::processEvents();
        const QRect needed =
                QFontMetrics((*at)->font()).boundingRect(QRect(0, 0, (*at)->width(), 1000), Qt::TextWordWrap, text);
        QVERIFY2(needed.height() <= (*at)->height() && needed.width() <= (*at)->width(),
                 qPrintable(u"%1×%2 in %3×%4"_s.arg(needed.width())
                                    .arg(needed.height())
                                    .arg((*at)->width())
                                    .arg((*at)->height())));
    }

    void decimalsAreExactAndStepped()
    {
        DecimalSpinBox box;
        box.setFormat(2, Decimal::parse("0.1").value());
        box.setValue(Decimal::parse("0.2").value());
        QCOMPARE(box.text(), u"0.20"_s);
        box.stepBy(1);
        QCOMPARE(box.value(), Decimal::parse("0.3").value());
        box.stepBy(-5);
        QCOMPARE(box.value(), Decimal());
        box.findChild<QLineEdit *>()->setText(u"0.123456789"_s); // nine decimals
        QVERIFY(!box.isValid());
    }

    void aConfirmationStatesChoicesAndCancelsByDefault()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        Question question;
        question.name = u"q"_s;
        question.heading = u"Stop it?"_s;
        question.choices = {{u"Softly"_s, u"a"_s, u"Stop softly"_s, false}, {u"Hard"_s, u"b"_s, u"Stop hard"_s, true}};
        ConfirmDialog dialog(f.context().theme, question, nullptr);
        dialog.show();
        QCOMPARE(dialog.findChild<QPushButton *>(u"confirmButton"_s)->text(), u"Stop softly"_s);
        dialog.findChild<QRadioButton *>(u"choice1"_s)->click();
        QCOMPARE(dialog.findChild<QPushButton *>(u"confirmButton"_s)->text(), u"Stop hard"_s);
        QCOMPARE(dialog.choice(), 1);
        QTest::keyClick(&dialog, Qt::Key_Return);
        QCOMPARE(dialog.result(), int(QDialog::Rejected));
    }

    void aRequiredWordUnlocksTheButton()
    {
        WindowFixture f(0);
        QVERIFY(f.isReady());
        Question question;
        question.choices = {{{}, {}, u"Start live bot"_s, true}};
        question.requiredWord = u"LIVE"_s;
        ConfirmDialog dialog(f.context().theme, question, nullptr);
        auto *button = dialog.findChild<QPushButton *>(u"confirmButton"_s);
        QVERIFY(!button->isEnabled());
        dialog.findChild<QLineEdit *>(u"requiredWord"_s)->setText(u"live"_s);
        QVERIFY(!button->isEnabled());
        dialog.findChild<QLineEdit *>(u"requiredWord"_s)->setText(u"LIVE"_s);
        QVERIFY(button->isEnabled());
    }
};

QTEST_MAIN(TestBotDialog)
#include "tst_botdialog.moc"
