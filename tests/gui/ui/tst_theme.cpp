// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/painting.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QFontMetricsF>
#include <QTest>

#include <cmath>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

/// Relative luminance of WCAG 2.x.
double luminance(const QColor &color)
{
    const auto linear = [](int channel) {
        const double part = channel / 255.0;
        return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.red()) + 0.7152 * linear(color.green()) + 0.0722 * linear(color.blue());
}

double contrast(const QColor &a, const QColor &b)
{
    const double lighter = std::max(luminance(a), luminance(b));
    const double darker = std::min(luminance(a), luminance(b));
    return (lighter + 0.05) / (darker + 0.05);
}

struct Pair
{
    Token ink;
    Token ground;
    double limit;
};

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPairInUseIsReadable_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::addColumn<int>("palette");
        for (int scheme = 1; scheme <= 2; ++scheme) {
            for (int palette = 0; palette < 4; ++palette)
                QTest::addRow("scheme %d palette %d", scheme, palette) << scheme << palette;
        }
    }
    void everyPairInUseIsReadable()
    {
        QFETCH(int, scheme);
        QFETCH(int, palette);
        const Theme theme({ColorScheme(scheme), MoneyPalette(palette), MoneyPalette(palette), false});
        std::vector<Pair> pairs{{Token::OnDemo, Token::DemoFill, 4.5},     {Token::OnLive, Token::LiveFill, 4.5},
                                {Token::OnAccent, Token::AccentFill, 4.5}, {Token::OnDanger, Token::DangerFill, 4.5},
                                {Token::Text, Token::DangerTint, 4.5},     {Token::Error, Token::DangerTint, 4.5},
                                {Token::BorderStrong, Token::Panel, 3.0},  {Token::BorderStrong, Token::Raised, 3.0},
                                {Token::Focus, Token::Selection, 3.0},     {Token::LiveEdge, Token::Window, 3.0},
                                {Token::DemoFill, Token::Window, 3.0},     {Token::Up, Token::Panel, 3.0},
                                {Token::Down, Token::Panel, 3.0}};
        for (const Token ink : {Token::Text, Token::Text2, Token::Accent, Token::DemoText, Token::LiveText,
                                Token::Running, Token::Pending, Token::Paused, Token::Stopping, Token::Stopped,
                                Token::Error, Token::Degraded, Token::Danger, Token::Profit, Token::Loss}) {
            for (const Token ground : {Token::Panel, Token::Raised, Token::Window, Token::Selection})
                pairs.push_back({ink, ground, 4.5});
        }
        for (const Pair &pair : pairs) {
            const double ratio = contrast(theme.color(pair.ink), theme.color(pair.ground));
            QVERIFY2(ratio >= pair.limit,
                     qPrintable(u"token %1 on %2: %3"_s.arg(int(pair.ink)).arg(int(pair.ground)).arg(ratio)));
        }
    }

    void theStylesheetIsFilledAndReadable()
    {
        Theme theme({ColorScheme::Dark});
        const QString sheet = theme.styleSheet();
        QVERIFY(!sheet.isEmpty());
        QVERIFY2(!sheet.contains(u'@'), "a placeholder was left");
        QVERIFY2(!sheet.contains(u": ;"_s), "an unknown token left a gap");
        theme.applyTo(qApp);
        QCOMPARE(qApp->palette().color(QPalette::Base), theme.color(Token::Panel));
    }

    void figuresAreOfOneWidthAndHaveAMinus()
    {
        const Theme theme;
        for (const FontRole role : {FontRole::Caption, FontRole::Table, FontRole::TableStrong, FontRole::Figure}) {
            const QFontMetricsF metrics(theme.figures(role));
            for (char16_t digit = u'1'; digit <= u'9'; ++digit)
                QCOMPARE(metrics.horizontalAdvance(QChar(digit)), metrics.horizontalAdvance(u'0'));
        }
    }

    void everyIconDrawsSomething_data()
    {
        QTest::addColumn<QString>("name");
        const Theme theme; // brings the resources
        const QStringList icons = QDir(u":/icons"_s).entryList({u"*.svg"_s});
        QVERIFY(icons.size() > 40);
        for (const QString &file : icons)
            QTest::newRow(qPrintable(file)) << file.chopped(4);
    }
    void everyIconDrawsSomething()
    {
        QFETCH(QString, name);
        const Theme theme({ColorScheme::Dark});
        const QImage image = theme.pixmap(name, Token::Text, 16, 2.0).toImage();
        QCOMPARE(image.size(), QSize(32, 32));
        bool anything = false;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                anything = anything || image.pixelColor(x, y).alpha() > 0;
        }
        QVERIFY(anything);
    }

    void everyStateHasItsOwnShapeAndWord()
    {
        QSet<QString> icons;
        QSet<QString> words;
        for (int i = 0; i < 7; ++i) {
            icons += stateIcon(ShownState(i));
            words += stateWord(ShownState(i));
        }
        QCOMPARE(icons.size(), 7);
        QCOMPARE(words.size(), 7);
    }

    void aChangeOfChoiceIsToldOnce()
    {
        Theme theme({ColorScheme::Dark});
        int changes = 0;
        connect(&theme, &Theme::changed, this, [&changes] { ++changes; });
        ThemeChoice choice = theme.choice();
        theme.setChoice(choice);
        QCOMPARE(changes, 0);
        choice.scheme = ColorScheme::Light;
        theme.setChoice(choice);
        QCOMPARE(changes, 1);
        QVERIFY(!theme.isDark());
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
