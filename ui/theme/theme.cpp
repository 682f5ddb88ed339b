// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "core/base/logging.h"
#include "ui/theme/qtversion.h"
#include "ui/theme/themestyle.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QPainter>
#include <QRawFont>
#include <QSvgRenderer>
#include <QWidget>

#include <cmath>

static void initResources()
{
    Q_INIT_RESOURCE(tradebot);
}

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr double designFontPixels = 13.0;
constexpr char32_t minusSign = 0x2212;

bool hasOwnMinus(const QFont &font)
{
    return QRawFont::fromFont(font).supportsCharacter(minusSign);
}

/// All digits of one width, in both weights.
bool hasTabularFigures(QFont font)
{
    for (const auto weight : {QFont::Normal, QFont::Medium}) {
        font.setWeight(weight);
        const QFontMetricsF metrics(font);
        const qreal width = metrics.horizontalAdvance(u'0');
        for (char16_t digit = u'1'; digit <= u'9'; ++digit) {
            if (std::abs(metrics.horizontalAdvance(QChar(digit)) - width) > 0.01)
                return false;
        }
    }
    return true;
}

/// The first family that passes; empty for the system's own.
QString figureFamily(const QFont &base)
{
    QFont own = base;
    if (hasOwnMinus(own) && (requestTabularFigures(own) || hasTabularFigures(own)))
        return {};
    const QStringList candidates{u"Segoe UI"_s,        u"Helvetica Neue"_s, u"Roboto"_s,     u"Open Sans"_s,
                                 u"Liberation Sans"_s, u"Arial"_s,          u"DejaVu Sans"_s};
    for (const QString &family : candidates) {
        QFont font = base;
        font.setFamilies({family});
        if (QFontDatabase::hasFamily(family) && hasOwnMinus(font) && hasTabularFigures(font))
            return family;
    }
    return QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
}

double factorOf(FontRole role)
{
    switch (role) {
    case FontRole::Caption: return 0.85;
    case FontRole::Table:
    case FontRole::TableStrong: return 0.92;
    case FontRole::Body:
    case FontRole::Strong: return 1.0;
    case FontRole::Title: return 1.23;
    case FontRole::Figure: return 1.46;
    case FontRole::Display: return 1.54;
    case FontRole::Badge: return 0.77;
    }
    return 1.0;
}

/// Medium, or the next heavier weight that the family has.
QFont::Weight strongWeight(const QFont &base)
{
    const QString family = QFontInfo(base).family();
    for (const QString &style : QFontDatabase::styles(family)) {
        const int weight = QFontDatabase::weight(family, style);
        if (weight > QFont::Normal && weight < QFont::DemiBold)
            return QFont::Medium;
    }
    return QFont::DemiBold;
}

QFont::Weight weightOf(FontRole role, QFont::Weight strong)
{
    switch (role) {
    case FontRole::Caption:
    case FontRole::Table:
    case FontRole::Body: return QFont::Normal;
    case FontRole::Badge: return QFont::Bold;
    case FontRole::TableStrong:
    case FontRole::Strong:
    case FontRole::Title:
    case FontRole::Figure:
    case FontRole::Display: return strong;
    }
    return QFont::Normal;
}

QByteArray resource(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        qCWarning(logWindow) << "resource" << path << "is missing:" << file.errorString();
        return {};
    }
    return file.readAll();
}

/// Below 17 px the stroke is widened, so that it stays above 1.1 px.
QByteArray iconSource(const QString &name, const QColor &color, int size)
{
    QByteArray svg = resource(u":/icons/%1.svg"_s.arg(name));
    svg.replace("currentColor", color.name().toLatin1());
    if (size <= 16)
        svg.replace("stroke-width=\"1.5\"", "stroke-width=\"1.8\"");
    return svg;
}

} // namespace

Theme::Theme(const ThemeChoice &choice, QObject *parent)
    : QObject(parent),
      m_choice(choice),
      m_systemDark(systemIsDark(QGuiApplication::palette())),
      m_base(QGuiApplication::font())
{
    initResources();
    m_figureFamily = figureFamily(m_base);
    m_strong = strongWeight(m_base);
    m_scale = std::max(1.0, QFontInfo(m_base).pixelSize() / designFontPixels);
    watchSystemScheme(this, [this] {
        m_systemDark = systemIsDark(QGuiApplication::palette());
        resolve();
    });
    resolve();
}

Theme::~Theme()
{
    if (m_application != nullptr) { // widgets may outlive the theme, and the style asks it for every measure
        m_application->setStyleSheet(QString());
        m_application->setStyle(QStringLiteral("Fusion"));
    }
}

void Theme::applyTo(QApplication *application)
{
    m_application = application;
    application->setStyle(new ThemeStyle(*this)); // owned by the application
    resolve();
}

void Theme::setChoice(const ThemeChoice &choice)
{
    if (choice == m_choice)
        return;
    m_choice = choice;
    resolve();
}

void Theme::resolve()
{
    m_dark = m_choice.scheme == ColorScheme::Dark || (m_choice.scheme == ColorScheme::System && m_systemDark);
    for (const TokenValue &row : tokenTable())
        m_colors[static_cast<std::size_t>(row.token)] = QColor::fromRgb(m_dark ? row.dark : row.light);
    const MoneyColors money = moneyColors(m_choice.money, m_dark);
    const MoneyColors candles = moneyColors(m_choice.candles, m_dark);
    m_colors[static_cast<std::size_t>(Token::Profit)] = QColor::fromRgb(money.profit);
    m_colors[static_cast<std::size_t>(Token::Loss)] = QColor::fromRgb(money.loss);
    m_colors[static_cast<std::size_t>(Token::Up)] = QColor::fromRgb(candles.up);
    m_colors[static_cast<std::size_t>(Token::Down)] = QColor::fromRgb(candles.down);
    m_pixmaps.clear();
    if (m_application != nullptr) {
        m_application->setPalette(palette());
        m_application->setStyleSheet(styleSheet());
    }
    Q_EMIT changed();
}

QPen Theme::hairline(Token token) const
{
    QPen pen(color(token), 1.0);
    pen.setCosmetic(true);
    return pen;
}

QPalette Theme::palette() const
{
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, Token token) { palette.setColor(role, color(token)); };
    set(QPalette::Window, Token::Window);
    set(QPalette::Base, Token::Panel);
    set(QPalette::AlternateBase, Token::Panel);
    set(QPalette::Button, Token::Raised);
    set(QPalette::ToolTipBase, Token::Raised);
    set(QPalette::WindowText, Token::Text);
    set(QPalette::Text, Token::Text);
    set(QPalette::ButtonText, Token::Text);
    set(QPalette::ToolTipText, Token::Text);
    set(QPalette::PlaceholderText, Token::Text2);
    set(QPalette::Highlight, Token::Selection);
    set(QPalette::HighlightedText, Token::Text);
    set(QPalette::Link, Token::Accent);
    set(QPalette::LinkVisited, Token::Accent);
    set(QPalette::BrightText, Token::Danger);
    set(QPalette::Light, Token::Raised);
    set(QPalette::Midlight, Token::Border);
    set(QPalette::Mid, Token::Border);
    set(QPalette::Dark, Token::BorderStrong);
    set(QPalette::Shadow, Token::Window);
    palette.setColor(QPalette::Inactive, QPalette::Highlight, color(Token::SelectionInactive));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, color(Token::Disabled));
    return palette;
}

QString Theme::styleSheet() const
{
    const QString source = QString::fromUtf8(resource(u":/theme/window.qss"_s));
    QString sheet;
    sheet.reserve(source.size());
    // "@name" is a colour, "@12" a size, "@strong" the weight of what stands out.
    for (qsizetype at = 0; at < source.size(); ++at) {
        if (source[at] != u'@') {
            sheet += source[at];
            continue;
        }
        qsizetype end = at + 1;
        while (end < source.size() && source[end].isLetterOrNumber())
            ++end;
        const QStringView name = QStringView(source).sliced(at + 1, end - at - 1);
        if (name == u"strong") {
            sheet += QString::number(m_strong);
            at = end - 1;
            continue;
        }
        bool isSize = false;
        const int size = name.toInt(&isSize);
        if (isSize) {
            sheet += QString::number(px(size)) + u"px"_s;
        } else {
            for (const TokenValue &row : tokenTable()) {
                if (row.name == name)
                    sheet += color(row.token).name();
            }
        }
        at = end - 1;
    }
    return sheet;
}

QFont Theme::font(FontRole role) const
{
    QFont font = m_base;
    if (m_base.pointSizeF() > 0)
        font.setPointSizeF(m_base.pointSizeF() * factorOf(role));
    else
        font.setPixelSize(static_cast<int>(std::lround(m_base.pixelSize() * factorOf(role))));
    font.setWeight(weightOf(role, m_strong));
    if (role == FontRole::Badge)
        font.setLetterSpacing(QFont::AbsoluteSpacing, 0.5);
    return font;
}

QFont Theme::figures(FontRole role) const
{
    QFont font = this->font(role);
    if (!m_figureFamily.isEmpty())
        font.setFamilies({m_figureFamily});
    else
        requestTabularFigures(font);
    return font;
}

int Theme::px(double designPixels) const
{
    return static_cast<int>(std::lround(designPixels * m_scale));
}

QPixmap Theme::pixmap(const QString &name, Token token, int size, qreal devicePixelRatio) const
{
    const QString key = u"%1/%2/%3/%4"_s.arg(name).arg(static_cast<int>(token)).arg(size).arg(devicePixelRatio);
    if (const auto known = m_pixmaps.constFind(key); known != m_pixmaps.constEnd())
        return *known;
    const int devicePixels = static_cast<int>(std::lround(size * devicePixelRatio));
    QPixmap pixmap(devicePixels, devicePixels);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(iconSource(name, color(token), size));
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.end();
    pixmap.setDevicePixelRatio(devicePixelRatio);
    m_pixmaps.insert(key, pixmap);
    return pixmap;
}

QIcon Theme::icon(const QString &name, Token token) const
{
    QIcon icon;
    for (const int size : {14, 16, 20, 24}) {
        for (const qreal ratio : {1.0, 2.0}) {
            icon.addPixmap(pixmap(name, token, size, ratio), QIcon::Normal);
            icon.addPixmap(pixmap(name, Token::Disabled, size, ratio), QIcon::Disabled);
        }
    }
    return icon;
}

void Theme::setTextColor(QWidget &widget, Token token) const
{
    QPalette colored = widget.palette();
    colored.setColor(QPalette::WindowText, color(token));
    colored.setColor(QPalette::Text, color(token));
    widget.setPalette(colored);
}

} // namespace tradebot
