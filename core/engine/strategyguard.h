// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/domain/ids.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>

namespace tradebot {

/// Says whose strategy the engine thread is in, so that another thread notices one that never returns. Lock-free: the
/// engine thread writes, any thread reads. See ADR 8.
class StrategyWatch final
{
public:
    /// One call into a strategy.
    struct Call
    {
        quint64 number = 0;
        BotId bot; ///< not valid: of a configuration that belongs to no bot yet
        friend bool operator==(const Call &, const Call &) = default;
    };

    void enter(BotId bot) noexcept
    {
        m_bot = bot.value();
        ++m_steps;
    }
    void leave() noexcept { ++m_steps; }
    /// The call that is under way; nullopt when there is none, or when it changes just now.
    [[nodiscard]] std::optional<Call> call() const noexcept
    {
        const quint64 steps = m_steps;
        const Call call{steps, BotId(m_bot)};
        if (steps % 2 == 0 || m_steps != steps)
            return std::nullopt;
        return call;
    }

private:
    std::atomic<quint64> m_steps{0}; ///< odd while a call is under way
    std::atomic<qint64> m_bot{0};
    static_assert(std::atomic<quint64>::is_always_lock_free && std::atomic<qint64>::is_always_lock_free);
};

/// Finds out that a call never ends, by looking again and again: it counts looks and not time, because a process that
/// was stopped has not looked.
class HangDetector final
{
public:
    /// A call is hung when it is still the same so many looks after the first.
    explicit HangDetector(int looks) : m_limit(looks) { }

    [[nodiscard]] bool isHung(const std::optional<StrategyWatch::Call> &call)
    {
        m_looks = call && call == m_last ? m_looks + 1 : 0;
        m_last = call;
        return m_looks >= m_limit;
    }

private:
    int m_limit;
    int m_looks = 0;
    std::optional<StrategyWatch::Call> m_last;
};

/// The time that the processor has spent on this thread, so that neither a busy computer nor a stopped process counts.
/// Where the system does not say, the time that has passed.
[[nodiscard]] std::chrono::nanoseconds threadCpuTime();

/// What stands between the engine and a strategy: whatever goes wrong in a call comes back as an error.
class StrategyGuard final
{
public:
    using Stopwatch = std::function<std::chrono::nanoseconds()>;

    /// budget is for one call; 0: nobody measures. watch may be nullptr.
    StrategyGuard(std::chrono::nanoseconds budget, Stopwatch stopwatch, StrategyWatch *watch);

    /// Runs a call into the strategy of a bot. An exception, or more time than the budget, is an error whose text says
    /// so. Calls do not nest.
    template<class Call>
    [[nodiscard]] Result<void> run(BotId bot, Call &&call) const
    {
        const Visit visit(*this, bot);
        try {
            std::forward<Call>(call)();
        } catch (const std::exception &exception) {
            return threw(exception.what());
        } catch (...) {
            return threw(nullptr);
        }
        return visit.judge();
    }

private:
    class Visit final
    {
    public:
        Visit(const StrategyGuard &guard, BotId bot) : m_guard(guard)
        {
            if (m_guard.m_watch != nullptr)
                m_guard.m_watch->enter(bot);
            if (m_guard.m_budget.count() > 0)
                m_begin = m_guard.m_stopwatch();
        }
        ~Visit()
        {
            if (m_guard.m_watch != nullptr)
                m_guard.m_watch->leave();
        }
        Visit(const Visit &) = delete;
        Visit &operator=(const Visit &) = delete;
        [[nodiscard]] Result<void> judge() const
        {
            if (m_guard.m_budget.count() > 0 && m_guard.m_stopwatch() - m_begin > m_guard.m_budget) [[unlikely]]
                return tookTooLong();
            return {};
        }

    private:
        const StrategyGuard &m_guard;
        std::chrono::nanoseconds m_begin{0};
    };

    [[nodiscard]] static Failure threw(const char *what);
    [[nodiscard]] static Failure tookTooLong();

    std::chrono::nanoseconds m_budget;
    Stopwatch m_stopwatch;
    StrategyWatch *m_watch;
};

} // namespace tradebot
