// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/historyhost.h"

#include "core/base/threadcallback.h"

namespace tradebot {

using namespace Qt::StringLiterals;

HistoryThread::HistoryThread(QString databasePath)
    : m_thread(u"history"_s, std::make_unique<HistoryHost>(std::move(databasePath)))
{
    m_thread.start();
}

void HistoryThread::post(QObject *context, Job job)
{
    const ThreadCallback<std::function<void()>> reply(context, [](const std::function<void()> &deliver) { deliver(); });
    m_thread.post([reply, job = std::move(job)](HistoryHost &host) { reply(job(host.reader())); });
}

} // namespace tradebot
