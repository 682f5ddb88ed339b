// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <limits>

#include <time.h>

namespace tradebot {

/// How often a measurement is made before a limit counts as missed: machines swing, and what swings only ever adds.
constexpr int attempts = 3;

/// TRADEBOT_BENCH_SHORT: fewer rounds, for a look on every change rather than for figures to publish.
[[nodiscard]] inline bool shortRun()
{
    return qEnvironmentVariableIsSet("TRADEBOT_BENCH_SHORT");
}

/// Processor time of the calling thread: what else the machine does meanwhile does not count.
template<class Work>
[[nodiscard]] double cpuSecondsOf(Work work)
{
    const auto now = [] {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
    };
    const double start = now();
    work();
    return now() - start;
}

/// Ours against a baseline; the best of each, in seconds.
struct Comparison
{
    double ours = std::numeric_limits<double>::max();
    double bare = std::numeric_limits<double>::max();

    [[nodiscard]] double ratio() const { return ours / bare; }
};

/// Runs both in turns, each of which returns its seconds. Whatever disturbs a run makes it longer, so the shortest ones
/// are the true ones; rounds are added while the ratio is above its limit.
template<class Ours, class Bare>
[[nodiscard]] Comparison compareUntil(double limit, int rounds, Ours ours, Bare bare)
{
    Comparison best;
    for (int attempt = 0; attempt < attempts && (attempt == 0 || best.ratio() > limit); ++attempt) {
        for (int round = 0; round < (shortRun() ? (rounds + 2) / 3 : rounds); ++round) {
            best.bare = std::min(best.bare, bare());
            best.ours = std::min(best.ours, ours());
        }
    }
    return best;
}

} // namespace tradebot
