// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/painting.h"

#include <QWidget>

namespace tradebot {

/// The pill DEMO or LIVE.
class ModeBadge final : public QWidget
{
    Q_OBJECT
public:
    ModeBadge(const Theme &theme, Mode mode, QWidget *parent) : QWidget(parent), m_theme(theme), m_mode(mode)
    {
        setAccessibleName(modeWord(mode));
        setFixedSize(modeBadgeWidth(theme, mode), theme.px(18));
        connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintModeBadge(painter, rect(), m_theme, m_mode);
    }

private:
    const Theme &m_theme;
    Mode m_mode;
};

} // namespace tradebot
