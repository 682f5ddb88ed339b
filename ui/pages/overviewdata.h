// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/accountfigures.h"
#include "ui/uicontext.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <map>
#include <optional>
#include <vector>

namespace tradebot {

/// How much of the past the overview looks at.
struct OverviewSpan
{
    std::optional<std::chrono::milliseconds> length; ///< empty: all
    QString name;                                    ///< "30 days"
    friend bool operator==(const OverviewSpan &, const OverviewSpan &) = default;
};

/// What the store knows of the bots of one account over a span of time: their summed equity, each one's own, and what
/// closed trades came to. Read in the reading thread; kept up to date by what comes in. Main thread.
class OverviewData final : public QObject
{
    Q_OBJECT
public:
    explicit OverviewData(const UiContext &context, QObject *parent = nullptr);

    void show(const AccountKey &account, const OverviewSpan &span);
    /// Reads anew, soon.
    void reload();

    [[nodiscard]] const AccountKey &account() const { return m_account; }
    [[nodiscard]] const OverviewSpan &span() const { return m_span; }
    [[nodiscard]] const std::vector<EquityPoint> &equity() const { return m_read.equity; }
    [[nodiscard]] const std::map<BotId, std::vector<double>> &lines() const { return m_read.lines; }
    [[nodiscard]] const std::optional<TradeStatistics> &statistics() const { return m_statistics; }
    [[nodiscard]] const std::optional<DrawdownFigures> &drawdown() const { return m_drawdown; }
    /// The account's equity of this moment; call it when views have changed.
    void takeEquity(const EquityPoint &point);

Q_SIGNALS:
    /// The curve was read.
    void historyRead();
    void statisticsChanged();

private:
    /// A bot as the reading thread needs it.
    struct Part
    {
        BotId bot;
        Money initial;
        Money now;
        Timestamp createdAt;
    };
    struct Query
    {
        std::vector<Part> parts;
        std::optional<Timestamp> from;
    };
    struct Read
    {
        std::vector<EquityPoint> equity;
        std::map<BotId, std::vector<double>> lines;
        TradeStatistics statistics;
        TradeId newestTrade;
    };

    static Result<Read> read(HistoryReader &reader, const Query &query);
    static Result<void> readTrades(HistoryReader &reader, const Query &query, BotId bot, Read &read);

    void start();
    void take(Read read);
    void takeFacts(const std::vector<EventPointer> &events);
    [[nodiscard]] Query query() const;

    const UiContext &m_context;
    AccountKey m_account;
    OverviewSpan m_span;
    Read m_read;
    std::optional<TradeStatistics> m_statistics;
    std::optional<DrawdownFigures> m_drawdown;
    std::vector<Trade> m_since; ///< trades that closed while the store was being read
    QTimer m_soon;
    int m_generation = 0;
    bool m_reading = false;
};

} // namespace tradebot
