// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/botrow.h"
#include "ui/models/livefeed.h"

#include <QAbstractItemModel>

#include <map>
#include <memory>
#include <vector>

namespace tradebot {

/// Accounts, under each its bots and a row with their sum. Rows are plain values; only cells that changed are
/// signalled.
class BotsModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        UnrealisedColumn,
        TodayColumn, ///< with the age of the price below
        ColumnCount
    };
    enum Kind { AccountKind, BotKind, SumKind };
    enum Role {
        KindRole = Qt::UserRole,
        BotIdRole,  ///< qint64; 0 for other rows
        RowRole,    ///< BotRow of a bot, AccountRow otherwise
        SortRole,   ///< the raw value of the cell
        FilterRole, ///< all that a filter looks at
    };

    explicit BotsModel(QObject *parent = nullptr);
    ~BotsModel() override;

    void follow(const LiveFeed &live);
    void update(const std::vector<SnapshotPointer> &bots);
    void remove(BotId id);
    /// Empty word: the answer has come.
    void setWorking(BotId id, const QString &word);

    [[nodiscard]] QModelIndex indexOf(BotId id) const;
    [[nodiscard]] std::vector<AccountRow> accounts() const;
    [[nodiscard]] int botCount() const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    /// Accounts came, went, or have other sums.
    void accountsChanged();

private:
    struct Account;

    [[nodiscard]] int accountPosition(const AccountKey &key) const; ///< -1: none
    [[nodiscard]] QModelIndex accountIndex(const Account &account, int column = 0) const;
    Account &accountFor(const AccountKey &key);
    void put(BotRow row);
    void replace(Account &account, int position, BotRow row);
    void updateSum(Account &account);
    [[nodiscard]] QVariant botData(const BotRow &row, int column, int role) const;
    [[nodiscard]] QVariant accountData(const AccountRow &row, Kind kind, int column, int role) const;

    std::vector<std::unique_ptr<Account>> m_accounts; ///< by key
    std::map<BotId, QString> m_working;
};

} // namespace tradebot
