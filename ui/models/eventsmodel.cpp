// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/eventsmodel.h"

#include "ui/format/words.h"
#include "ui/theme/painting.h"

#include <QLocale>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int chunkScan = 5'000; ///< facts looked at in one read, however few of them match

/// The icon of a type; the status tells more by its own.
struct IconOf
{
    QString operator()(const BotCreated &) const { return u"new-bot"_s; }
    QString operator()(const BotConfigured &) const { return u"settings"_s; }
    QString operator()(const BotDeleted &) const { return u"close"_s; }
    QString operator()(const DesiredChanged &event) const
    {
        switch (event.desired) {
        case DesiredState::Running: return u"start"_s;
        case DesiredState::Paused: return u"pause"_s;
        case DesiredState::Stopped: break;
        }
        return u"stop"_s;
    }
    QString operator()(const StatusChanged &event) const
    {
        BotState state;
        state.status = event.status;
        return stateIcon(shownState(state));
    }
    QString operator()(const HealthChanged &) const { return u"connection"_s; }
    QString operator()(const DecisionMade &) const { return u"chart"_s; }
    QString operator()(const OrderChanged &) const { return u"orders"_s; }
    QString operator()(const OrderFilled &) const { return u"trades"_s; }
    QString operator()(const TradeClosed &) const { return u"trades"_s; }
    QString operator()(const ProtectionChanged &) const { return u"lock"_s; }
    QString operator()(const ErrorRaised &) const { return u"error"_s; }
    QString operator()(const ErrorCleared &) const { return u"ok"_s; }
    QString operator()(const DailyLimitReached &) const { return u"warning"_s; }
    QString operator()(const DayClosed &) const { return u"calendar"_s; }
    QString operator()(const SessionCompleted &) const { return u"ok"_s; }
    QString operator()(const BotCompleted &) const { return u"ok"_s; }
    QString operator()(const MoneyMoved &) const { return u"futures"_s; }
    QString operator()(const KillSwitchPulled &) const { return u"kill"_s; }
    QString operator()(const KillSwitchDone &) const { return u"kill"_s; }
    QString operator()(const DrawdownLimitReached &) const { return u"warning"_s; }
    QString operator()(const PeakChanged &) const { return u"chart"_s; }
};

} // namespace

QString eventIcon(const EventPayload &payload)
{
    return std::visit(IconOf(), payload);
}

bool EventFilter::matches(const BotEvent &event) const
{
    if ((bot && event.bot != *bot) || severityOf(event.payload) < atLeast)
        return false;
    const QString type = typeName(event.payload);
    if (!types.isEmpty() && !types.contains(type))
        return false;
    return text.isEmpty() || type.contains(text, Qt::CaseInsensitive)
           || describe(event.payload).contains(text, Qt::CaseInsensitive);
}

EventsModel::EventsModel(HistoryService &history, const LiveFeed &live, const TimeFormat &time, QObject *parent)
    : QAbstractTableModel(parent),
      m_history(history),
      m_live(live),
      m_time(time)
{
    connect(&live, &LiveFeed::factsArrived, this, &EventsModel::takeFacts);
    connect(&time, &TimeFormat::changed, this, [this] {
        Q_EMIT headerDataChanged(Qt::Horizontal, TimeColumn, TimeColumn);
        if (!m_events.empty())
            Q_EMIT dataChanged(index(0, TimeColumn), index(rowCount() - 1, TimeColumn), {Qt::DisplayRole});
    });
}

// ---- Reading

void EventsModel::show(const EventFilter &filter)
{
    ++m_generation;
    beginResetModel();
    m_filter = filter;
    m_events.clear();
    m_early.clear();
    m_scannedTo = EventSequence();
    m_readRows = 0;
    m_atEnd = m_reading = m_ready = false;
    endResetModel();
    readOlder();
}

Result<EventsModel::Chunk> EventsModel::readChunk(HistoryReader &reader, const EventFilter &filter,
                                                  EventSequence before)
{
    // Severity and message are not in the store; they are judged here, in the reading thread.
    EventQuery query;
    query.bot = filter.bot;
    query.types = filter.types;
    query.newestFirst = true;
    query.limit = chunkRows;
    Chunk chunk{{}, before, false};
    for (int scanned = 0; std::ssize(chunk.events) < chunkRows && scanned < chunkScan && !chunk.atEnd;) {
        query.before = chunk.scannedTo;
        auto events = reader.events(query);
        if (!events)
            return fail(events.error());
        scanned += static_cast<int>(events->size());
        chunk.atEnd = std::ssize(*events) < chunkRows;
        if (!events->empty())
            chunk.scannedTo = events->back().sequence;
        for (BotEvent &event : *events) {
            if (filter.matches(event))
                chunk.events.push_back(std::make_shared<const BotEvent>(std::move(event)));
        }
    }
    return chunk;
}

void EventsModel::readOlder()
{
    m_reading = true;
    m_history.read(
            this,
            [filter = m_filter, before = m_scannedTo](HistoryReader &reader) {
                return readChunk(reader, filter, before);
            },
            [this, generation = m_generation](const Result<Chunk> &chunk) {
                if (generation != m_generation)
                    return;
                m_reading = false;
                if (chunk) {
                    takeChunk(*chunk);
                    return;
                }
                m_atEnd = true; // until the filter changes; not asked for over and over
                Q_EMIT failed(chunk.error().text);
            });
}

void EventsModel::takeChunk(const Chunk &chunk)
{
    m_scannedTo = chunk.scannedTo;
    m_atEnd = chunk.atEnd;
    if (!chunk.events.empty()) {
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(chunk.events.size()) - 1);
        m_events.insert(m_events.end(), chunk.events.begin(), chunk.events.end());
        endInsertRows();
        m_readRows = m_events.size();
    }
    if (!m_ready) {
        m_ready = true;
        insertNew(std::exchange(m_early, {}));
        Q_EMIT ready();
    }
    // A rare match in a long journal: the view asks for more only when there is something to scroll.
    if (!m_atEnd && std::ssize(m_events) < chunkRows)
        readOlder();
}

bool EventsModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_ready && !m_reading && !m_atEnd && m_events.size() < mostRead;
}

void EventsModel::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent))
        readOlder();
}

// ---- New facts

void EventsModel::takeFacts(const std::vector<EventPointer> &events)
{
    std::vector<EventPointer> matching;
    std::ranges::copy_if(events, std::back_inserter(matching),
                         [this](const EventPointer &event) { return m_filter.matches(*event); });
    if (m_ready)
        insertNew(matching);
    else
        m_early.insert(m_early.end(), matching.begin(), matching.end());
}

void EventsModel::insertNew(const std::vector<EventPointer> &events)
{
    const EventSequence newest = m_events.empty() ? EventSequence() : m_events.front()->sequence;
    auto first = std::ranges::find_if(events, [&](const EventPointer &event) { return event->sequence > newest; });
    if (first == events.end())
        return;
    if (events.end() - first > static_cast<std::ptrdiff_t>(mostLive))
        first = events.end() - static_cast<std::ptrdiff_t>(mostLive);
    beginInsertRows({}, 0, static_cast<int>(events.end() - first) - 1);
    for (auto event = first; event != events.end(); ++event)
        m_events.push_front(*event);
    endInsertRows();
    trim();
}

/// Drops the oldest rows as new ones come in; scrolling to the end reads them again.
void EventsModel::trim()
{
    const size_t most = std::max(mostLive, m_readRows);
    if (m_events.size() <= most || m_reading)
        return;
    beginRemoveRows({}, static_cast<int>(most), rowCount() - 1);
    m_events.resize(most);
    m_scannedTo = m_events.back()->sequence;
    m_atEnd = false;
    endRemoveRows();
}

// ---- The table

int EventsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_events.size());
}

int EventsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString EventsModel::text(const BotEvent &event, int column) const
{
    switch (column) {
    case SequenceColumn: return QLocale(QLocale::English).toString(event.sequence.value());
    case TimeColumn: return m_time.stamp(event.happened);
    case SeverityColumn:
        switch (severityOf(event.payload)) {
        case Severity::Info: return tr("info");
        case Severity::Warning: return tr("warning");
        case Severity::Error: return tr("error");
        }
        return {};
    case BotColumn: return botName(m_live.bot(event.bot), event.bot);
    case TypeColumn: return spaced(typeName(event.payload));
    case MessageColumn: return describe(event.payload);
    default: return {};
    }
}

QVariant EventsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const BotEvent &event = *eventAt(index.row());
    const Severity severity = severityOf(event.payload);
    switch (role) {
    case Qt::DisplayRole: return text(event, index.column());
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ToolTipRole:
        if (index.column() == MessageColumn)
            return describe(event.payload);
        return index.column() != TimeColumn
                       ? QVariant()
                       : tr("Happened: %1\nRecorded: %2")
                                 .arg(m_time.tooltip(event.happened), m_time.tooltip(event.recorded));
    case BotIdRole: return event.bot.value();
    case SortRole:
        switch (index.column()) {
        case SequenceColumn: return event.sequence.value();
        case TimeColumn: return toMilliseconds(event.happened);
        case SeverityColumn: return static_cast<int>(severity);
        default: return text(event, index.column());
        }
    case CopyRole:
    case Qt::EditRole:
        if (index.column() == SequenceColumn)
            return event.sequence.value();
        return index.column() == TimeColumn ? QVariant(QString::fromLatin1(toRfc3339(event.happened)))
                                            : QVariant(text(event, index.column()));
    case IconRole:
        if (index.column() == SeverityColumn && severity != Severity::Info)
            return severity == Severity::Error ? u"error"_s : u"warning"_s;
        return index.column() == TypeColumn ? QVariant(eventIcon(event.payload)) : QVariant();
    case TokenRole:
        if (index.column() != SeverityColumn || severity == Severity::Info)
            return {};
        return static_cast<int>(severity == Severity::Error ? Token::Error : Token::Degraded);
    case StrongRole: return index.column() == BotColumn;
    default: return {};
    }
}

QVariant EventsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == SequenceColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const std::array titles = {tr("Seq"),    tr("Time, %1").arg(m_time.zone()), tr("Severity"), tr("Bot"), tr("Type"),
                               tr("Message")};
    return titles[static_cast<size_t>(section)];
}

} // namespace tradebot
