// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/requestscanner.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumHeaders = 100;

bool isTokenCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || (c != '\0' && QByteArrayView("!#$%&'*+-.^_`|~").contains(c));
}

bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isTokenCharacter);
}

bool isHex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Origin form, printable, and with sound escapes that hide no control character.
bool isSoundTarget(QByteArrayView target)
{
    if (!target.startsWith('/') || target.startsWith("//")) // QUrl takes what follows two of them for a host
        return false;
    for (qsizetype i = 0; i < target.size(); ++i) {
        const char c = target[i];
        if (c <= 0x20 || c >= 0x7f || c == '#' || c == '\\')
            return false;
        if (c != '%')
            continue;
        if (i + 2 >= target.size() || !isHex(target[i + 1]) || !isHex(target[i + 2]) || target[i + 1] < '2')
            return false;
        i += 2;
    }
    return true;
}

bool isSoundValue(QByteArrayView value)
{
    return std::all_of(value.begin(), value.end(),
                       [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

/// Whether a comma-separated header value names this option.
bool lists(QByteArrayView value, QByteArrayView option)
{
    for (const QByteArray &part : value.toByteArray().split(',')) {
        if (part.trimmed().compare(option, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

bool isNamed(QByteArrayView name, QByteArrayView other)
{
    return name.compare(other, Qt::CaseInsensitive) == 0;
}

} // namespace

/// What the head says, before it is judged as a whole.
struct RequestScanner::Fields
{
    QByteArray out; ///< the head that QHttpServer gets
    HttpMethod method = HttpMethod::Other;
    bool isHttp11 = true;
    int count = 0;
    int hosts = 0;
    int lengths = 0;
    QByteArray host;
    QByteArray length;
    QByteArray connection;
    QByteArray expect;
    bool hasTransferEncoding = false;
    bool hasUpgrade = false;
};

std::variant<std::monostate, CleanRequest, HttpReply> RequestScanner::next()
{
    if (!m_head) {
        if (auto bad = findHeadEnd())
            return *bad;
        if (m_headEnd == 0)
            return std::monostate();
        if (auto bad = readHead(QByteArrayView(m_buffer).first(m_headEnd)))
            return *bad;
    }
    if (m_buffer.size() < m_head->headSize + m_head->bodySize)
        return std::monostate();
    CleanRequest request = std::move(m_head->request);
    request.bytes += QByteArrayView(m_buffer).sliced(m_head->headSize, m_head->bodySize);
    m_buffer.remove(0, m_head->headSize + m_head->bodySize);
    m_head.reset();
    m_headEnd = m_searched = 0;
    return request;
}

bool RequestScanner::takeContinue()
{
    return m_head && std::exchange(m_head->expectsContinue, false);
}

auto RequestScanner::findHeadEnd() -> Verdict
{
    while (m_buffer.startsWith("\r\n")) { // empty lines before a request are tolerated
        m_buffer.remove(0, 2);
        m_searched = 0;
    }
    for (qsizetype i = m_searched; i < m_buffer.size() && i < m_limits.headerBytes; ++i) {
        if (m_buffer[i] != '\n')
            continue;
        if (i == 0 || m_buffer[i - 1] != '\r')
            return problem(400, u"a line of the request does not end in CR LF"_s);
        if (i >= 3 && m_buffer[i - 2] == '\n') {
            m_headEnd = i + 1;
            return std::nullopt;
        }
    }
    if (m_buffer.size() >= m_limits.headerBytes)
        return problem(431, u"request line and headers are longer than %1 bytes"_s.arg(m_limits.headerBytes));
    m_searched = m_buffer.size();
    return std::nullopt;
}

auto RequestScanner::readHead(QByteArrayView head) -> Verdict
{
    Fields fields;
    bool first = true;
    for (qsizetype at = 0; at + 2 < head.size();) {
        const qsizetype end = head.indexOf("\r\n", at);
        const QByteArrayView line = head.sliced(at, end - at);
        if (auto bad = first ? readRequestLine(line, fields) : readHeader(line, fields))
            return bad;
        first = false;
        at = end + 2;
    }
    fields.out += "\r\n";
    return judge(fields);
}

auto RequestScanner::readRequestLine(QByteArrayView line, Fields &fields) -> Verdict
{
    const QByteArrayView method = line.first(std::max<qsizetype>(line.indexOf(' '), 0));
    const qsizetype targetAt = method.size() + 1;
    const qsizetype versionAt = line.lastIndexOf(' ') + 1;
    if (!isToken(method) || versionAt <= targetAt + 1)
        return problem(400, u"the request line is not METHOD, path and version"_s);
    const QByteArrayView target = line.sliced(targetAt, versionAt - 1 - targetAt);
    const QByteArrayView version = line.sliced(versionAt);
    if (!version.startsWith("HTTP/"))
        return problem(400, u"the request line does not name its HTTP version"_s);
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return problem(505, u"only HTTP/1.1 and HTTP/1.0 are spoken here"_s);
    fields.isHttp11 = version == "HTTP/1.1";
    fields.method = fromName<HttpMethod>(QString::fromLatin1(method)).value_or(HttpMethod::Other);
    if (fields.method == HttpMethod::Other)
        return problem(501, u"the method %1 is not known"_s.arg(QLatin1StringView(method)));
    if (!isSoundTarget(target))
        return problem(400, u"the path must begin with one / and hold printable characters and sound escapes only"_s);
    // QHttpServer answers a GET; what follows the head is cut off for HEAD.
    fields.out = (fields.method == HttpMethod::Head ? QByteArray("GET") : method.toByteArray()) + ' '
                 + target.toByteArray() + " HTTP/1.1\r\n";
    return std::nullopt;
}

auto RequestScanner::readHeader(QByteArrayView line, Fields &fields) -> Verdict
{
    const qsizetype colon = line.indexOf(':');
    const QByteArrayView name = line.first(std::max<qsizetype>(colon, 0));
    if (!isToken(name)) // also: folded lines, a space before the colon
        return problem(400, u"a header line is not \"name: value\""_s);
    const QByteArrayView value = line.sliced(colon + 1).trimmed();
    if (!isSoundValue(value))
        return problem(400, u"the header %1 holds a control character"_s.arg(QLatin1StringView(name)));
    if (++fields.count > maximumHeaders)
        return problem(431, u"there are more than %1 headers"_s.arg(maximumHeaders));

    bool passOn = true;
    if (isNamed(name, "host")) {
        ++fields.hosts;
        fields.host = value.toByteArray();
    } else if (isNamed(name, "content-length")) {
        ++fields.lengths;
        fields.length = value.toByteArray();
    } else if (isNamed(name, "transfer-encoding")) {
        fields.hasTransferEncoding = true;
    } else if (isNamed(name, "upgrade")) {
        fields.hasUpgrade = true;
    } else if (isNamed(name, "connection")) {
        fields.connection += ',' + value.toByteArray();
        passOn = false;
    } else if (isNamed(name, "expect")) {
        fields.expect = value.toByteArray();
        passOn = false;
    }
    if (passOn)
        fields.out += name.toByteArray() + ": " + value.toByteArray() + "\r\n";
    return std::nullopt;
}

auto RequestScanner::judge(const Fields &fields) -> Verdict
{
    if (fields.hosts != 1)
        return problem(400, u"a request has exactly one Host header"_s);
    if (fields.hasUpgrade)
        return problem(400, u"this server does not switch to another protocol"_s);
    if (fields.lengths > 1 || (fields.lengths == 1 && fields.hasTransferEncoding))
        return problem(400, u"the length of the body is given twice"_s);
    if (fields.hasTransferEncoding)
        return problem(411, u"send the body with a Content-Length"_s);

    Head head;
    if (fields.lengths == 1) {
        const QByteArray &digits = fields.length;
        const bool plain = !digits.isEmpty()
                           && std::all_of(digits.cbegin(), digits.cend(), [](char c) { return c >= '0' && c <= '9'; });
        if (!plain)
            return problem(400, u"Content-Length is not a number"_s);
        bool fits = false;
        head.bodySize = digits.toLongLong(&fits);
        if (!fits || head.bodySize > m_limits.bodyBytes)
            return problem(413, u"the body is longer than %1 bytes"_s.arg(m_limits.bodyBytes));
    }
    if (!fields.expect.isEmpty() && !isNamed(fields.expect, "100-continue"))
        return problem(417, u"the only expectation that can be met is 100-continue"_s);
    head.headSize = m_headEnd;
    head.expectsContinue =
            fields.isHttp11 && !fields.expect.isEmpty() && m_buffer.size() < head.headSize + head.bodySize;
    head.request = {.bytes = fields.out,
                    .host = fields.host,
                    .isHead = fields.method == HttpMethod::Head,
                    .closes = !fields.isHttp11 || lists(fields.connection, "close")};
    m_head = std::move(head);
    return std::nullopt;
}

} // namespace tradebot
