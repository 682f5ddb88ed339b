// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/botsmodel.h"

#include "ui/format/words.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// Which cells of a bot's row differ.
std::array<bool, BotsModel::ColumnCount> changedCells(const BotRow &a, const BotRow &b)
{
    std::array<bool, BotsModel::ColumnCount> changed{};
    changed[BotsModel::NameColumn] = a.name != b.name || a.symbol != b.symbol || a.strategy != b.strategy
                                     || a.state != b.state || a.reason != b.reason || a.lastError != b.lastError
                                     || a.workingWord != b.workingWord;
    changed[BotsModel::UnrealisedColumn] = a.unrealised != b.unrealised || a.side != b.side || a.size != b.size;
    changed[BotsModel::TodayColumn] = a.today != b.today || a.tradesToday != b.tradesToday || a.isActive != b.isActive
                                      || a.priceReceivedAt != b.priceReceivedAt;
    return changed;
}

} // namespace

struct BotsModel::Account
{
    AccountRow row;
    std::vector<BotRow> bots; ///< by id
};

BotsModel::BotsModel(QObject *parent) : QAbstractItemModel(parent) { }

BotsModel::~BotsModel() = default;

void BotsModel::follow(const LiveFeed &live)
{
    connect(&live, &LiveFeed::botsChanged, this, &BotsModel::update);
    connect(&live, &LiveFeed::botRemoved, this, &BotsModel::remove);
    std::vector<SnapshotPointer> known;
    for (const auto &[id, bot] : live.bots())
        known.push_back(bot);
    update(known);
}

// ---- Changes

void BotsModel::update(const std::vector<SnapshotPointer> &bots)
{
    if (bots.empty())
        return;
    const auto before = accounts();
    for (const auto &bot : bots)
        put(toRow(*bot));
    for (const auto &account : m_accounts)
        updateSum(*account);
    if (accounts() != before)
        Q_EMIT accountsChanged();
}

void BotsModel::put(BotRow row)
{
    if (const auto working = m_working.find(row.id); working != m_working.end())
        row.workingWord = working->second;
    const QModelIndex known = indexOf(row.id);
    if (known.isValid()) {
        auto &account = *m_accounts[static_cast<std::size_t>(known.parent().row())];
        if (account.row.key == row.account) {
            replace(account, known.row(), std::move(row));
            return;
        }
        remove(row.id); // it moved to another account
    }
    Account &account = accountFor(row.account);
    const auto at = std::lower_bound(account.bots.begin(), account.bots.end(), row,
                                     [](const BotRow &a, const BotRow &b) { return a.id < b.id; });
    const int position = static_cast<int>(at - account.bots.begin());
    const int withSum = account.bots.empty() ? position + 1 : position; // the first bot brings the sum's row along
    beginInsertRows(accountIndex(account), position, withSum);
    account.bots.insert(at, std::move(row));
    endInsertRows();
}

void BotsModel::replace(Account &account, int position, BotRow row)
{
    BotRow &old = account.bots[static_cast<std::size_t>(position)];
    const auto changed = changedCells(old, row);
    old = std::move(row);
    const QModelIndex parent = accountIndex(account);
    for (int column = 0; column < ColumnCount; ++column) {
        if (!changed[static_cast<std::size_t>(column)])
            continue;
        int last = column;
        while (last + 1 < ColumnCount && changed[static_cast<std::size_t>(last + 1)])
            ++last;
        Q_EMIT dataChanged(index(position, column, parent), index(position, last, parent),
                           {Qt::DisplayRole, RowRole, SortRole});
        column = last;
    }
}

BotsModel::Account &BotsModel::accountFor(const AccountKey &key)
{
    if (const int known = accountPosition(key); known >= 0)
        return *m_accounts[static_cast<std::size_t>(known)];
    const auto at =
            std::lower_bound(m_accounts.begin(), m_accounts.end(), key,
                             [](const auto &account, const AccountKey &wanted) { return account->row.key < wanted; });
    const int position = static_cast<int>(at - m_accounts.begin());
    auto account = std::make_unique<Account>();
    account->row.key = key;
    beginInsertRows({}, position, position);
    Account &added = **m_accounts.insert(at, std::move(account));
    endInsertRows();
    return added;
}

void BotsModel::remove(BotId id)
{
    const QModelIndex found = indexOf(id);
    if (!found.isValid())
        return;
    const int position = found.parent().row();
    Account &account = *m_accounts[static_cast<std::size_t>(position)];
    const int withSum = account.bots.size() == 1 ? found.row() + 1 : found.row();
    beginRemoveRows(found.parent(), found.row(), withSum);
    account.bots.erase(account.bots.begin() + found.row());
    endRemoveRows();
    if (account.bots.empty()) {
        beginRemoveRows({}, position, position);
        m_accounts.erase(m_accounts.begin() + position);
        endRemoveRows();
    } else {
        updateSum(account);
    }
    Q_EMIT accountsChanged();
}

void BotsModel::updateSum(Account &account)
{
    AccountRow sum;
    sum.key = account.row.key;
    sum.bots = static_cast<int>(account.bots.size());
    Checked<Money> unrealised{Money()};
    Checked<Money> today{Money()};
    bool known = true;
    for (const BotRow &bot : account.bots) {
        known = known && (bot.unrealised || bot.side == PositionSide::Flat);
        unrealised += bot.unrealised.value_or(Money());
        today += bot.today;
    }
    sum.unrealised = known ? unrealised.value() : std::nullopt;
    sum.today = today.valueOr(Money());
    if (sum == account.row)
        return;
    const bool countChanged = sum.bots != account.row.bots;
    account.row = sum;
    const QModelIndex self = accountIndex(account);
    if (countChanged)
        Q_EMIT dataChanged(self, self.siblingAtColumn(ColumnCount - 1), {Qt::DisplayRole, RowRole});
    const int sumRow = static_cast<int>(account.bots.size());
    Q_EMIT dataChanged(index(sumRow, UnrealisedColumn, self), index(sumRow, TodayColumn, self),
                       {Qt::DisplayRole, RowRole, SortRole});
}

void BotsModel::setWorking(BotId id, const QString &word)
{
    if (word.isEmpty())
        m_working.erase(id);
    else
        m_working[id] = word;
    const QModelIndex found = indexOf(id);
    if (!found.isValid())
        return;
    Account &account = *m_accounts[static_cast<std::size_t>(found.parent().row())];
    BotRow row = account.bots[static_cast<std::size_t>(found.row())];
    row.workingWord = word;
    replace(account, found.row(), std::move(row));
}

// ---- Structure

int BotsModel::accountPosition(const AccountKey &key) const
{
    const auto at = std::find_if(m_accounts.begin(), m_accounts.end(),
                                 [&key](const auto &account) { return account->row.key == key; });
    return at == m_accounts.end() ? -1 : static_cast<int>(at - m_accounts.begin());
}

QModelIndex BotsModel::accountIndex(const Account &account, int column) const
{
    return createIndex(accountPosition(account.row.key), column, nullptr);
}

QModelIndex BotsModel::indexOf(BotId id) const
{
    for (const auto &account : m_accounts) {
        const auto at = std::lower_bound(account->bots.begin(), account->bots.end(), id,
                                         [](const BotRow &row, BotId wanted) { return row.id < wanted; });
        if (at != account->bots.end() && at->id == id)
            return createIndex(static_cast<int>(at - account->bots.begin()), 0, account.get());
    }
    return {};
}

std::vector<AccountRow> BotsModel::accounts() const
{
    std::vector<AccountRow> rows;
    for (const auto &account : m_accounts)
        rows.push_back(account->row);
    return rows;
}

int BotsModel::botCount() const
{
    int count = 0;
    for (const auto &account : m_accounts)
        count += static_cast<int>(account->bots.size());
    return count;
}

QModelIndex BotsModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    Account *owner = parent.isValid() ? m_accounts[static_cast<std::size_t>(parent.row())].get() : nullptr;
    return createIndex(row, column, owner);
}

QModelIndex BotsModel::parent(const QModelIndex &child) const
{
    const auto *owner = static_cast<const Account *>(child.constInternalPointer());
    return owner == nullptr ? QModelIndex() : accountIndex(*owner);
}

int BotsModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_accounts.size());
    if (parent.constInternalPointer() != nullptr || parent.column() != 0)
        return 0;
    const auto &bots = m_accounts[static_cast<std::size_t>(parent.row())]->bots;
    return bots.empty() ? 0 : static_cast<int>(bots.size()) + 1;
}

int BotsModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

// ---- Cells

QVariant BotsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto *owner = static_cast<const Account *>(index.constInternalPointer());
    if (owner == nullptr)
        return accountData(m_accounts[static_cast<std::size_t>(index.row())]->row, AccountKind, index.column(), role);
    const auto row = static_cast<std::size_t>(index.row());
    if (row == owner->bots.size())
        return accountData(owner->row, SumKind, index.column(), role);
    return botData(owner->bots[row], index.column(), role);
}

QVariant BotsModel::botData(const BotRow &row, int column, int role) const
{
    switch (role) {
    case KindRole: return BotKind;
    case BotIdRole: return row.id.value();
    case RowRole: return QVariant::fromValue(row);
    case FilterRole:
        return QStringList{row.name, row.symbol, row.strategy, stateWord(row.state), row.lastError}.join(u'\n');
    case Qt::AccessibleTextRole: return spokenText(row);
    case Qt::TextAlignmentRole: return QVariant::fromValue(column == NameColumn ? Qt::AlignLeft : Qt::AlignRight);
    case Qt::DisplayRole:
        switch (column) {
        case NameColumn: return row.name;
        case UnrealisedColumn: return row.account.signedText(row.unrealised);
        case TodayColumn: return row.account.signedText(row.today);
        default: return {};
        }
    case SortRole:
        switch (column) {
        case NameColumn: return row.name;
        case UnrealisedColumn: return row.unrealised ? QVariant(qint64(row.unrealised->raw())) : QVariant();
        case TodayColumn: return qint64(row.today.raw());
        default: return {};
        }
    default: return {};
    }
}

QVariant BotsModel::accountData(const AccountRow &row, Kind kind, int column, int role) const
{
    const QString total = tr("Total %1").arg(row.key.currency);
    switch (role) {
    case KindRole: return kind;
    case BotIdRole: return qint64(0);
    case RowRole: return QVariant::fromValue(row);
    case Qt::AccessibleTextRole:
        return kind == AccountKind
                       ? u"%1, %2, %3"_s.arg(row.key.text(), modeWord(row.key.mode).toLower(),
                                             counted(row.bots, tr("%1 bot"), tr("%1 bots")))
                       : tr("%1: unrealised %2, today %3")
                                 .arg(total, row.key.signedText(row.unrealised), row.key.signedText(row.today));
    case Qt::DisplayRole:
        if (column == NameColumn)
            return kind == AccountKind ? row.key.text() : total;
        if (kind == SumKind && column == UnrealisedColumn)
            return row.key.signedText(row.unrealised);
        return kind == SumKind && column == TodayColumn ? QVariant(row.key.signedText(row.today)) : QVariant();
    default: return {};
    }
}

QVariant BotsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == NameColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn: return tr("Bot, state");
    case UnrealisedColumn: return tr("Unrealised");
    case TodayColumn: return tr("Today, age");
    default: return {};
    }
}

} // namespace tradebot
