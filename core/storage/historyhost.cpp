// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/historyhost.h"

namespace tradebot {

using namespace Qt::StringLiterals;

HistoryThread::HistoryThread(QString databasePath)
    : m_thread(u"history"_s, std::make_unique<HistoryHost>(std::move(databasePath)))
{
    m_thread.start();
}

void HistoryThread::post(QObject *context, Job job)
{
    // Connected here and now, while the context is known to be alive; Qt ends the connection with it.
    const auto reply = std::make_shared<HistoryReply>();
    QObject::connect(
            reply.get(), &HistoryReply::ready, context, [](const std::function<void()> &deliver) { deliver(); },
            Qt::QueuedConnection);
    m_thread.post([reply, job = std::move(job)](HistoryHost &host) { Q_EMIT reply->ready(job(host.reader())); });
}

} // namespace tradebot
