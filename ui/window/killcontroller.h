// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/command.h"
#include "ui/uicontext.h"

#include <QDialog>
#include <QObject>

#include <vector>

class QLabel;

namespace tradebot {

class HistoryTable;
class KillReportModel;
struct KillTarget;

/// What came of the kill switch, as it comes; nothing waits for it.
class KillReportDialog final : public QDialog
{
    Q_OBJECT
public:
    /// report is taken over.
    KillReportDialog(const UiContext &context, KillReportModel *report, const QString &of, QWidget *parent);

    [[nodiscard]] KillReportModel &report() { return *m_report; }

private:
    void showProgress();

    const UiContext &m_context;
    KillReportModel *m_report;
    QLabel *m_progress;
    HistoryTable *m_table;
};

/// Opens the sheet of the kill switch, pulls it when told to, and shows what comes of it.
class KillController final : public QObject
{
    Q_OBJECT
public:
    KillController(const UiContext &context, QWidget *window);

    /// bot and account of the scope are those of `around`.
    void open(KillScope scope, BotId around);
    /// Pulls it at once, for these bots, and shows the report.
    void pull(const KillSwitch &killSwitch, const KillTarget &target);

Q_SIGNALS:
    void failed(const QString &heading, const tradebot::Error &error);

private:
    const UiContext &m_context;
    QWidget *m_window;
};

} // namespace tradebot
