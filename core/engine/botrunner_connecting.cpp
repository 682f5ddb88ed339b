// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/botrunner.h"
#include "core/strategy/indicators/movingaverages.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostHistory = 100'000; ///< candles: what no strategy needs

constexpr int atrPeriod = 14;
/// After so many candles an average true range has forgotten how it began.
constexpr int atrHistory = atrPeriod + 1 + wilderMemory(atrPeriod);

} // namespace

/// The strategy of the configuration, anew. False when the bot stands in error instead.
bool BotRunner::makeStrategy()
{
    m_historyCandles = 0;
    if (!consult([&] { m_strategy.reset(); }))
        return false;
    Result<std::unique_ptr<Strategy>> made = nullptr;
    int history = 0;
    const bool isMade = consult([&] {
        made = m_context.makeStrategy(config());
        history = made && *made ? (*made)->historyCandles() : 0;
    });
    if (!isMade)
        return false;
    if (!made || *made == nullptr) {
        fail(ErrorKind::Strategy, made ? u"there is no strategy %1"_s.arg(config().strategy) : made.error().text);
        return false;
    }
    if (history < 0 || history > mostHistory) {
        fail(ErrorKind::Strategy,
             u"the strategy asks for %1 candles of the past; at most %2 may be"_s.arg(history).arg(mostHistory));
        return false;
    }
    m_strategy = std::move(*made);
    m_historyCandles = history;
    return true;
}

/// Connects the bot to its market and its exchange. One that is stopping, or stands in error and still holds something,
/// only watches: it decides nothing, its guards and its cancels work.
void BotRunner::begin()
{
    closeDayIfOver();
    m_pendingSince = m_context.now();
    m_restartAt.reset();
    m_connectAt.reset();
    if (!m_record.configProblem.isEmpty()) {
        fail(ErrorKind::Strategy, m_record.configProblem);
        return;
    }
    const bool decides = m_record.state.status == BotStatus::Pending;
    if (!decides || makeStrategy() || (!m_watching && holdsSomething()))
        openMarket();
}

void BotRunner::openMarket()
{
    m_atr = Atr(atrPeriod);
    const auto countsInAtr = [](const std::optional<StopRule> &rule) { return rule && rule->kind == StopKind::Atr; };
    m_usesAtr = countsInAtr(config().stopLoss) || countsInAtr(config().takeProfit);
    m_watchesLosses = config().limits.maxDailyLoss || config().limits.maxDrawdownPercent;
    m_lossFloor.reset();
    m_intents.clear();
    m_hasHistory = false;
    m_isReconciled = false;
    m_hasPrice = false;
    m_resumesPlannedEntry = false;
    m_watching = false;
    const auto instrument = m_context.watch(*this);
    if (!instrument) {
        cannotConnect(ErrorKind::PriceFetch, instrument.error().text);
        return;
    }
    m_watching = true;
    m_instrument = *instrument;
    m_guard.reset();
    if (const Position &position = m_record.state.position; position.isOpen()) {
        if (m_record.state.protection.maximumSinceEntry.isZero()) // the fill was durable, what followed it was not
            recordProtection(
                    ProtectionGuard::atEntry(config(), m_instrument, position.side, position.entryPrice(), atrPrice()),
                    u"entry"_s);
        m_guard.watch(config(), m_instrument, position, m_record.state.protection);
    }
    connectExchange();
}

void BotRunner::connectExchange()
{
    m_paper = nullptr;
    m_exchange.reset();
    auto client = m_context.connectExchange(*this);
    if (!client) {
        const ErrorCode code = client.error().code;
        const bool isAboutKey = code == ErrorCode::Unauthorized || code == ErrorCode::Corrupt;
        cannotConnect(isAboutKey ? ErrorKind::ApiKeyDecryptFailed : ErrorKind::ExchangeConnectFailed,
                      client.error().text);
        return;
    }
    m_exchange = std::move(*client);
    if (m_exchange == nullptr) {
        auto paper = std::make_unique<PaperExchange>(config(), m_instrument);
        m_paper = paper.get();
        m_exchange = std::move(paper);
    }
    ExecutionSink *const sink = this;
    m_exchange->setSink(sink);
    if (m_paper != nullptr) {
        m_paper->restore(m_record.state);
        // What had left is still at the exchange; what had not waits on for its fact.
        for (const Order &order : std::vector<Order>(m_record.state.openOrders)) {
            if (order.state == OrderState::Submitted)
                m_context.sendWhenDurable(*this, order.id);
            else if (order.cancelRequested)
                m_exchange->cancel(order);
        }
    }
    m_exchange->reconcile(m_record.state);
    if (m_record.state.status == BotStatus::Error)
        cancelEntries();
}

/// A stop, or a bot in error that still holds something, tries again until it gets through.
void BotRunner::cannotConnect(ErrorKind kind, const QString &message)
{
    if (m_record.state.status != BotStatus::Stopping && m_record.state.status != BotStatus::Error) {
        fail(kind, message);
    } else {
        ++m_failures;
        if (m_record.state.lastError != message)
            record(ErrorRaised{kind, message});
    }
    if (isNeededAtExchange()) {
        m_connectAt = m_context.now() + restartDelay(m_failures);
        return;
    }
    if (m_watching)
        m_context.unwatch(*this);
    m_watching = false;
}

bool BotRunner::holdsSomething() const
{
    return m_record.state.position.isOpen() || !m_record.state.openOrders.empty();
}

/// Whether it has something to do there without being at work.
bool BotRunner::isNeededAtExchange() const
{
    const BotStatus status = m_record.state.status;
    return status == BotStatus::Stopping || (status == BotStatus::Error && holdsSomething() && !m_restartAt);
}

void BotRunner::historyArrived(const Result<std::vector<Candle>> &candles)
{
    if (m_record.state.status != BotStatus::Pending || m_strategy == nullptr || m_hasHistory)
        return;
    if (!candles) {
        fail(ErrorKind::PriceFetch, candles.error().text);
        return;
    }
    const bool isWarm = consult([&] {
        for (const Candle &candle : *candles)
            m_strategy->warmUp(candle);
    });
    if (!isWarm)
        return;
    for (const Candle &candle : *candles)
        updateAtr(candle);
    if (!candles->empty()) {
        m_candle = candles->back();
        if (m_price.isZero())
            m_price = m_mark = m_candle.close;
    }
    m_hasHistory = true;
    armAtrLevels();
    readyWhenComplete();
}

void BotRunner::readyWhenComplete()
{
    if (m_record.state.status != BotStatus::Pending || !m_hasHistory || !m_isReconciled)
        return;
    const bool paused = m_record.state.desired == DesiredState::Paused;
    transition(paused ? BotTrigger::Pause : BotTrigger::Ready,
               paused ? u"Entries paused by owner"_s : u"Starting trading session..."_s);
    m_readySince = m_context.now();
    m_resumesPlannedEntry = m_record.state.plannedEntry.has_value();
    judgeLimits(); // what had ended entries may have been durable without its consequences
    keepProtectiveOrders();
}

int BotRunner::historyCandles() const
{
    return std::max(m_historyCandles, m_usesAtr ? atrHistory : 0);
}

} // namespace tradebot
