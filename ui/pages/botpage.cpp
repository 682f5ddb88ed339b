// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/botpage.h"

#include "ui/charts/candlepanel.h"
#include "ui/format/moneyformat.h"
#include "ui/format/timeformat.h"
#include "ui/models/livefeed.h"
#include "ui/pages/botheader.h"
#include "ui/pages/configtext.h"
#include "ui/pages/positionarithmetic.h"
#include "ui/pages/rowcard.h"
#include "ui/theme/theme.h"
#include "ui/widgets/secondclock.h"

#include <QAction>
#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPushButton>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QFrame *hairline(QFrame::Shape shape, QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setFrameStyle(static_cast<int>(shape) | static_cast<int>(QFrame::Plain));
    line->setLineWidth(1);
    line->setForegroundRole(QPalette::Mid);
    return line;
}

} // namespace

BotPage::BotPage(const UiContext &context, const Navigation &links, BotId bot, QWidget *parent)
    : QWidget(parent),
      m_context(context),
      m_bot(bot),
      m_header(new BotHeader(context, this)),
      m_candles(new CandlePanel(context, bot, this)),
      m_position(new RowCard(context.theme, this)),
      m_parameters(new RowCard(context.theme, this)),
      m_edit(new QPushButton(tr("Edit…"), m_parameters))
{
    setObjectName(u"botPage"_s);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_position->setObjectName(u"positionCard"_s);
    m_parameters->setObjectName(u"parametersCard"_s);
    m_edit->setObjectName(u"editBot"_s);
    m_edit->setAccessibleName(tr("Edit the bot"));
    m_edit->setProperty("kind", u"link"_s);
    m_edit->setCursor(Qt::PointingHandCursor);
    m_edit->setVisible(static_cast<bool>(links.editBot));
    connect(m_edit, &QPushButton::clicked, this, [edit = links.editBot, bot] { edit(bot); });

    auto *cards = new QHBoxLayout;
    cards->setSpacing(0);
    cards->addWidget(m_position, 3, Qt::AlignTop);
    cards->addWidget(hairline(QFrame::VLine, this));
    cards->addWidget(m_parameters, 2, Qt::AlignTop);
    auto *edit = new QHBoxLayout(m_parameters);
    edit->setContentsMargins(0, context.theme.px(4), context.theme.px(12), 0);
    edit->addWidget(m_edit, 0, Qt::AlignTop | Qt::AlignRight);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(hairline(QFrame::HLine, this));
    layout->addWidget(m_candles, 1);
    layout->addWidget(hairline(QFrame::HLine, this));
    layout->addLayout(cards);

    connect(&context.live, &LiveFeed::botsChanged, this, [this](const std::vector<SnapshotPointer> &bots) {
        for (const SnapshotPointer &changed : bots) {
            if (changed->id == m_bot && isVisible())
                show(changed);
        }
    });
    connect(&context.second, &SecondClock::tick, this, [this] { // for how long the position has been open
        const SnapshotPointer snapshot = isVisible() ? m_context.live.bot(m_bot) : nullptr;
        if (snapshot && snapshot->state.position.isOpen())
            showPosition(*snapshot);
    });
    addShortcuts(links);
    connect(&context.theme, &Theme::changed, this, &BotPage::applyTheme);
    applyTheme();
    show(context.live.bot(bot));
}

void BotPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    show(m_context.live.bot(m_bot));
}

/// Space is the page's, but a button that has the focus is pressed by it.
void BotPage::addShortcuts(const Navigation &links)
{
    auto *toggle = new QAction(tr("Pause or resume"), this);
    toggle->setShortcut(Qt::Key_Space);
    toggle->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(toggle);
    if (links.togglePause)
        connect(toggle, &QAction::triggered, this, [toggle = links.togglePause, bot = m_bot] { toggle(bot); });
    for (QAbstractButton *button : findChildren<QAbstractButton *>())
        button->installEventFilter(this);
}

bool BotPage::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Space) {
        event->accept();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void BotPage::applyTheme()
{
    m_edit->setFont(m_context.theme.font(FontRole::Table));
}

void BotPage::show(const SnapshotPointer &bot)
{
    if (!bot)
        return;
    m_header->setBot(bot);
    showPosition(*bot);
    m_parameters->setHeading(tr("Parameters"), tr("version %1").arg(bot->configVersion), {});
    m_parameters->setRows(configRows(*bot->config, bot->instrument, m_context.strategies));
}

void BotPage::showPosition(const BotSnapshot &bot)
{
    const Position &position = bot.state.position;
    if (!position.isOpen()) {
        m_position->setHeading(tr("Position"), tr("flat"), bot.instrument.quote);
        m_position->setNote(isActive(bot.state.status) ? tr("None open. It enters when its strategy says so.")
                                                       : tr("None open. Start the bot to let it trade."));
        return;
    }
    const QString side = position.side == PositionSide::Short ? tr("short") : tr("long");
    m_position->setHeading(tr("Position"),
                           tr("%1 %2 %3 for %4")
                                   .arg(side, quantityText(position.quantity, bot.instrument), bot.instrument.base,
                                        durationText(m_context.live.system().engineTime - position.openedAt)),
                           bot.instrument.quote);
    std::vector<CardRow> rows;
    for (const ArithmeticRow &row : positionArithmetic(bot)) {
        const MoneyFormat format{row.decimals, Sign::Always};
        const std::int64_t sign = format.rounded(row.amount).raw();
        CardRow made{row.what, row.formula, format.text(row.amount), {}, row.isTotal};
        if (row.isTotal || rows.empty()) // the fees are no result by themselves
            made.outcome = sign > 0 ? 1 : sign < 0 ? -1 : 0;
        rows.push_back(std::move(made));
    }
    if (rows.empty())
        m_position->setNote(tr("No price yet: what it is worth is not known."));
    else
        m_position->setRows(std::move(rows));
}

} // namespace tradebot
