// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

namespace tradebot {

class Theme;

/// A line of a card: what it is, how it came about, how much.
struct CardRow
{
    QString label;
    QString formula;
    QString value;
    std::optional<int> outcome; ///< sign of a gain or loss: arrow and colour
    bool isTotal = false;       ///< a rule above, and more weight
    friend bool operator==(const CardRow &, const CardRow &) = default;
};

/// A heading and rows of label and value; Ctrl+C copies it as text.
class RowCard final : public QWidget
{
    Q_OBJECT
public:
    RowCard(const Theme &theme, QWidget *parent);

    void setHeading(const QString &title, const QString &detail, const QString &right);
    void setRows(std::vector<CardRow> rows);
    /// One line instead of rows.
    void setNote(const QString &note);
    [[nodiscard]] QString text() const;
    [[nodiscard]] const std::vector<CardRow> &rows() const { return m_rows; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void paintRow(QPainter &painter, const QRect &rect, const CardRow &row) const;
    void changed();

    const Theme &m_theme;
    QString m_title;
    QString m_detail;
    QString m_right;
    QString m_note;
    std::vector<CardRow> m_rows;
};

} // namespace tradebot
