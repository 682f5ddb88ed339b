// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

namespace tradebot {

/// Milliseconds that a test waits for what has to come; only one that fails waits so long. Qt's five seconds are too
/// few for instrumented code on a busy machine.
inline constexpr int testPatience = 60'000;

} // namespace tradebot

#undef QTRY_VERIFY
#undef QTRY_COMPARE
#define QTRY_VERIFY(expression) QTRY_VERIFY_WITH_TIMEOUT(expression, tradebot::testPatience)
#define QTRY_COMPARE(expression, expected) QTRY_COMPARE_WITH_TIMEOUT(expression, expected, tradebot::testPatience)
