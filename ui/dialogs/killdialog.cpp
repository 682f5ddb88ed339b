// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/killdialog.h"

#include "ui/theme/painting.h"
#include "ui/welcome/choicetile.h"
#include "ui/widgets/secondclock.h"
#include "ui/window/modebanner.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStyle>

namespace tradebot {

using namespace Qt::StringLiterals;

KillDialog::KillDialog(const UiContext &context, KillScope scope, BotId around, QWidget *parent)
    : QDialog(parent),
      m_context(context),
      m_around(around),
      m_heading(new QLabel(this)),
      m_counts(new QLabel(this)),
      m_scope(new QComboBox(this)),
      m_protection(new QCheckBox(tr("Protective orders too (positions stay unprotected)"), this))
{
    setObjectName(u"killDialog"_s);
    const Theme &theme = context.theme;
    setMinimumWidth(theme.px(560));
    auto *icon = new QLabel(this);
    icon->setPixmap(theme.pixmap(u"kill"_s, Token::Danger, theme.px(20), devicePixelRatioF()));
    m_heading->setObjectName(u"killHeading"_s);
    m_heading->setFont(theme.font(FontRole::Title));
    m_heading->setTextFormat(Qt::PlainText);
    m_heading->setWordWrap(true);
    m_counts->setObjectName(u"killCounts"_s);
    theme.setTextColor(*m_counts, Token::Text2);
    m_scope->setObjectName(u"killScope"_s);
    m_scope->setAccessibleName(tr("For whom"));
    m_scope->setFixedWidth(theme.px(190));
    m_protection->setObjectName(u"killProtection"_s);
    m_protection->setAccessibleName(m_protection->text());

    auto *heading = new QHBoxLayout;
    heading->setSpacing(theme.px(8));
    heading->addWidget(icon, 0, Qt::AlignTop);
    heading->addWidget(m_heading, 1);
    heading->addWidget(m_scope, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(20), theme.px(16) + frameWidth, theme.px(20), theme.px(16));
    layout->setSpacing(theme.px(8));
    layout->addLayout(heading);
    layout->addWidget(m_counts);
    addChoices(*layout);
    layout->addStretch();
    addFoot(*layout);
    fillScopes(scope);
    connect(m_scope, &QComboBox::currentIndexChanged, this, &KillDialog::refresh);
    connect(m_protection, &QCheckBox::toggled, this, &KillDialog::refresh);
    connect(&context.second, &SecondClock::tick, this, &KillDialog::refresh); // positions come and go meanwhile
    refresh();
    m_choices.front()->setFocus();
}

void KillDialog::addChoices(QVBoxLayout &layout)
{
    for (const KillLevel level : {KillLevel::PauseEntries, KillLevel::CancelOrders, KillLevel::Flatten}) {
        auto *tile = new ChoiceTile(m_context.theme, killWord(level), {}, this);
        tile->setObjectName(u"kill-"_s + toName(level));
        tile->setAccessibleName(killWord(level));
        tile->setChecked(level == KillLevel::PauseEntries);
        connect(tile, &QRadioButton::toggled, this, &KillDialog::refresh);
        layout.addWidget(tile);
        m_choices[static_cast<std::size_t>(level)] = tile;
        if (level != KillLevel::CancelOrders)
            continue;
        auto *indented = new QHBoxLayout;
        indented->addSpacing(m_context.theme.px(35));
        indented->addWidget(m_protection);
        layout.addLayout(indented);
    }
}

void KillDialog::addFoot(QVBoxLayout &layout)
{
    auto *note = new QLabel(tr("A report, order by order, follows."), this);
    note->setFont(m_context.theme.font(FontRole::Table));
    m_context.theme.setTextColor(*note, Token::Text2);
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *cancel = buttons->addButton(QDialogButtonBox::Cancel);
    cancel->setObjectName(u"cancelButton"_s);
    cancel->setText(tr("Cancel"));
    cancel->setIcon({});
    m_act = buttons->addButton(QString(), QDialogButtonBox::AcceptRole);
    m_act->setObjectName(u"killButton"_s);
    m_act->setProperty("kind", u"danger"_s);
    m_act->style()->unpolish(m_act); // the box has dressed it already
    m_act->style()->polish(m_act);
    m_act->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *foot = new QHBoxLayout;
    foot->addWidget(note, 1);
    foot->addWidget(buttons);
    layout.addLayout(foot);
}

void KillDialog::fillScopes(KillScope wanted)
{
    const QSignalBlocker quiet(m_scope);
    for (const KillScope scope : {KillScope::Bot, KillScope::Account, KillScope::Everything}) {
        const auto target = killTarget(m_context.live, m_context.owner, scope, m_around);
        if (!target)
            continue;
        QString title = target->title;
        if (scope != KillScope::Bot)
            title.front() = title.front().toUpper();
        m_scope->addItem(title, static_cast<int>(scope));
        if (scope == wanted)
            m_scope->setCurrentIndex(m_scope->count() - 1);
    }
    if (m_scope->findData(static_cast<int>(wanted)) < 0)
        m_scope->setCurrentIndex(m_scope->count() - 1); // a switch for more bots than asked for is the safe side
}

KillLevel KillDialog::level() const
{
    for (std::size_t i = 0; i < m_choices.size(); ++i) {
        if (m_choices[i]->isChecked())
            return static_cast<KillLevel>(i);
    }
    return KillLevel::PauseEntries;
}

KillSwitch KillDialog::killSwitch() const
{
    KillSwitch killSwitch;
    killSwitch.scope = m_target ? m_target->scope : KillScope::Everything;
    killSwitch.owner = m_context.owner;
    killSwitch.bot = m_target ? m_target->around : BotId();
    killSwitch.level = level();
    killSwitch.includesProtection = killSwitch.level == KillLevel::CancelOrders && m_protection->isChecked();
    return killSwitch;
}

void KillDialog::refresh()
{
    m_target = killTarget(m_context.live, m_context.owner, static_cast<KillScope>(m_scope->currentData().toInt()),
                          m_around);
    const KillLevel chosen = level();
    m_protection->setEnabled(chosen == KillLevel::CancelOrders);
    m_act->setText(tr("%1, Enter").arg(killWord(chosen)));
    m_act->setAccessibleName(killWord(chosen));
    m_act->setEnabled(m_target.has_value());
    if (!m_target) {
        m_heading->setText(tr("Kill switch"));
        m_counts->setText(tr("There are no bots to stop."));
        return;
    }
    setWindowTitle(modeWord(m_target->hasLiveBots() ? Mode::Live : Mode::Demo) + u" · "_s + tr("Kill switch"));
    m_heading->setText(tr("Kill switch, %1").arg(m_target->title));
    m_counts->setText(tr("%1. Choose how far, then press Enter.").arg(killCounts(*m_target)));
    for (std::size_t i = 0; i < m_choices.size(); ++i) {
        m_choices[i]->setNote(killConsequence(*m_target, static_cast<KillLevel>(i), m_protection->isChecked()));
    }
    update();
}

void KillDialog::paintEvent(QPaintEvent *event)
{
    QDialog::paintEvent(event);
    QPainter painter(this);
    painter.fillRect(rect(), m_context.theme.color(Token::Panel));
    const bool live = m_target && m_target->hasLiveBots();
    painter.fillRect(0, 0, width(), frameWidth, m_context.theme.color(live ? Token::LiveFill : Token::DemoFill));
}

} // namespace tradebot
