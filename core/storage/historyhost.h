// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/threadowner.h"
#include "core/storage/sqlhistory.h"

#include <QObject>

namespace tradebot {

/// The reading thread's edge. Lives in the history thread.
class HistoryHost final : public QObject
{
    Q_OBJECT

public:
    explicit HistoryHost(QString databasePath) : m_history(std::move(databasePath)) { }
    [[nodiscard]] HistoryReader &reader() { return m_history; }

private:
    SqlHistory m_history;
};

/// The history behind a thread of its own, with a read-only connection of its own. Any thread may ask.
class HistoryThread final : public HistoryService
{
public:
    /// The database has been migrated.
    explicit HistoryThread(QString databasePath);

protected:
    void post(QObject *context, Job job) override;

private:
    ThreadOwner<HistoryHost> m_thread;
};

} // namespace tradebot
