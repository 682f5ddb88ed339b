// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/domain/statistics.h"

namespace tradebot {

/// Writes the fields of exits into an object that the caller has begun.
void writeFields(JsonWriter &writer, const ExitStatistics &exits);
/// Writes the fields of statistics into an object that the caller has begun; what is not known is null. One form for
/// the HTTP interface and for reports.
void writeFields(JsonWriter &writer, const Statistics &statistics);

} // namespace tradebot
