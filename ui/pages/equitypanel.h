// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/overviewdata.h"
#include "ui/uicontext.h"

#include <QWidget>

class QButtonGroup;
class QLabel;

namespace tradebot {

class EquityChart;

/// Equity and drawdown of an account, with the choice of how much of the past.
class EquityPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit EquityPanel(const UiContext &context, QWidget *parent = nullptr);

    [[nodiscard]] EquityChart &chart() { return *m_chart; }
    [[nodiscard]] OverviewSpan span() const;
    void setCurrency(const QString &currency);

Q_SIGNALS:
    void spanChosen();

private:
    void applyTheme();

    const UiContext &m_context;
    QLabel *m_title;
    QLabel *m_currency;
    QButtonGroup *m_spans;
    EquityChart *m_chart;
};

} // namespace tradebot
