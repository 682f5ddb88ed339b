// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartmarks.h"
#include "ui/models/livefeed.h"
#include "ui/uicontext.h"

#include <QWidget>

class QButtonGroup;

namespace tradebot {

class CandleChart;

/// Says which line of the chart is which.
class ChartLegend final : public QWidget
{
    Q_OBJECT
public:
    struct Entry
    {
        QString title;
        Token color = Token::Text2;
        Qt::PenStyle style = Qt::SolidLine;
        friend bool operator==(const Entry &, const Entry &) = default;
    };

    ChartLegend(const Theme &theme, QWidget *parent);
    void setEntries(std::vector<Entry> entries);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    std::vector<Entry> m_entries;
};

/// The candle chart of one bot's market with the choice of timeframes: follows candles, trades and the prices that
/// guard the position while it is visible.
class CandlePanel final : public QWidget
{
    Q_OBJECT
public:
    CandlePanel(const UiContext &context, BotId bot, QWidget *parent = nullptr);

    [[nodiscard]] CandleChart &chart() { return *m_chart; }
    [[nodiscard]] Timeframe timeframe() const { return m_timeframe; }
    void setTimeframe(Timeframe timeframe);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildTimeframes(QLayout *row);
    void follow();
    void takeCandles(const CandleUpdate &update);
    void requestOlder(Timestamp before);
    void readTrades();
    void takeTrades(const std::vector<Trade> &trades);
    void takeFacts(const std::vector<EventPointer> &events);
    void takeBot(const BotSnapshot &bot);
    void showCoarser();

    const UiContext &m_context;
    BotId m_bot;
    ChartLegend *m_legend;
    QButtonGroup *m_timeframes;
    CandleChart *m_chart;
    Timeframe m_timeframe = Timeframe::M1;
    FeedHandle m_candles;
    std::vector<TradeMark> m_trades; ///< oldest first
    TradeId m_newestTrade;
};

/// The lines of a bot's chart: its mark, and the prices that guard its position.
[[nodiscard]] std::vector<ChartLine> chartLines(const BotSnapshot &bot);
/// The averages that the bot's strategy decides by, with the defaults of what its config leaves out; none for
/// strategies that do not say.
[[nodiscard]] std::vector<AverageLine> strategyAverages(const BotConfig &config, const StrategyCatalog &strategies);
[[nodiscard]] TradeMark toMark(const Trade &trade);

} // namespace tradebot
