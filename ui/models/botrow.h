// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botsnapshot.h"
#include "ui/theme/painting.h"

#include <QMetaType>

#include <optional>
#include <tuple>

namespace tradebot {

/// Whose money: bots of one account row may be summed, others never.
struct AccountKey
{
    Mode mode = Mode::Demo;
    Exchange exchange = Exchange::Paper;
    QString currency;

    [[nodiscard]] QString text() const; ///< "Paper, USDT"
    /// An amount of its currency, with its sign: "+41.73".
    [[nodiscard]] QString signedText(const std::optional<Money> &amount) const;
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

[[nodiscard]] BotRow toRow(const BotSnapshot &bot);
/// "BTC trend, demo, running, BTCUSDT, long 0.0745, unrealised +49.79 USDT, today +41.73 USDT, 2 trades".
[[nodiscard]] QString spokenText(const BotRow &row);

} // namespace tradebot

Q_DECLARE_METATYPE(tradebot::BotRow)
Q_DECLARE_METATYPE(tradebot::AccountRow)
