// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/candlefile.h"

QT_BEGIN_NAMESPACE
class QIODevice;
QT_END_NAMESPACE

namespace tradebot {

/// Reads a whole candle file from an open device, holding only a piece of its text at a time.
[[nodiscard]] Result<RecordedCandles> readCandles(QIODevice &device);
/// Reads a candle file; the error names the file, and the line of a bad row.
[[nodiscard]] Result<RecordedCandles> loadCandles(const QString &path);

} // namespace tradebot
