// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botevent.h"

#include <QByteArray>

#include <vector>

namespace tradebot {

/// A fact as `tradebotd export --kind events --format json` writes it.
struct ExportedFact
{
    BotEvent event;
    QByteArray line; ///< the row, byte by byte
};

[[nodiscard]] Result<std::vector<ExportedFact>> readFacts(const QByteArray &exported);

/// The sum of a bot's fills: above 0 it is long, below 0 short.
[[nodiscard]] Quantity foldedPosition(const std::vector<ExportedFact> &facts, BotId bot);

} // namespace tradebot
