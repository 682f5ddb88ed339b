// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livefeed.h"
#include "ui/theme/painting.h"

#include <QAbstractItemModel>

#include <map>
#include <memory>
#include <tuple>
#include <vector>

namespace tradebot {

/// Whose money: bots of one account row may be summed, others never.
struct AccountKey
{
    Mode mode = Mode::Demo;
    Exchange exchange = Exchange::Paper;
    QString currency;

    [[nodiscard]] QString text() const; ///< "Paper, USDT"
    friend bool operator==(const AccountKey &, const AccountKey &) = default;
    friend bool operator<(const AccountKey &a, const AccountKey &b)
    {
        return std::tie(a.mode, a.exchange, a.currency) < std::tie(b.mode, b.exchange, b.currency);
    }
};

[[nodiscard]] QString exchangeText(Exchange exchange); ///< "Paper"
/// Whose money a bot moves.
[[nodiscard]] AccountKey accountOf(const BotSnapshot &bot);
/// What the bot's money and position are worth. Not known while a position has no price, and of a bot at an exchange
/// that was never connected: what there is, only the exchange can tell.
[[nodiscard]] std::optional<Money> worthOf(const BotSnapshot &bot);

/// What the bots list shows of a bot.
struct BotRow
{
    BotId id;
    QString name;
    AccountKey account;
    QString symbol;
    QString strategy;
    ShownState state = ShownState::Stopped;
    QString reason; ///< of the state
    QString lastError;
    QString workingWord; ///< "Starting…" while a command has no answer; empty otherwise
    PositionSide side = PositionSide::Flat;
    QString size; ///< of the position, with the instrument's precision
    std::optional<Money> unrealised;
    Money today;
    qint64 tradesToday = 0;
    bool isActive = false;
    std::optional<Timestamp> priceReceivedAt;

    friend bool operator==(const BotRow &, const BotRow &) = default;
};

/// The sum of an account.
struct AccountRow
{
    AccountKey key;
    int bots = 0;
    std::optional<Money> unrealised; ///< of open positions; empty when one of them is not known
    Money today;

    friend bool operator==(const AccountRow &, const AccountRow &) = default;
};

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

[[nodiscard]] BotRow toRow(const BotSnapshot &bot);
/// "BTC trend, demo, running, BTCUSDT, long 0.0745, unrealised +49.79 USDT, today +41.73 USDT, 2 trades".
[[nodiscard]] QString spokenText(const BotRow &row);

} // namespace tradebot

Q_DECLARE_METATYPE(tradebot::BotRow)
Q_DECLARE_METATYPE(tradebot::AccountRow)
