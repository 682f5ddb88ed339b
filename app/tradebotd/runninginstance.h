// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>
#include <QUrl>

#include <optional>

namespace tradebot {

/// The program that runs on a data folder, reached through its HTTP interface with a short-lived token of the owner.
class RunningInstance final
{
public:
    /// Empty when no program holds the folder; an error when one does that cannot be reached.
    [[nodiscard]] static std::optional<Result<RunningInstance>> find(const QString &dataDir);

    /// Sends a request; the answer's body, or what the program says is wrong. Needs an application object.
    [[nodiscard]] Result<QByteArray> post(const QString &path, const QByteArray &body) const;

private:
    RunningInstance(QUrl url, QByteArray token) : m_url(std::move(url)), m_token(std::move(token)) { }

    QUrl m_url;
    QByteArray m_token;
};

} // namespace tradebot
