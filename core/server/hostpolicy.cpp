// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/hostpolicy.h"

#include <QHostAddress>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// The name in front of ":port", without brackets; empty when the port is none.
QString nameOf(QByteArrayView hostHeader)
{
    const QString text = QString::fromLatin1(hostHeader).toLower();
    const bool bracketed = text.startsWith(u'[');
    const qsizetype end = bracketed ? text.indexOf(u']') + 1 : text.indexOf(u':');
    const QString name = end <= 0 ? text : text.first(end);
    const QString port = text.sliced(name.size());
    const bool soundPort =
            port.isEmpty()
            || (port.startsWith(u':') && port.size() <= 6
                && std::all_of(port.cbegin() + 1, port.cend(), [](QChar c) { return c >= u'0' && c <= u'9'; }));
    if (!soundPort || (bracketed && end <= 0))
        return {};
    if (bracketed)
        return name.sliced(1).chopped(1);
    return name.endsWith(u'.') ? name.chopped(1) : name;
}

} // namespace

HostPolicy::HostPolicy(const QStringList &names)
{
    for (const QString &name : names)
        m_names << name.toLower();
}

bool HostPolicy::allows(QByteArrayView hostHeader) const
{
    const QString name = nameOf(hostHeader);
    if (name == u"localhost" || (!name.isEmpty() && m_names.contains(name)))
        return true;
    const QHostAddress address(name);
    return !address.isNull() && (address.isLoopback() || m_names.contains(address.toString()));
}

} // namespace tradebot
