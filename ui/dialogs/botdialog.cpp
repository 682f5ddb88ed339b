// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/botdialog.h"

#include "ui/dialogs/botform.h"
#include "ui/dialogs/tradeestimate.h"
#include "ui/format/moneyformat.h"
#include "ui/format/words.h"
#include "ui/models/botrow.h"
#include "ui/theme/painting.h"
#include "ui/window/botcommands.h"
#include "ui/window/modebanner.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QString directionText(const BotConfig &config)
{
    switch (config.positionType) {
    case PositionType::Long: return BotDialog::tr("goes long only");
    case PositionType::Short: return BotDialog::tr("goes short only");
    case PositionType::Both: return BotDialog::tr("goes long and short");
    }
    return {};
}

} // namespace

BotDialog::BotDialog(const UiContext &context, BotCommands &commands, const SnapshotPointer &bot, QWidget *parent)
    : QDialog(parent),
      m_context(context),
      m_commands(commands),
      m_bot(bot),
      m_form(new BotForm(context, this))
{
    setObjectName(u"botDialog"_s);
    const BotConfig config = bot ? *bot->config : firstConfig();
    setWindowTitle(modeWord(config.mode) + u" · "_s + (bot ? tr("Edit %1").arg(config.name) : tr("New bot")));
    const Theme &theme = context.theme;
    m_form->setConfig(config);
    if (bot)
        m_form->lockIdentity();

    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *page = new QWidget(scroll);
    page->setProperty("surface", u"panel"_s);
    auto *margins = new QVBoxLayout(page);
    margins->setContentsMargins(theme.px(20), theme.px(12), theme.px(16), theme.px(12));
    margins->addWidget(m_form);
    scroll->setWidget(page);

    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(scroll, 1);
    body->addWidget(buildAside());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, frameWidth, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(body, 1);
    layout->addLayout(buildFoot());
    resize(theme.px(960), theme.px(690));
    connect(m_form, &BotForm::changed, this, [this] {
        m_engineErrors.clear();
        refresh();
    });
    refresh();
    m_form->focusField(u"name"_s);
}

BotDialog::~BotDialog()
{
    // A field that loses the focus while it is taken down still says that it changed.
    disconnect(m_form, nullptr, this, nullptr);
}

BotConfig BotDialog::firstConfig() const
{
    BotConfig config;
    config.symbol = Symbol(u"BTCUSDT"_s);
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(2)};
    config.takeProfit = StopRule{StopKind::Percent, Decimal::fromInteger(4)};
    if (!m_context.strategies.empty()) {
        config.strategy = m_context.strategies.front().name;
        config.name = u"BTC "_s + m_context.strategies.front().title;
    }
    const auto isTaken = [this](const QString &name) {
        return std::any_of(m_context.live.bots().begin(), m_context.live.bots().end(),
                           [&name](const auto &entry) { return entry.second->config->name == name; });
    };
    const QString first = config.name;
    for (int number = 2; isTaken(config.name); ++number)
        config.name = u"%1 %2"_s.arg(first).arg(number);
    return config;
}

// ---- Parts

QLabel *BotDialog::addAsideText(QVBoxLayout &layout, const QString &heading, const QString &name)
{
    auto *title = new QLabel(heading, this);
    title->setFont(m_context.theme.font(FontRole::Strong));
    layout.addWidget(title);
    auto *text = new QLabel(this);
    text->setObjectName(name);
    text->setFont(m_context.theme.font(FontRole::Table));
    text->setWordWrap(true);
    text->setTextFormat(Qt::PlainText);
    layout.addWidget(text);
    layout.addSpacing(m_context.theme.px(12));
    return text;
}

QWidget *BotDialog::buildAside()
{
    const Theme &theme = m_context.theme;
    auto *aside = new QFrame(this);
    aside->setObjectName(u"aside"_s);
    aside->setFixedWidth(theme.px(310));
    aside->setStyleSheet(u"QFrame#aside { border-left: 1px solid %1; background: %2; }"_s.arg(
            theme.color(Token::Border).name(), theme.color(Token::Panel).name()));
    auto *layout = new QVBoxLayout(aside);
    layout->setContentsMargins(theme.px(18), theme.px(12), theme.px(18), theme.px(12));
    layout->setSpacing(theme.px(6));
    m_does = addAsideText(*layout, tr("What it will do"), u"whatItDoes"_s);
    m_estimateHeading = new QLabel(aside);
    m_estimateHeading->setFont(theme.font(FontRole::Strong));
    layout->addWidget(m_estimateHeading);
    m_estimate = new QGridLayout;
    m_estimate->setVerticalSpacing(theme.px(4));
    m_estimate->setColumnStretch(0, 1);
    layout->addLayout(m_estimate);
    layout->addSpacing(theme.px(12));
    m_others = addAsideText(*layout, tr("What else is there"), u"otherBots"_s);
    layout->addStretch();
    return aside;
}

QPushButton *BotDialog::addButton(QHBoxLayout &foot, const QString &name, const QString &text, bool primary)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(name);
    button->setAccessibleName(text);
    button->setAutoDefault(false);
    if (primary)
        button->setProperty("kind", u"primary"_s);
    foot.addWidget(button);
    return button;
}

QHBoxLayout *BotDialog::buildFoot()
{
    const Theme &theme = m_context.theme;
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(12));
    foot->setSpacing(theme.px(8));
    m_foot = new QLabel(this);
    m_foot->setObjectName(u"errorLinks"_s);
    m_foot->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_foot->setWordWrap(true);
    theme.setTextColor(*m_foot, Token::Danger);
    connect(m_foot, &QLabel::linkActivated, this, [this](const QString &field) { m_form->focusField(field); });
    foot->addWidget(m_foot, 1);
    m_cancel = addButton(*foot, u"cancel"_s, tr("Cancel"), false);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    if (m_bot) {
        m_save = addButton(*foot, u"save"_s, tr("Save"), true);
    } else {
        m_save = addButton(*foot, u"create"_s, tr("Create"), false);
        m_start = addButton(*foot, u"createAndStart"_s, tr("Create and start"), true);
        m_start->setIcon(theme.icon(u"start"_s, Token::OnAccent));
        connect(m_start, &QPushButton::clicked, this, [this] { save(true); });
    }
    connect(m_save, &QPushButton::clicked, this, [this] { save(false); });
    return foot;
}

// ---- What stands there

void BotDialog::refresh()
{
    refreshAside(m_form->config());
    showErrors(m_engineErrors + m_form->errors());
}

void BotDialog::refreshAside(const BotConfig &config)
{
    const QString symbol = config.symbol.value();
    QString does = tr("On each closed %1 candle of %2 it decides anew, and %3.")
                           .arg(toName(config.timeframe), symbol, directionText(config));
    if (m_form->strategy() != nullptr)
        does = m_form->strategy()->summary + u"\n\n"_s + does;
    if (m_bot)
        does += u"\n\n"_s
                + tr("Changes make version %1. An open position keeps its stops.").arg(m_bot->configVersion + 1);
    m_does->setText(does);
    showEstimate(config);

    QStringList others;
    qint64 ofMode = 0;
    for (const auto &[id, bot] : m_context.live.bots()) {
        if (bot->config->mode != config.mode)
            continue;
        ++ofMode;
        if (bot->config->symbol == config.symbol && (!m_bot || m_bot->id != id))
            others += bot->config->name;
    }
    const bool isLive = config.mode == Mode::Live;
    QString text = isLive ? counted(ofMode, tr("%1 live bot so far."), tr("%1 live bots so far."))
                          : counted(ofMode, tr("%1 demo bot so far."), tr("%1 demo bots so far."));
    constexpr qsizetype mostNames = 3;
    if (others.size() > mostNames)
        others = others.first(mostNames) << tr("%1 others").arg(others.size() - mostNames);
    if (!others.isEmpty()) {
        text += u' ' + tr("On %1 already: %2.").arg(symbol, others.join(u", "_s)) + u' '
                + (isLive ? tr("Live bots of one account share its money.")
                          : tr("Each demo bot keeps a position and a balance of its own."));
    }
    m_others->setText(text);
}

void BotDialog::showEstimate(const BotConfig &config)
{
    const Theme &theme = m_context.theme;
    Instrument instrument;
    instrument.symbol = config.symbol;
    std::tie(instrument.base, instrument.quote) = splitSymbol(config.symbol);
    std::optional<Price> price;
    for (const auto &[id, bot] : m_context.live.bots()) {
        if (bot->config->symbol == config.symbol && bot->config->market == config.market && bot->markPrice) {
            price = bot->markPrice;
            instrument = bot->instrument;
        }
    }
    // A live bot's account is the exchange's to tell.
    const auto balance = m_bot ? worthOf(*m_bot) : std::nullopt;
    m_estimateHeading->setText(price ? tr("One trade, at %1").arg(priceText(*price, instrument)) : tr("One trade"));
    while (QLayoutItem *item = m_estimate->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const std::vector<EstimateRow> rows = m_form->hasNumbers()
                                                  ? estimateTrade(config, price, instrument, balance)
                                                  : std::vector<EstimateRow>{{tr("A number is missing"), u"—"_s}};
    int line = 0;
    for (const EstimateRow &row : rows) {
        auto *label = new QLabel(row.label, this);
        label->setFont(theme.font(FontRole::Table));
        theme.setTextColor(*label, Token::Text2);
        auto *value = new QLabel(row.value, this);
        value->setFont(theme.figures(FontRole::Table));
        value->setAlignment(Qt::AlignRight);
        theme.setTextColor(*value, row.sign == 0 ? Token::Text : Theme::moneyToken(row.sign));
        m_estimate->addWidget(label, line, 0);
        m_estimate->addWidget(value, line, 1);
        ++line;
    }
}

void BotDialog::showErrors(const QList<FieldError> &errors)
{
    m_shown = m_form->showErrors(errors);
    QStringList links;
    for (const auto &[field, label] : m_shown) {
        links += u"<a href=\"%1\" style=\"color:%2\">%3</a>"_s.arg(
                field.toHtmlEscaped(), m_context.theme.color(Token::Danger).name(), label.toHtmlEscaped());
    }
    m_foot->setText(links.isEmpty() ? QString()
                                    : counted(m_shown.size(), tr("%1 field needs your attention: "),
                                              tr("%1 fields need your attention: "))
                                              + links.join(u", "_s));
    const bool ready = m_shown.isEmpty() && !m_working;
    for (QPushButton *button : {m_save, m_start}) {
        if (button == nullptr)
            continue;
        button->setEnabled(ready);
        button->setToolTip(m_shown.isEmpty() ? QString() : tr("%1 is not right yet").arg(m_shown.front().second));
    }
}

// ---- Saving

void BotDialog::setWorking(bool working)
{
    m_working = working;
    m_form->setEnabled(!working);
    m_save->setText(working ? tr("Working…") : m_bot ? tr("Save") : tr("Create"));
    if (m_start != nullptr && !working)
        m_start->setIcon(m_context.theme.icon(u"start"_s, Token::OnAccent));
}

void BotDialog::save(bool thenStart)
{
    if (m_working || !m_form->errors().isEmpty())
        return;
    setWorking(true);
    showErrors({});
    const auto answered = [dialog = QPointer(this)](const Result<BotSnapshot> &result) {
        if (dialog.isNull())
            return;
        dialog->setWorking(false);
        if (result) {
            Q_EMIT dialog->saved(result->id);
            dialog->accept();
            return;
        }
        dialog->m_engineErrors = result.error().fields;
        dialog->refresh();
        if (result.error().fields.isEmpty())
            dialog->m_foot->setText(result.error().text.toHtmlEscaped());
        else
            dialog->m_form->focusField(result.error().fields.front().field);
    };
    if (m_bot)
        m_commands.update(m_bot->id, m_bot->configVersion, m_form->config(), answered);
    else
        m_commands.create(m_form->config(), thenStart, answered);
}

void BotDialog::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter) {
        QDialog::keyPressEvent(event);
        return;
    }
    if (!m_shown.isEmpty())
        m_form->focusField(m_shown.front().first);
    else if (auto *button = qobject_cast<QPushButton *>(focusWidget()))
        button->click();
    else
        save(!m_bot);
}

void BotDialog::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_context.theme;
    painter.fillRect(rect(), theme.color(Token::Panel));
    const bool live = m_bot && m_bot->config->mode == Mode::Live;
    painter.fillRect(0, 0, width(), frameWidth, theme.color(live ? Token::LiveFill : Token::DemoFill));
    const int top = m_cancel->y() - theme.px(12);
    painter.setPen(theme.hairline(Token::Border));
    painter.drawLine(0, top, width(), top);
}

} // namespace tradebot
