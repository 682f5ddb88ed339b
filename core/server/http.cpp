// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/http.h"

#include "core/base/json.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

int statusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidInput:
    case ErrorCode::Unsupported:
    case ErrorCode::Overflow: return 422;
    case ErrorCode::Malformed: return 400;
    case ErrorCode::NotFound: return 404;
    case ErrorCode::Conflict:
    case ErrorCode::AlreadyRunning: return 409;
    case ErrorCode::Forbidden: return 403;
    case ErrorCode::Unauthorized: return 401;
    case ErrorCode::Unavailable: return 503;
    case ErrorCode::Io:
    case ErrorCode::Corrupt:
    case ErrorCode::Internal: break;
    }
    return 500;
}

} // namespace

QByteArray HttpRequest::header(QByteArrayView name) const
{
    for (const auto &[key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

QByteArray reasonPhrase(int status)
{
    static constexpr std::pair<int, const char *> phrases[] = {{200, "OK"},
                                                               {201, "Created"},
                                                               {204, "No Content"},
                                                               {304, "Not Modified"},
                                                               {400, "Bad Request"},
                                                               {401, "Unauthorized"},
                                                               {403, "Forbidden"},
                                                               {404, "Not Found"},
                                                               {405, "Method Not Allowed"},
                                                               {408, "Request Timeout"},
                                                               {409, "Conflict"},
                                                               {411, "Length Required"},
                                                               {413, "Content Too Large"},
                                                               {417, "Expectation Failed"},
                                                               {421, "Misdirected Request"},
                                                               {422, "Unprocessable Content"},
                                                               {429, "Too Many Requests"},
                                                               {431, "Request Header Fields Too Large"},
                                                               {500, "Internal Server Error"},
                                                               {501, "Not Implemented"},
                                                               {503, "Service Unavailable"},
                                                               {505, "HTTP Version Not Supported"}};
    for (const auto &[code, phrase] : phrases) {
        if (code == status)
            return phrase;
    }
    return "Error";
}

HttpReply problem(int status, const QString &detail, const QList<FieldError> &errors)
{
    JsonWriter writer;
    writer.beginObject();
    writer.field("type"_L1, "about:blank"_L1);
    writer.field("title"_L1, QString::fromLatin1(reasonPhrase(status)));
    writer.field("status"_L1, status);
    writer.field("detail"_L1, detail);
    if (!errors.isEmpty()) {
        writer.key("errors"_L1).beginArray();
        for (const FieldError &error : errors) {
            writer.beginObject();
            writer.field("field"_L1, error.field).field("message"_L1, error.message);
            writer.endObject();
        }
        writer.endArray();
    }
    writer.endObject();
    HttpReply reply{.status = status, .contentType = "application/problem+json", .body = writer.take()};
    if (status == 401)
        reply.headers.emplace_back("WWW-Authenticate", "Bearer");
    if (status == 503)
        reply.headers.emplace_back("Retry-After", "3");
    return reply;
}

HttpReply problem(const Error &error)
{
    return problem(statusOf(error.code), error.text, error.fields);
}

HttpReply json(QByteArray body, int status)
{
    return {.status = status, .body = std::move(body)};
}

QByteArray closingBytes(const HttpReply &reply)
{
    QByteArray out = "HTTP/1.1 " + QByteArray::number(reply.status) + ' ' + reasonPhrase(reply.status) + "\r\n";
    out += "Content-Type: " + reply.contentType + "\r\n";
    out += "Content-Length: " + QByteArray::number(reply.body.size()) + "\r\n";
    for (const auto &[name, value] : reply.headers)
        out += name + ": " + value + "\r\n";
    out += "Connection: close\r\n\r\n";
    return out + reply.body;
}

} // namespace tradebot
