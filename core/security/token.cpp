// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/security/token.h"

#include "core/security/constanttime.h"

#include <jwt/jwt.hpp>
#include <sodium.h>

#include <array>
#include <string>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestToken = 4096;

Failure unauthorized(const QString &why)
{
    return fail(ErrorCode::Unauthorized, u"the token %1"_s.arg(why));
}

/// The signature is looked at first and in constant time: what the JWT library is given afterwards was written by us.
bool isSignedBy(const SigningKey &key, QByteArrayView token)
{
    static_assert(SigningKey::size == crypto_auth_hmacsha256_KEYBYTES);
    const qsizetype dot = token.lastIndexOf('.');
    if (dot < 0)
        return false;
    const auto given = QByteArray::fromBase64Encoding(token.sliced(dot + 1).toByteArray(),
                                                      QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals
                                                              | QByteArray::AbortOnBase64DecodingErrors);
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> expected{};
    crypto_auth_hmacsha256(expected.data(), reinterpret_cast<const unsigned char *>(token.data()),
                           static_cast<unsigned long long>(dot),
                           reinterpret_cast<const unsigned char *>(key.bytes().data()));
    return given.decodingStatus == QByteArray::Base64DecodingStatus::Ok
           && equalInConstantTime(given.decoded, {expected.data(), static_cast<qsizetype>(expected.size())});
}

qint64 secondsOf(Timestamp time)
{
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

TokenClaims claimsOf(const json_t &payload)
{
    TokenClaims claims;
    claims.subject.user = QByteArray::fromStdString(payload.at("sub").get<std::string>()).toLongLong();
    claims.subject.role = QString::fromStdString(payload.at("role").get<std::string>());
    claims.subject.epoch = payload.at("epoch").get<int>();
    claims.issuedAt = Timestamp(std::chrono::seconds(payload.at("iat").get<qint64>()));
    claims.expiresAt = Timestamp(std::chrono::seconds(payload.at("exp").get<qint64>()));
    claims.id = QString::fromStdString(payload.at("jti").get<std::string>());
    return claims;
}

} // namespace

QByteArray TokenAuthority::issue(const TokenSubject &subject, std::chrono::seconds ttl) const
{
    std::array<char, 16> id{};
    randombytes_buf(id.data(), id.size());
    const qint64 now = secondsOf(m_clock.now());
    const std::string secret(m_key.bytes().data(), SigningKey::size);
    jwt::jwt_object token{jwt::params::algorithm("HS256"), jwt::params::secret(secret)};
    token.add_claim("sub", std::to_string(subject.user))
            .add_claim("role", subject.role.toStdString())
            .add_claim("epoch", subject.epoch)
            .add_claim("iat", now)
            .add_claim("exp", now + ttl.count())
            .add_claim("jti", QByteArray(id.data(), id.size()).toHex().toStdString());
    return QByteArray::fromStdString(token.signature());
}

Result<TokenClaims> TokenAuthority::verify(QByteArrayView token) const
{
    if (token.size() > longestToken || !isSignedBy(m_key, token))
        return unauthorized(u"is not signed by this installation"_s);
    try {
        std::error_code error;
        const auto decoded = jwt::decode(jwt::string_view(token.data(), static_cast<std::size_t>(token.size())),
                                         jwt::params::algorithms({"HS256"}), error, jwt::params::verify(false));
        if (error || decoded.header().algo() != jwt::algorithm::HS256)
            return unauthorized(u"cannot be read"_s);
        TokenClaims claims = claimsOf(decoded.payload().create_json_obj());
        if (m_clock.now() >= claims.expiresAt)
            return unauthorized(u"expired at %1"_s.arg(QLatin1StringView(toRfc3339(claims.expiresAt))));
        return claims;
    } catch (const std::exception &) { // a claim is missing or of another kind
        return unauthorized(u"cannot be read"_s);
    }
}

} // namespace tradebot
