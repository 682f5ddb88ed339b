// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/access.h"
#include "core/server/http.h"
#include "core/server/httpconnection.h"

#include <QStringList>

#include <functional>
#include <variant>
#include <vector>

namespace tradebot {

/// What a caller needs for a route.
enum class Right {
    Public, ///< nothing
    Read,   ///< a valid token
    Stream, ///< as Read; the token may also stand in the query, because EventSource sends no headers
    Write,  ///< a valid token of an owner
};

/// One request on its way through a handler.
struct Call
{
    const HttpRequest &request; ///< only while the handler runs
    const Caller &caller;       ///< empty on public routes; only while the handler runs
    QStringList arguments;      ///< what stands for the {…} of the pattern
    ReplyTo reply;
};

/// One row of the table: all that decides who may do what.
struct Route
{
    HttpMethod method;
    const char *pattern; ///< "/api/v1/bots/{id}"
    Right right;
    std::function<void(const Call &)> handler;
    bool wantsBody = false; ///< 411 for a request without a length
};

/// Finds the row for a request.
class Router final
{
public:
    struct Found
    {
        const Route *route;
        QStringList arguments;
    };

    void add(std::vector<Route> routes);
    /// The row, or the problem: 404 for an unknown path, 405 with Allow for a known one.
    [[nodiscard]] std::variant<Found, HttpReply> find(HttpMethod method, const QString &encodedPath) const;

private:
    struct Row
    {
        Route route;
        QStringList segments;
    };
    std::vector<Row> m_rows;
};

} // namespace tradebot
