// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in front of clone() in a TSan build. The one of clang 14's runtime takes every clone for a fork: it readies
// its own state for the child and for the parent. QProcess starts programs in the manner of vfork, where both have one
// memory, so the state is readied twice, and the runtime ends the program. The child only goes on to exec; nothing is
// to be readied.
#include <cstdarg>

#include <dlfcn.h>
#include <sched.h>
#include <sys/types.h>

// NOLINTNEXTLINE: its own declaration is variadic
extern "C" int clone(int (*run)(void *), void *stack, int flags, void *argument, ...) noexcept
{
    using Clone = int (*)(int (*)(void *), void *, int, void *, ...);
    static const auto real = reinterpret_cast<Clone>(dlsym(RTLD_NEXT, "clone"));
    va_list rest;
    va_start(rest, argument);
    pid_t *const parentId = va_arg(rest, pid_t *);
    void *const storage = va_arg(rest, void *);
    pid_t *const childId = va_arg(rest, pid_t *);
    va_end(rest);
    return real(run, stack, flags, argument, parentId, storage, childId);
}
