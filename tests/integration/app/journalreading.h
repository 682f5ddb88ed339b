// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botevent.h"

#include <QByteArray>
#include <QString>

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

/// What cannot be true of a journal whose program was killed and went on: a fill that counts twice, an order without an
/// end that is not its bot's newest. Empty when all is well.
[[nodiscard]] QString findBrokenOrder(const std::vector<ExportedFact> &facts);

} // namespace tradebot
