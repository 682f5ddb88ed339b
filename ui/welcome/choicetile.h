// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRadioButton>

namespace tradebot {

class Theme;

/// A radio button as a tile of two lines: what it is, and what that means.
class ChoiceTile final : public QRadioButton
{
    Q_OBJECT
public:
    ChoiceTile(const Theme &theme, const QString &heading, const QString &note, QWidget *parent);

    void setNote(const QString &note);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    [[nodiscard]] bool hitButton(const QPoint &position) const override { return rect().contains(position); }

private:
    const Theme &m_theme;
    QString m_note;
};

} // namespace tradebot
