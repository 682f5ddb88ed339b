// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"
#include "ui/format/timeformat.h"
#include "ui/models/historyroles.h"
#include "ui/models/livefeed.h"

#include <QAbstractTableModel>

#include <deque>
#include <optional>
#include <vector>

namespace tradebot {

/// Which facts are looked at. Everything that is set must hold.
struct EventFilter
{
    std::optional<BotId> bot;
    QStringList types; ///< empty for all
    Severity atLeast = Severity::Info;
    QString text; ///< contained in type or message, case-insensitive

    [[nodiscard]] bool matches(const BotEvent &event) const;
    friend bool operator==(const EventFilter &, const EventFilter &) = default;
};

/// The journal, newest first, live: the newest facts come in on top, older ones are read when the end comes into sight.
/// Bounded in memory, complete on disk. Never waits. Main thread.
class EventsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { SequenceColumn, TimeColumn, SeverityColumn, BotColumn, TypeColumn, MessageColumn, ColumnCount };

    static constexpr size_t mostLive = 5'000;  ///< rows that are kept as facts come in
    static constexpr size_t mostRead = 20'000; ///< rows that scrolling back may add up to; beyond, filter

    EventsModel(HistoryService &history, const LiveFeed &live, const TimeFormat &time, QObject *parent = nullptr);

    /// Reads anew.
    void show(const EventFilter &filter);
    [[nodiscard]] const EventFilter &filter() const { return m_filter; }
    [[nodiscard]] bool isReady() const { return m_ready; }
    [[nodiscard]] const EventPointer &eventAt(int row) const { return m_events[static_cast<size_t>(row)]; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

Q_SIGNALS:
    void ready();
    void failed(const QString &text);

private:
    struct Chunk
    {
        std::vector<EventPointer> events; ///< newest first
        EventSequence scannedTo;          ///< the oldest that was looked at
        bool atEnd = false;
    };

    static Result<Chunk> readChunk(HistoryReader &reader, const EventFilter &filter, EventSequence before);

    void readOlder();
    void takeChunk(const Chunk &chunk);
    void takeFacts(const std::vector<EventPointer> &events);
    void insertNew(const std::vector<EventPointer> &events);
    void trim();
    [[nodiscard]] QString text(const BotEvent &event, int column) const;

    HistoryService &m_history;
    const LiveFeed &m_live;
    const TimeFormat &m_time;
    EventFilter m_filter;
    std::deque<EventPointer> m_events; ///< newest first
    std::vector<EventPointer> m_early; ///< came while the first chunk was being read
    EventSequence m_scannedTo;         ///< reading goes on before this; 0 from the newest
    size_t m_readRows = 0;             ///< that scrolling back has come to; they stay
    bool m_atEnd = false;
    bool m_reading = false;
    bool m_ready = false;
    int m_generation = 0; ///< answers to an earlier filter are dropped
};

/// The icon of a fact's type.
[[nodiscard]] QString eventIcon(const EventPayload &payload);

} // namespace tradebot
