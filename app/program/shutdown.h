// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QCoreApplication;

namespace tradebot {

/// Makes SIGTERM and SIGINT (Ctrl+C and closing the console on Windows) end the application's event loop. Call once, in
/// the main thread.
void quitOnSignals(QCoreApplication &application);

/// Runs what other threads have still left for this one, and deletes what waits for it. Call in the main thread when
/// the event loop has ended and the other threads are gone.
void deliverTheRest();

} // namespace tradebot
