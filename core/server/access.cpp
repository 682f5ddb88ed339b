// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/access.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QByteArray credentialOf(const HttpRequest &request, bool tokenInQuery)
{
    static constexpr QByteArrayView scheme = "Bearer ";
    const QByteArray header = request.header("authorization");
    if (QByteArrayView(header).first(std::min(scheme.size(), header.size())).compare(scheme, Qt::CaseInsensitive) == 0)
        return header.sliced(scheme.size()).trimmed();
    return tokenInQuery ? request.query.queryItemValue(u"token"_s, QUrl::FullyDecoded).toUtf8() : QByteArray();
}

} // namespace

Result<Caller> Access::identify(const HttpRequest &request, bool tokenInQuery) const
{
    const QByteArray token = credentialOf(request, tokenInQuery);
    if (token.isEmpty())
        return fail(ErrorCode::Unauthorized, u"this needs a token: Authorization: Bearer …"_s);
    auto claims = m_tokens.verify(token);
    if (!claims)
        return fail(claims.error());
    auto user = m_history.user(UserId(claims->subject.user));
    if (!user && user.error().code != ErrorCode::NotFound)
        return fail(user.error());
    const auto claimedRole = fromName<Role>(claims->subject.role);
    if (!user || !claimedRole || claims->subject.epoch < user->tokenEpoch)
        return fail(ErrorCode::Unauthorized, u"the token has been revoked"_s);
    const bool owner = user->role == Role::Owner && *claimedRole == Role::Owner;
    return Caller{.user = *user, .role = owner ? Role::Owner : Role::Viewer, .token = std::move(*claims)};
}

bool Access::isStillValid(const Caller &caller) const
{
    const auto user = m_history.user(caller.user.id);
    if (!user)
        return user.error().code != ErrorCode::NotFound; // a store that stutters ends no stream
    return caller.token.subject.epoch >= user->tokenEpoch && user->owner == caller.user.owner;
}

} // namespace tradebot
