// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"

#include <QByteArray>

namespace tradebot {

enum class ExportKind { Trades, Events };
enum class ExportFormat { Csv, Json };

template<>
struct EnumNames<ExportKind>
{
    static constexpr std::pair<ExportKind, const char *> table[] = {{ExportKind::Trades, "trades"},
                                                                    {ExportKind::Events, "events"}};
};
template<>
struct EnumNames<ExportFormat>
{
    static constexpr std::pair<ExportFormat, const char *> table[] = {{ExportFormat::Csv, "csv"},
                                                                      {ExportFormat::Json, "json"}};
};

struct ExportRequest
{
    ExportKind kind = ExportKind::Trades;
    ExportFormat format = ExportFormat::Csv;
    std::optional<BotId> bot;
    std::optional<Timestamp> from; ///< of a trade's exit, of when a fact happened
    std::optional<Timestamp> to;   ///< before this
};

/// Writes trades or facts, oldest first, in pieces that the caller asks for: a page of rows is all that is held. CSV
/// follows RFC 4180 with a header line and line feeds, JSON is one array with one object a line; numbers are exact.
class Exporter final
{
public:
    /// history outlives the exporter. What is stored while it runs is exported too.
    Exporter(HistoryReader &history, ExportRequest request);

    /// The next piece; empty when all has been given.
    [[nodiscard]] Result<QByteArray> next();

private:
    [[nodiscard]] Result<QByteArray> tradePage();
    [[nodiscard]] Result<QByteArray> eventPage();
    template<class Row>
    [[nodiscard]] QByteArray write(const std::vector<Row> &rows);
    [[nodiscard]] QByteArray beginning() const;
    [[nodiscard]] QByteArray ending() const;

    HistoryReader &m_history;
    const ExportRequest m_request;
    TradeId m_lastTrade;
    EventSequence m_lastEvent;
    qint64 m_rows = 0;
    bool m_begun = false;
    bool m_ended = false;
};

} // namespace tradebot
