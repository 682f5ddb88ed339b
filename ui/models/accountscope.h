// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/botrow.h"

#include <QObject>

#include <optional>

namespace tradebot {

/// The account that lists and figures show: one choice for the whole window. Main thread.
class AccountScope final : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Empty: all accounts.
    [[nodiscard]] const std::optional<AccountKey> &account() const { return m_account; }
    void choose(const std::optional<AccountKey> &account)
    {
        if (m_account == account)
            return;
        m_account = account;
        Q_EMIT changed();
    }

Q_SIGNALS:
    void changed();

private:
    std::optional<AccountKey> m_account;
};

} // namespace tradebot
