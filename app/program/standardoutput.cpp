// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program/standardoutput.h"

#include <cerrno>
#include <cstdio>

#ifdef Q_OS_UNIX
#include <fcntl.h>
#include <unistd.h>
#endif

namespace tradebot {

using namespace Qt::StringLiterals;

Result<void> writeOutput(const QByteArray &text)
{
    const auto size = static_cast<std::size_t>(text.size());
    if (std::fwrite(text.constData(), 1, size, stdout) == size && std::fflush(stdout) == 0)
        return {};
    return fail(ErrorCode::Io, u"standard output cannot be written: "_s + qt_error_string(errno));
}

void reserveStandardStreams()
{
#ifdef Q_OS_UNIX
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) == -1 && errno == EBADF)
            ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY); // the lowest number that is free: this
    }
#endif
}

} // namespace tradebot
