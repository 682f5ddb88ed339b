// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/journal.h"
#include "core/storage/database.h"
#include "core/storage/journalwriter.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>

#include <memory>

namespace tradebot::test {

[[nodiscard]] BotConfig exampleConfig(const QString &name = QStringLiteral("BTC trend"));

/// Makes the facts that an engine would make, numbered without gaps, with the outcomes that the fold expects.
class FactMaker final
{
public:
    explicit FactMaker(EventSequence last = {}) : m_last(last) { }

    [[nodiscard]] std::shared_ptr<BotEvent> make(BotId bot, EventPayload payload);
    [[nodiscard]] std::shared_ptr<BotEvent> created(BotId bot, const BotConfig &config = exampleConfig());
    [[nodiscard]] std::shared_ptr<BotEvent> decision(BotId bot);
    /// Submission and fill of one market order; closes the trade when the position becomes flat.
    [[nodiscard]] std::vector<std::shared_ptr<BotEvent>> filled(BotId bot, Side side, const char *quantity,
                                                                const char *price);
    /// Buys one and sells it a little higher or lower, n times.
    [[nodiscard]] std::vector<std::shared_ptr<BotEvent>> roundTrips(BotId bot, int count);

    [[nodiscard]] EventSequence last() const { return m_last; }
    [[nodiscard]] const BotState &state(BotId bot) { return m_states[bot]; }
    void setTime(Timestamp time) { m_time = time; }

private:
    EventSequence m_last;
    Timestamp m_time = fromMilliseconds(1'770'000'000'000);
    std::map<BotId, BotState> m_states;
};

/// A whole file; empty when it cannot be read.
[[nodiscard]] QByteArray contentOf(const QString &path);
void putContent(const QString &path, const QByteArray &content);

/// A data folder in memory or in /tmp with a migrated database.
class TemporaryStore final
{
public:
    TemporaryStore();

    [[nodiscard]] QString dataDir() const { return m_folder.path() + QStringLiteral("/data"); }
    [[nodiscard]] QString path() const;
    /// Opens a second connection, to look at what is committed.
    [[nodiscard]] Database look() const;
    /// Writes the facts as one batch in one transaction through a new writer that goes on where the database ends.
    void write(std::vector<std::shared_ptr<BotEvent>> events, std::vector<EquitySample> equity = {});

    FakeClock clock;

private:
    QTemporaryDir m_folder;
};

/// The value, or the end of the test program with the error's text.
template<class T>
T valueOf(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().text));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

} // namespace tradebot::test
