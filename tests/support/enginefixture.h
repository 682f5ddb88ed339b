// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/ledgeraudit.h"
#include "core/engine/botengine.h"
#include "tests/support/fakeclock.h"
#include "tests/support/scriptedmarket.h"

#include <QStringList>

#include <map>
#include <span>

namespace tradebot {

/// An engine on a scripted market with a clock that stands still, and a journal that keeps its facts.
class EngineFixture final : private EngineOutput
{
public:
    explicit EngineFixture(const EngineOptions &options = {});

    // What happens to the engine. Where commits come at once, all facts of the step are durable after it.
    Result<BotId> execute(const Command &command);
    void tick(const char *price, const QString &symbol = QStringLiteral("BTCUSDT"));
    /// Time passes, and the engine is told.
    void pass(std::chrono::milliseconds time);
    /// One candle at this price, which then ends; a strategy decides on it, but no price comes afterwards.
    void candle(const char *price);
    void answerHistory();
    void lose(const QString &text);
    /// Makes facts durable; all of them when no number is given.
    void commit(std::optional<EventSequence> upTo = std::nullopt);
    /// The program ends and starts again with the first `kept` facts; the others were never durable.
    void restart(std::optional<std::size_t> kept = std::nullopt);

    /// A bot of config(), created; running with a past of flat candles at 100.
    BotId create(const BotConfig &config);
    BotId run(const BotConfig &config);
    /// A running bot that holds a position: entered after a close at `close` at the price of `fill`.
    BotId enter(const BotConfig &config, const char *close = "101", const char *fill = "101");

    [[nodiscard]] const BotRunner &bot(BotId id = BotId(1)) const { return *engine->find(id); }
    [[nodiscard]] const BotState &state(BotId id = BotId(1)) const { return bot(id).state(); }
    /// The facts since the last call, one short line each.
    QStringList news();

    FakeClock clock;
    ScriptedMarket market;
    std::unique_ptr<BotEngine> engine;
    std::vector<BotEvent> facts;
    std::vector<EquitySample> samples;
    bool commitsAtOnce = true;
    EventSequence durable; ///< the last fact that was
    int earlyFills = 0;    ///< of orders whose facts were not durable yet

private:
    void fact(const BotEvent &event) override;
    void equity(BotId bot, std::span<const EquityPoint> points) override
    {
        for (const EquityPoint &point : points)
            samples.push_back({bot, point});
    }
    void stepDone();
    void checkAccounts() const;

    EngineOptions m_options;
    std::size_t m_told = 0;
    std::map<BotId, LedgerAudit> m_sums;
};

/// What a store would make of these facts.
[[nodiscard]] Recovered recoveredFrom(std::span<const BotEvent> facts);
/// A bot that buys one coin when a close is above the one before and gets out, or short, when it is below.
[[nodiscard]] BotConfig followerConfig(PositionType type = PositionType::Long);
/// "status running", "order submitted buy 1 entry", "fill buy 1 at 101" …
[[nodiscard]] QString shortText(const EventPayload &payload);

template<class T>
[[nodiscard]] T decimal(const char *text)
{
    return T::parse(QByteArrayView(text)).value();
}

} // namespace tradebot
