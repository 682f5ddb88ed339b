// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/decimal.h"
#include "ui/theme/tokens.h"

#include <QColor>
#include <QFont>
#include <QHash>
#include <QIcon>
#include <QObject>
#include <QPalette>
#include <QPen>
#include <QPixmap>
#include <QPointer>
#include <QString>

class QApplication;
class QWidget;

namespace tradebot {

enum class ColorScheme { System, Dark, Light };

/// Sizes are factors of the system's font; two weights only, and bold for the words DEMO and LIVE.
enum class FontRole { Caption, Table, TableStrong, Body, Strong, Title, Figure, Display, Badge };

struct ThemeChoice
{
    ColorScheme scheme = ColorScheme::System;
    MoneyPalette money = MoneyPalette::Classic;
    MoneyPalette candles = MoneyPalette::Classic;
    bool reducedMotion = false;
    friend bool operator==(const ThemeChoice &, const ThemeChoice &) = default;
};

/// Colours by meaning, fonts, sizes and icons of the window. Main thread. Changes only through setChoice().
class Theme final : public QObject
{
    Q_OBJECT
public:
    /// Measures the system's font and colours; make it before the first widget.
    explicit Theme(const ThemeChoice &choice = {}, QObject *parent = nullptr);
    ~Theme() override;

    /// Gives the application style, palette and stylesheet, now and after each change, until the theme is destroyed.
    void applyTo(QApplication *application);
    void setChoice(const ThemeChoice &choice);
    [[nodiscard]] const ThemeChoice &choice() const { return m_choice; }
    [[nodiscard]] bool isDark() const { return m_dark; }

    [[nodiscard]] QColor color(Token token) const { return m_colors[static_cast<std::size_t>(token)]; }
    /// Profit, loss, or text2 for nothing.
    template<class Tag>
    [[nodiscard]] QColor moneyColor(Fixed<Tag> amount) const
    {
        return color(moneyToken(amount.raw()));
    }
    [[nodiscard]] static Token moneyToken(std::int64_t sign)
    {
        return sign > 0 ? Token::Profit : sign < 0 ? Token::Loss : Token::Text2;
    }
    /// A line of one device pixel.
    [[nodiscard]] QPen hairline(Token token) const;
    [[nodiscard]] QPalette palette() const;
    [[nodiscard]] QString styleSheet() const;

    /// For words.
    [[nodiscard]] QFont font(FontRole role) const;
    /// For numbers: the same, in a family whose digits are all of one width.
    [[nodiscard]] QFont figures(FontRole role) const;
    /// A size of the design (100 %, 13 px text) for the system's font.
    [[nodiscard]] int px(double designPixels) const;

    /// An icon of resources/icons ("start") in one colour; size in device-independent pixels.
    [[nodiscard]] QPixmap pixmap(const QString &name, Token token, int size, qreal devicePixelRatio) const;
    /// The same for actions: text, and disabled; accent-free, so that the colour stays that of the words beside it.
    [[nodiscard]] QIcon icon(const QString &name, Token token = Token::Text) const;

    /// The colour of a label's words: both roles, because a label on a panel takes the one that fits its parent.
    void setTextColor(QWidget &widget, Token token) const;

Q_SIGNALS:
    void changed();

private:
    void resolve();

    ThemeChoice m_choice;
    QPointer<QApplication> m_application;
    bool m_systemDark = false;
    bool m_dark = false;
    std::array<QColor, tokenCount> m_colors;
    QFont m_base;
    QString m_figureFamily;                 ///< empty: the system's own
    QFont::Weight m_strong = QFont::Medium; ///< DemiBold where the family has no Medium
    double m_scale = 1.0;
    mutable QHash<QString, QPixmap> m_pixmaps;
};

} // namespace tradebot
