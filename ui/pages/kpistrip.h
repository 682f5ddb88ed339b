// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

namespace tradebot {

class Theme;

/// One figure with what it is and what it rests on.
struct KpiFigure
{
    QString label;              ///< "Win rate, 30 days"
    QString value;              ///< "56.5"; "—" or a few words where it is not known
    QString unit;               ///< "%"
    QString detail;             ///< "121 of 214 trades"
    QString reason;             ///< why it is not known; tooltip
    std::optional<int> outcome; ///< sign of a gain or loss: arrow and colour
    bool isKnown = true;
    QString shortValue = {};  ///< instead of value where there is no room for it: whole units
    QString shortDetail = {}; ///< instead of detail, likewise
    friend bool operator==(const KpiFigure &, const KpiFigure &) = default;
};

/// The figures that a trader looks at first, side by side. Repaints those that changed.
class KpiStrip final : public QWidget
{
    Q_OBJECT
public:
    explicit KpiStrip(const Theme &theme, QWidget *parent = nullptr);

    void setFigures(std::vector<KpiFigure> figures);
    [[nodiscard]] const std::vector<KpiFigure> &figures() const { return m_figures; }

    struct FittedText
    {
        QString text;
        QFont font;
        int room = 0; ///< in pixels
    };
    /// A value as it is shown: in the largest font that it fits in; without decimals before it is cut.
    [[nodiscard]] FittedText shownValue(size_t figure) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QRect rectOf(size_t figure) const;
    [[nodiscard]] QRect valueLine(size_t figure) const;
    void paintFigure(QPainter &painter, size_t index) const;

    const Theme &m_theme;
    std::vector<KpiFigure> m_figures;
};

} // namespace tradebot
