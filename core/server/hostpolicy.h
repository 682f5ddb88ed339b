// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QString>
#include <QStringList>

namespace tradebot {

/// Which names a request may call this server by. A page of somebody else whose name was made to point here (DNS
/// rebinding) sends that name, and is refused.
class HostPolicy final
{
public:
    /// Loopback is always allowed; names without port, in any case.
    explicit HostPolicy(const QStringList &names = {});

    [[nodiscard]] bool allows(QByteArrayView hostHeader) const;

private:
    QStringList m_names;
};

} // namespace tradebot
