// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>

namespace tradebot {

/// Writes text to standard output as it is, and all of it; Io with the reason when it does not get there. Main thread.
[[nodiscard]] Result<void> writeOutput(const QByteArray &text);

/// Gives the numbers of standard streams that are closed to something that can be neither read nor written: the next
/// file that is opened, the database even, would get them otherwise, and what we print with it. First in main().
void reserveStandardStreams();

} // namespace tradebot
