// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dialogs/prompts.h"
#include "ui/uicontext.h"

#include <QObject>

#include <map>

namespace tradebot {

/// What a person asks of the engine: asks first where money or a position is at stake, shows that the engine is at work
/// until it has answered, and passes the answer on. Nothing waits.
class BotCommands final : public QObject
{
    Q_OBJECT
public:
    BotCommands(const UiContext &context, QWidget *window);

    using Created = std::function<void(const Result<BotSnapshot> &)>;

    void start(BotId id);
    void pause(BotId id);
    void resume(BotId id);
    /// Pause or resume, asked first: for a single key.
    void askTogglePause(BotId id);
    /// Asks how to stop, with this policy chosen beforehand.
    void askStop(BotId id, StopPolicy policy);
    void askRemove(BotId id);
    void clearError(BotId id);
    void create(const BotConfig &config, bool thenStart, Created created);
    void update(BotId id, int expectedVersion, const BotConfig &config, Created updated);

    /// "Starting…"; empty when nothing is under way.
    [[nodiscard]] QString workingWord(BotId id) const;

Q_SIGNALS:
    void workingChanged(tradebot::BotId id, const QString &word);
    /// The engine refused or failed; heading says what was wanted, of which bot.
    void failed(tradebot::BotId id, const QString &heading, const tradebot::Error &error);

private:
    void send(BotId id, Command command, const QString &word, const QString &wanted);
    void setWorking(BotId id, const QString &word);
    void sendStart(BotId id);

    const UiContext &m_context;
    QWidget *m_window;
    std::map<BotId, QString> m_working;
    bool m_liveConfirmed = false; ///< LIVE was typed in this session
};

/// What a stop by this policy does to the bot's position and orders, in words with numbers.
[[nodiscard]] QString stopConsequence(const BotSnapshot &bot, StopPolicy policy);
[[nodiscard]] QString holdingText(const BotSnapshot &bot); ///< "It holds long 0.0745 BTC worth 5,059.92 USDT …"

} // namespace tradebot
