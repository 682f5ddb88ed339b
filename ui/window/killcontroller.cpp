// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/killcontroller.h"

#include "core/api/botcontrol.h"
#include "ui/dialogs/killdialog.h"
#include "ui/format/words.h"
#include "ui/models/killreportmodel.h"
#include "ui/pages/historytable.h"
#include "ui/theme/painting.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array reportWidths = {130, 310, 160, 180};

} // namespace

KillReportDialog::KillReportDialog(const UiContext &context, KillReportModel *report, const QString &of,
                                   QWidget *parent)
    : QDialog(parent),
      m_context(context),
      m_report(report),
      m_progress(new QLabel(this)),
      m_table(new HistoryTable(context, *report, reportWidths, this))
{
    setObjectName(u"killReport"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    report->setParent(this);
    const Theme &theme = context.theme;
    setWindowTitle(tr("Report of the kill switch"));
    const KillSwitch &pulled = report->killSwitch();
    const QString level = killWord(pulled.level);
    auto *heading = new QLabel(pulled.scope == KillScope::Everything ? level : tr("%1: %2").arg(level, of), this);
    heading->setTextFormat(Qt::PlainText);
    heading->setFont(theme.font(FontRole::Title));
    m_progress->setObjectName(u"killProgress"_s);
    m_table->setObjectName(u"killReportTable"_s);
    m_table->setAccessibleName(tr("What became of orders and positions"));
    m_table->setEmptyText(tr("Nothing was open"), tr("There was no bot, order or position to act on."));
    auto *copy = new QPushButton(tr("Copy"), this);
    copy->setObjectName(u"copyKillReport"_s);
    copy->setAccessibleName(tr("Copy the report"));
    copy->setAutoDefault(false);
    connect(copy, &QPushButton::clicked, this, [this] {
        m_table->selectAll();
        QGuiApplication::clipboard()->setText(m_table->selectedText());
    });
    auto *close = new QPushButton(tr("Close"), this);
    close->setObjectName(u"closeKillReport"_s);
    close->setAccessibleName(tr("Close"));
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QWidget::close);

    auto *foot = new QHBoxLayout;
    foot->addWidget(m_progress, 1);
    foot->addWidget(copy);
    foot->addWidget(close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12));
    layout->setSpacing(theme.px(8));
    layout->addWidget(heading);
    layout->addWidget(m_table, 1);
    layout->addLayout(foot);
    resize(theme.px(860), theme.px(360));
    connect(report, &KillReportModel::progressed, this, &KillReportDialog::showProgress);
    showProgress();
    close->setFocus();
}

void KillReportDialog::showProgress()
{
    const int waiting = m_report->waiting();
    const int failed = m_report->failed();
    QStringList parts;
    if (waiting > 0)
        parts += counted(waiting, tr("%1 answer is still to come"), tr("%1 answers are still to come"));
    if (failed > 0)
        parts += counted(failed, tr("%1 needs a look"), tr("%1 need a look"));
    m_progress->setText(parts.isEmpty() ? tr("All is settled.") : parts.join(u", "_s) + u'.');
    m_context.theme.setTextColor(*m_progress, failed > 0 ? Token::Error : Token::Text2);
}

KillController::KillController(const UiContext &context, QWidget *window)
    : QObject(window),
      m_context(context),
      m_window(window)
{ }

void KillController::open(KillScope scope, BotId around)
{
    if (m_window->findChild<KillDialog *>() != nullptr)
        return; // it is open already
    auto *dialog = new KillDialog(m_context, scope, around, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        if (dialog->target())
            pull(dialog->killSwitch(), *dialog->target());
    });
    dialog->open();
}

void KillController::pull(const KillSwitch &killSwitch, const KillTarget &target)
{
    auto *report = new KillReportModel(m_context.live, killSwitch, target.bots);
    auto *shown = new KillReportDialog(m_context, report, target.title, m_window);
    shown->show();
    m_context.control.pull(killSwitch, this,
                           [this, title = target.title, shown = QPointer(shown)](const Result<KillReport> &result) {
                               if (!result)
                                   Q_EMIT failed(tr("The kill switch failed: %1").arg(title), result.error());
                               if (shown.isNull())
                                   return;
                               if (result)
                                   shown->report().takeReport(*result);
                               else
                                   shown->report().takeFailure(result.error());
                           });
}

} // namespace tradebot
