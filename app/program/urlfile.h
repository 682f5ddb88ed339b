// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QUrl>

#include <optional>

namespace tradebot {

// The file in the data folder by which the command line finds the program that runs on it: its address, and its number.

/// Notes that this process serves at url. An address that stands for all of this machine's is noted as loopback.
[[nodiscard]] Result<void> noteUrl(const QString &dataDir, const QUrl &url);
/// The address that this very process has noted; empty when there is none, or it is another's: who was killed left his
/// behind, and whoever listens there by now must not be sent a token.
[[nodiscard]] std::optional<QUrl> notedUrl(const QString &dataDir, qint64 process);
void forgetUrl(const QString &dataDir);

} // namespace tradebot
