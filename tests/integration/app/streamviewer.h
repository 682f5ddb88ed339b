// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/integration/app/journalreading.h"

#include <QObject>
#include <QTcpSocket>

#include <memory>
#include <vector>

namespace tradebot {

/// Somebody who watches the events of one bot, keeps each as it came, and comes again with the number of the last one.
class StreamViewer final : public QObject
{
    Q_OBJECT

public:
    struct Event
    {
        qint64 number = 0;
        QByteArray frame; ///< with its blank line
    };

    explicit StreamViewer(qint64 bot) : m_bot(bot) { }

    /// Asks for everything after the last event that it has; from the journal's beginning when it has none.
    void connectTo(quint16 port, const QByteArray &token);
    /// Reads what has arrived and waits for the end of the connection; false when it does not end.
    [[nodiscard]] bool drain();

    [[nodiscard]] qint64 bot() const { return m_bot; }
    [[nodiscard]] const std::vector<Event> &events() const { return m_events; }
    [[nodiscard]] qint64 lastNumber() const { return m_events.empty() ? 0 : m_events.back().number; }
    /// Whether an event after this one says that the bot runs.
    [[nodiscard]] bool sawRunningAfter(qint64 number) const;
    /// What no viewer should get; empty when all is well.
    [[nodiscard]] QByteArray problem() const { return m_problem; }

Q_SIGNALS:
    void eventReceived();

private:
    void read();
    void take(const QByteArray &frame);

    const qint64 m_bot;
    std::unique_ptr<QTcpSocket> m_socket;
    QByteArray m_buffer;
    bool m_isInHead = true;
    bool m_comesByHeader = false;
    std::vector<Event> m_events;
    QByteArray m_problem;
};

/// What a viewer saw, over all his connections, is what the journal holds up to his last number: nothing twice, nothing
/// left out, nothing else. Empty when it is so.
[[nodiscard]] QString differenceFromJournal(const StreamViewer &viewer, const std::vector<BotEvent> &journal);

} // namespace tradebot
