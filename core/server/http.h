// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/enumnames.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QHostAddress>
#include <QString>
#include <QUrlQuery>

#include <utility>
#include <vector>

namespace tradebot {

enum class HttpMethod { Get, Head, Post, Put, Patch, Delete, Options, Other };

template<>
struct EnumNames<HttpMethod>
{
    static constexpr std::pair<HttpMethod, const char *> table[] = {
            {HttpMethod::Get, "GET"},         {HttpMethod::Head, "HEAD"},   {HttpMethod::Post, "POST"},
            {HttpMethod::Put, "PUT"},         {HttpMethod::Patch, "PATCH"}, {HttpMethod::Delete, "DELETE"},
            {HttpMethod::Options, "OPTIONS"}, {HttpMethod::Other, "other"}};
};

using HttpHeaders = std::vector<std::pair<QByteArray, QByteArray>>;

/// A request as handlers see it, whatever the version of Qt.
struct HttpRequest
{
    HttpMethod method = HttpMethod::Get; ///< a HEAD is handled as a GET, whose body is then not sent
    QString path;                        ///< still percent-encoded, so that an escaped slash separates nothing
    QUrlQuery query;
    HttpHeaders headers;
    QByteArray body;
    QHostAddress peer;

    /// The first header of this name, in any case; empty when there is none.
    [[nodiscard]] QByteArray header(QByteArrayView name) const;
};

/// What is answered.
struct HttpReply
{
    int status = 200;
    QByteArray contentType = "application/json";
    QByteArray body = {};
    HttpHeaders headers = {};
};

[[nodiscard]] QByteArray reasonPhrase(int status);
/// An answer of RFC 9457, application/problem+json.
[[nodiscard]] HttpReply problem(int status, const QString &detail, const QList<FieldError> &errors = {});
/// The one place where an error becomes a status.
[[nodiscard]] HttpReply problem(const Error &error);
[[nodiscard]] HttpReply json(QByteArray body, int status = 200);
/// The whole answer in HTTP/1.1 with `Connection: close`, for what is refused before QHttpServer has seen it.
[[nodiscard]] QByteArray closingBytes(const HttpReply &reply);

} // namespace tradebot
