// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"
#include "core/security/token.h"
#include "core/server/http.h"

namespace tradebot {

/// Who asks.
struct Caller
{
    User user;
    Role role = Role::Viewer; ///< the lower one of the user's and the token's
    TokenClaims token;

    [[nodiscard]] bool isOwner() const { return role == Role::Owner; }
};

/// Turns a credential into a caller.
class Access final
{
public:
    Access(const TokenAuthority &tokens, HistoryReader &history) : m_tokens(tokens), m_history(history) { }

    /// By `Authorization: Bearer …`, or by ?token= where that is allowed. Unauthorized for no or a bad token, a user
    /// who is gone, and a token of an earlier epoch.
    [[nodiscard]] Result<Caller> identify(const HttpRequest &request, bool tokenInQuery) const;
    /// Whether an open stream may go on: its user is there and has not ended his tokens since.
    [[nodiscard]] bool isStillValid(const Caller &caller) const;

private:
    const TokenAuthority &m_tokens;
    HistoryReader &m_history;
};

} // namespace tradebot
