// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace tradebot {

/// The job that backtests are measured by: EMA 12/26, long, one unit, 0.1 % a fill, 100,000 to start.
[[nodiscard]] inline BotConfig standardJob()
{
    BotConfig config;
    config.name = QStringLiteral("standard");
    config.symbol = Symbol(QStringLiteral("BTCUSDT"));
    config.strategy = QStringLiteral("ema_cross");
    config.strategyParameters = {{QStringLiteral("fast"), Decimal::fromInteger(12)},
                                 {QStringLiteral("slow"), Decimal::fromInteger(26)}};
    config.sizing = {SizingKind::FixedQuantity, Decimal::fromInteger(1)};
    config.initialBalance = Money::fromInteger(100'000);
    return config;
}

/// Makes the standard candle file of 500,000 minutes; empty when its generator is not there.
[[nodiscard]] inline QString standardCandleFile(const QTemporaryDir &folder)
{
    const QString generator = QStringLiteral(TRADEBOT_SHARED_DIR "/tools/gen_candles.py");
    const QString file = folder.filePath(QStringLiteral("standard.csv"));
    const int code = QProcess::execute(QStringLiteral("python3"),
                                       {generator, QStringLiteral("500000"), file, QStringLiteral("42")});
    return code == 0 ? file : QString();
}

} // namespace tradebot
