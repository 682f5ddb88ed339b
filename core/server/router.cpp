// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/router.h"

#include <QUrl>

#include <optional>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QStringList segmentsOf(const QString &encodedPath)
{
    QStringList segments = encodedPath.split(u'/');
    for (QString &segment : segments)
        segment = QUrl::fromPercentEncoding(segment.toUtf8());
    return segments;
}

std::optional<QStringList> match(const QStringList &pattern, const QStringList &path)
{
    if (pattern.size() != path.size())
        return std::nullopt;
    QStringList arguments;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        if (pattern[i].startsWith(u'{'))
            arguments << path[i];
        else if (pattern[i] != path[i])
            return std::nullopt;
    }
    return arguments;
}

} // namespace

void Router::add(std::vector<Route> routes)
{
    for (Route &route : routes) {
        QStringList segments = QString::fromLatin1(route.pattern).split(u'/');
        m_rows.push_back({std::move(route), std::move(segments)});
    }
}

std::variant<Router::Found, HttpReply> Router::find(HttpMethod method, const QString &encodedPath) const
{
    const QStringList path = segmentsOf(encodedPath);
    const HttpMethod wanted = method == HttpMethod::Head ? HttpMethod::Get : method;
    QByteArrayList allowed;
    for (const Row &row : m_rows) {
        auto arguments = match(row.segments, path);
        if (!arguments)
            continue;
        if (row.route.method == wanted)
            return Found{&row.route, std::move(*arguments)};
        const QLatin1StringView name = toName(row.route.method);
        allowed << QByteArray(name.data(), name.size());
        if (row.route.method == HttpMethod::Get)
            allowed << "HEAD";
    }
    if (allowed.isEmpty())
        return problem(404, u"there is nothing at %1"_s.arg(encodedPath));
    HttpReply reply = problem(405, u"%1 is not possible at %2"_s.arg(toName(method), encodedPath));
    reply.headers.emplace_back("Allow", allowed.join(", "));
    return reply;
}

} // namespace tradebot
