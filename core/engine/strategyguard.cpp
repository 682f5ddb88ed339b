// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/strategyguard.h"

#include <ctime>

namespace tradebot {

using namespace Qt::StringLiterals;

std::chrono::nanoseconds threadCpuTime()
{
#ifdef CLOCK_THREAD_CPUTIME_ID
    timespec time{};
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0)
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
#endif
    return std::chrono::steady_clock::now().time_since_epoch();
}

StrategyGuard::StrategyGuard(std::chrono::nanoseconds budget, Stopwatch stopwatch, StrategyWatch *watch)
    : m_budget(budget),
      m_stopwatch(std::move(stopwatch)),
      m_watch(watch)
{ }

Failure StrategyGuard::tookTooLong()
{
    return fail(ErrorCode::Internal, u"the strategy took longer for one decision than it may"_s);
}

Failure StrategyGuard::threw(const char *what)
{
    return fail(ErrorCode::Internal, what != nullptr ? u"the strategy threw: "_s + QString::fromUtf8(what)
                                                     : u"the strategy threw something that is no exception"_s);
}

} // namespace tradebot
