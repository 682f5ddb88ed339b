// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/strategyschema.h"
#include "tests/support/fakebackend.h"
#include "tests/support/fakeclock.h"

namespace tradebot {

/// Two strategies as forms and welcome page see them.
[[nodiscard]] const StrategyCatalog &exampleStrategies();
/// A valid demo bot.
[[nodiscard]] BotConfig exampleConfig(const QString &name, const QString &symbol = QStringLiteral("BTCUSDT"),
                                      const QString &strategy = QStringLiteral("ema_cross"));
/// Bots in every state with positions, prices, trades, events, equity and candles; the clock moves on a little.
void fillWithExamples(FakeBackend &backend, FakeClock &clock, int bots);

} // namespace tradebot
