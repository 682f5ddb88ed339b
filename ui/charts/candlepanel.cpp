// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/candlepanel.h"

#include "ui/charts/candlechart.h"
#include "ui/format/moneyformat.h"
#include "ui/format/parameters.h"
#include "ui/format/timeformat.h"
#include "ui/theme/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array offered = {Timeframe::M1, Timeframe::M5, Timeframe::M15, Timeframe::M30,
                                Timeframe::H1, Timeframe::H4, Timeframe::D1};
constexpr int candlesAtOnce = 500;
constexpr int mostTrades = 1'000; ///< the newest; the table has them all

} // namespace

// ---- Legend

ChartLegend::ChartLegend(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ChartLegend::setEntries(std::vector<Entry> entries)
{
    if (m_entries == entries)
        return;
    m_entries = std::move(entries);
    QStringList titles;
    for (const Entry &entry : m_entries)
        titles += entry.title;
    setAccessibleName(tr("Lines: %1").arg(titles.join(u", "_s)));
    update();
}

QSize ChartLegend::sizeHint() const
{
    return {m_theme.px(300), m_theme.px(24)};
}

void ChartLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(m_theme.font(FontRole::Caption));
    int x = 0;
    const int middle = height() / 2;
    for (const Entry &entry : m_entries) {
        const int width = painter.fontMetrics().horizontalAdvance(entry.title);
        if (x + m_theme.px(20) + width > this->width())
            break;
        QPen pen(m_theme.color(entry.color), m_theme.px(1.5));
        pen.setStyle(entry.style);
        painter.setPen(pen);
        painter.drawLine(x, middle, x + m_theme.px(14), middle);
        painter.setPen(m_theme.color(Token::Text2));
        painter.drawText(QRect(x + m_theme.px(20), 0, width + 1, height()), Qt::AlignVCenter, entry.title);
        x += m_theme.px(36) + width;
    }
}

// ---- Panel

CandlePanel::CandlePanel(const UiContext &context, BotId bot, QWidget *parent)
    : QWidget(parent),
      m_context(context),
      m_bot(bot),
      m_legend(new ChartLegend(context.theme, this)),
      m_timeframes(new QButtonGroup(this)),
      m_chart(new CandleChart(context.theme, this))
{
    setObjectName(u"candlePanel"_s);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(context.theme.px(12), context.theme.px(4), context.theme.px(8), context.theme.px(2));
    head->setSpacing(0);
    head->addWidget(m_legend, 1);
    if (const SnapshotPointer snapshot = context.live.bot(bot))
        m_timeframe = snapshot->config->timeframe;
    buildTimeframes(head);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_chart, 1);

    connect(m_chart, &CandleChart::olderWanted, this, &CandlePanel::requestOlder);
    connect(m_chart, &CandleChart::coarserWanted, this, &CandlePanel::showCoarser);
    connect(&context.live, &LiveFeed::factsArrived, this, &CandlePanel::takeFacts);
    connect(&context.live, &LiveFeed::botsChanged, this, [this](const std::vector<SnapshotPointer> &bots) {
        for (const SnapshotPointer &changed : bots) {
            if (changed->id == m_bot && isVisible())
                takeBot(*changed);
        }
    });
    const auto setZone = [this] {
        m_chart->setZone(m_context.time.isLocal() ? QTimeZone::systemTimeZone() : QTimeZone::utc());
    };
    connect(&context.time, &TimeFormat::changed, this, setZone);
    setZone();
    readTrades();
}

void CandlePanel::buildTimeframes(QLayout *row)
{
    std::vector<Timeframe> timeframes(offered.begin(), offered.end());
    if (std::ranges::find(timeframes, m_timeframe) == timeframes.end())
        timeframes.push_back(m_timeframe); // the bot's own is always there
    std::ranges::sort(timeframes);
    for (const Timeframe timeframe : timeframes) {
        auto *button = new QToolButton(this);
        button->setText(QString(toName(timeframe)));
        button->setObjectName(u"timeframe-"_s + toName(timeframe));
        button->setAccessibleName(tr("Candles of %1").arg(button->text()));
        button->setCheckable(true);
        button->setChecked(timeframe == m_timeframe);
        m_timeframes->addButton(button, static_cast<int>(timeframe));
        row->addWidget(button);
    }
    const auto dress = [this] {
        for (QAbstractButton *button : m_timeframes->buttons())
            button->setFont(m_context.theme.font(FontRole::Table));
    };
    connect(&m_context.theme, &Theme::changed, this, dress);
    dress();
    connect(m_timeframes, &QButtonGroup::idClicked, this, [this](int id) { setTimeframe(static_cast<Timeframe>(id)); });
}

void CandlePanel::setTimeframe(Timeframe timeframe)
{
    if (timeframe == m_timeframe)
        return;
    m_timeframe = timeframe;
    if (QAbstractButton *button = m_timeframes->button(static_cast<int>(timeframe)))
        button->setChecked(true);
    if (isVisible())
        follow();
}

void CandlePanel::showCoarser()
{
    for (const Timeframe timeframe : offered) {
        if (timeframe > m_timeframe) {
            setTimeframe(timeframe);
            return;
        }
    }
}

void CandlePanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    follow();
}

void CandlePanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_candles.reset();
}

// ---- Candles

void CandlePanel::follow()
{
    m_candles = m_context.feed.followCandles(m_bot, m_timeframe, candlesAtOnce, this,
                                             [this, timeframe = m_timeframe](const CandleUpdate &update) {
                                                 if (timeframe == m_timeframe)
                                                     takeCandles(update);
                                             });
    if (const SnapshotPointer bot = m_context.live.bot(m_bot))
        takeBot(*bot);
}

void CandlePanel::takeCandles(const CandleUpdate &update)
{
    if (update.reset) {
        m_chart->reset(m_timeframe, update.closed, update.live);
        return;
    }
    m_chart->appendClosed(update.closed);
    if (update.live)
        m_chart->setLive(update.live);
}

void CandlePanel::requestOlder(Timestamp before)
{
    CandleQuery query;
    query.bot = m_bot;
    query.timeframe = m_timeframe;
    query.limit = candlesAtOnce;
    query.before = before;
    m_context.feed.requestCandles(
            query, this, [this, timeframe = m_timeframe](const Result<std::vector<Candle>> &candles) {
                if (timeframe == m_timeframe)
                    m_chart->prependOlder(candles.value_or(std::vector<Candle>())); // none: nobody has older ones
            });
}

// ---- Trades and prices

void CandlePanel::readTrades()
{
    TradeQuery query;
    query.bot = m_bot;
    query.limit = mostTrades;
    m_context.history.read(
            this, [query](HistoryReader &reader) { return reader.trades(query); },
            [this](Result<std::vector<Trade>> trades) {
                if (!trades)
                    return; // the trades table says why
                std::ranges::reverse(*trades);
                // Those that came meanwhile are newer than all that was read, or among it.
                const std::vector<TradeMark> since = std::exchange(m_trades, {});
                const TradeId newest = std::exchange(m_newestTrade, TradeId());
                takeTrades(*trades);
                if (newest > m_newestTrade) {
                    m_newestTrade = newest;
                    m_trades.insert(m_trades.end(), since.begin(), since.end());
                    m_chart->setTrades(m_trades);
                }
            });
}

void CandlePanel::takeFacts(const std::vector<EventPointer> &events)
{
    std::vector<Trade> trades;
    for (const EventPointer &event : events) {
        if (const auto *closed = std::get_if<TradeClosed>(&event->payload); closed && event->bot == m_bot)
            trades.push_back(closed->trade);
    }
    takeTrades(trades);
}

void CandlePanel::takeTrades(const std::vector<Trade> &trades)
{
    bool isNew = false;
    for (const Trade &trade : trades) {
        if (trade.id <= m_newestTrade)
            continue;
        m_newestTrade = trade.id;
        m_trades.push_back(toMark(trade));
        isNew = true;
    }
    if (!isNew)
        return;
    if (m_trades.size() > mostTrades)
        m_trades.erase(m_trades.begin(), m_trades.end() - mostTrades);
    m_chart->setTrades(m_trades);
}

void CandlePanel::takeBot(const BotSnapshot &bot)
{
    m_chart->setDecimals(std::min(8, decimalsOfStep(bot.instrument.priceStep.raw())));
    m_chart->setSubject(u"%1, %2"_s.arg(bot.config->symbol.value(), QString(toName(m_timeframe))));
    const Position &position = bot.state.position;
    m_chart->setPosition(position.isOpen()
                                 ? std::optional(PositionMark{position.openedAt, position.entryPrice().toDouble(),
                                                              position.side == PositionSide::Short})
                                 : std::nullopt);
    const std::vector<ChartLine> lines = chartLines(bot);
    m_chart->setLines(lines);
    const auto averages = m_timeframe == bot.config->timeframe ? strategyAverages(*bot.config, m_context.strategies)
                                                               : std::vector<AverageLine>();
    m_chart->setAverages(averages);

    std::vector<ChartLegend::Entry> entries;
    entries.reserve(averages.size() + lines.size());
    for (const AverageLine &average : averages)
        entries.push_back({average.title, average.color, Qt::SolidLine});
    for (const ChartLine &line : lines) {
        if (line.kind == LineKind::Target)
            entries.push_back({tr("target"), Token::Profit, Qt::DashLine});
        else if (line.kind == LineKind::Stop)
            entries.push_back({tr("stop"), Token::Loss, Qt::DashLine});
        else if (line.kind == LineKind::Trailing)
            entries.push_back({tr("trailing"), Token::IndicatorA, Qt::DotLine});
    }
    m_legend->setEntries(std::move(entries));
}

// ---- What is told of a bot

std::vector<ChartLine> chartLines(const BotSnapshot &bot)
{
    std::vector<ChartLine> lines;
    const Position &position = bot.state.position;
    const Price entry = position.entryPrice();
    const auto add = [&](LineKind kind, Price price, const QString &label) {
        if (!price.isZero())
            lines.push_back({kind, price.toDouble(), label, priceText(price, bot.instrument)});
    };
    // A distance from the entry, in the direction of the price.
    const auto labelled = [&](const QString &word, Price price) {
        const auto distance = (price - entry).value();
        const auto percent =
                distance && !entry.isZero()
                        ? proportion(Decimal::fromInteger(100), *distance, entry, Rounding::HalfEven).value()
                        : std::nullopt;
        return percent ? word + u' ' + percentText(*percent) : word;
    };
    if (position.isOpen()) {
        add(LineKind::Target, bot.protection.takeProfit,
            labelled(CandlePanel::tr("Target"), bot.protection.takeProfit));
        add(LineKind::Stop, bot.protection.stopLoss, labelled(CandlePanel::tr("Stop"), bot.protection.stopLoss));
        add(LineKind::Trailing, bot.protection.trailingStop,
            labelled(CandlePanel::tr("Trail"), bot.protection.trailingStop));
        add(LineKind::Entry, entry, CandlePanel::tr("Entry %1").arg(quantityText(position.quantity, bot.instrument)));
    }
    if (bot.markPrice)
        add(LineKind::Mark, *bot.markPrice, {});
    return lines;
}

std::vector<AverageLine> strategyAverages(const BotConfig &config, const StrategyCatalog &strategies)
{
    std::vector<AverageLine> averages;
    if (config.strategy != u"ema_cross"_s)
        return averages;
    const StrategyParameters parameters = wholeParameters(config, strategies);
    const std::array names = {std::pair(u"fast"_s, Token::IndicatorA), std::pair(u"slow"_s, Token::IndicatorB)};
    for (const auto &[name, color] : names) {
        const auto found = parameters.find(name);
        if (found == parameters.end())
            continue;
        const auto *value = std::get_if<Decimal>(&found->second);
        const int period = value ? static_cast<int>(value->toDouble()) : 0;
        if (period > 0)
            averages.push_back({CandlePanel::tr("EMA %1").arg(period), period, color});
    }
    return averages;
}

TradeMark toMark(const Trade &trade)
{
    TradeMark mark;
    mark.entryTime = trade.entryTime;
    mark.exitTime = trade.exitTime;
    mark.entryPrice = trade.entryPrice.toDouble();
    mark.exitPrice = trade.exitPrice.toDouble();
    mark.isShort = trade.side == PositionSide::Short;
    const MoneyFormat format = formatOf(trade.currency, Sign::Always);
    const std::int64_t net = format.rounded(trade.net()).raw();
    mark.outcome = net > 0 ? 1 : net < 0 ? -1 : 0;
    mark.label = format.text(trade.net());
    return mark;
}

} // namespace tradebot
