// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/security/signingkey.h"

#include <QByteArray>
#include <QString>

#include <chrono>

namespace tradebot {

/// Whom a token speaks for.
struct TokenSubject
{
    qint64 user = 0;
    QString role;
    int epoch = 1; ///< the user's token epoch when it was issued
};

/// What a valid token says.
struct TokenClaims
{
    TokenSubject subject;
    Timestamp issuedAt;
    Timestamp expiresAt;
    QString id; ///< 128 random bits
};

/// Issues and checks JSON web tokens (RFC 7519), HS256 and nothing else. Any thread.
class TokenAuthority final
{
public:
    TokenAuthority(const SigningKey &key, const Clock &clock) : m_key(key), m_clock(clock) { }

    [[nodiscard]] QByteArray issue(const TokenSubject &subject, std::chrono::seconds ttl) const;
    /// Unauthorized for a token that is malformed, not signed by this key, or past its time. Whether its epoch is still
    /// that of the user is the caller's question.
    [[nodiscard]] Result<TokenClaims> verify(QByteArrayView token) const;

private:
    SigningKey m_key;
    const Clock &m_clock;
};

} // namespace tradebot
