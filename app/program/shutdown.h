// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QCoreApplication;

namespace tradebot {

/// Makes SIGTERM and SIGINT (Ctrl+C and closing the console on Windows) end the application's event loop. Call once, in
/// the main thread.
void quitOnSignals(QCoreApplication &application);

} // namespace tradebot
