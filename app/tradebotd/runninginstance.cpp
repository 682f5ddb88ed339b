// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tradebotd/runninginstance.h"

#include "app/program/urlfile.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/security/token.h"
#include "core/storage/datafolder.h"
#include "core/storage/users.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>

namespace tradebot {

using namespace Qt::StringLiterals;

std::optional<Result<RunningInstance>> RunningInstance::find(const QString &dataDir)
{
    if (!QFileInfo::exists(databasePath(dataDir)))
        return std::nullopt;
    const auto folder = DataFolder::claim(dataDir);
    if (folder || folder.error().code != ErrorCode::AlreadyRunning)
        return std::nullopt; // what is wrong with the folder is said by whoever opens it
    const auto holder = holderOf(dataDir);
    const auto url = holder ? notedUrl(dataDir, *holder) : std::nullopt;
    if (!url) {
        return Result<RunningInstance>(
                fail(ErrorCode::Unavailable, folder.error().text + u"; it serves no HTTP through which to reach it"_s));
    }
    const auto owner = ownerOf(dataDir);
    if (!owner)
        return Result<RunningInstance>(fail(owner.error()));
    const auto key = SigningKey::loadOrCreate(dataDir);
    if (!key)
        return Result<RunningInstance>(fail(key.error()));
    const SystemClock clock;
    const TokenAuthority authority(*key, clock);
    return Result<RunningInstance>(RunningInstance(
            *url, authority.issue({owner->id.value(), u"owner"_s, owner->tokenEpoch}, std::chrono::minutes(1))));
}

Result<QByteArray> RunningInstance::post(const QString &path, const QByteArray &body) const
{
    QNetworkAccessManager network;
    network.setProxy(QNetworkProxy::NoProxy); // the token is for this program alone
    QNetworkRequest request(m_url.resolved(QUrl(path)));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("Authorization", "Bearer " + m_token);
    request.setTransferTimeout(30'000);
    QNetworkReply *const reply = network.post(request, body);
    QObject::connect(reply, &QNetworkReply::finished, QCoreApplication::instance(), &QCoreApplication::quit);
    QCoreApplication::exec();
    const QByteArray answer = reply->readAll();
    if (reply->error() == QNetworkReply::NoError)
        return answer;
    const auto problem = JsonValue::parse(answer);
    const JsonValue *const detail = problem ? problem->find(u"detail") : nullptr;
    const QString *const text = detail != nullptr ? detail->string() : nullptr;
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const ErrorCode code = status == 400   ? ErrorCode::Malformed
                           : status == 422 ? ErrorCode::InvalidInput
                                           : ErrorCode::Unavailable;
    return fail(code, text != nullptr ? *text : reply->errorString());
}

} // namespace tradebot
