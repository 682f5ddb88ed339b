// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/http.h"

#include <optional>
#include <variant>

namespace tradebot {

struct ScanLimits
{
    qsizetype headerBytes = qsizetype(16) * 1024; ///< request line and headers; beyond: 431
    qsizetype bodyBytes = qsizetype(1024) * 1024; ///< beyond: 413
};

/// One whole request that any parser reads in the same way.
struct CleanRequest
{
    QByteArray bytes; ///< without Connection and Expect headers, which are settled here
    QByteArray host;  ///< as in its header
    bool isHead = false;
    bool closes = false; ///< the peer wants the connection closed after the answer
};

/// Cuts the bytes of a connection into requests before QHttpServer sees one, and refuses what it would take amiss:
/// ambiguous lengths, bare line feeds, folded headers, NUL and control characters, upgrades, other HTTP versions,
/// anything beyond the limits. No I/O.
class RequestScanner final
{
public:
    explicit RequestScanner(ScanLimits limits) : m_limits(limits) { }

    void add(QByteArrayView bytes) { m_buffer += bytes; }
    /// The next whole request; a problem to answer with, after which nothing more can be read; or nothing yet.
    [[nodiscard]] std::variant<std::monostate, CleanRequest, HttpReply> next();
    /// True once for a request whose sender waits for "100 Continue" before the body.
    [[nodiscard]] bool takeContinue();
    /// Whether a part of a request has come.
    [[nodiscard]] bool hasPartial() const { return !m_buffer.isEmpty(); }

private:
    struct Head
    {
        CleanRequest request;
        qsizetype headSize = 0;
        qsizetype bodySize = 0;
        bool expectsContinue = false;
    };
    struct Fields;
    using Verdict = std::optional<HttpReply>; ///< the problem, if there is one

    [[nodiscard]] Verdict findHeadEnd();
    [[nodiscard]] Verdict readHead(QByteArrayView head);
    [[nodiscard]] static Verdict readRequestLine(QByteArrayView line, Fields &fields);
    [[nodiscard]] static Verdict readHeader(QByteArrayView line, Fields &fields);
    [[nodiscard]] Verdict judge(const Fields &fields);

    ScanLimits m_limits;
    QByteArray m_buffer;
    qsizetype m_searched = 0; ///< so much of the buffer holds no end of the head
    std::optional<Head> m_head;
    qsizetype m_headEnd = 0; ///< 0 while it was not found
};

} // namespace tradebot
