// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <tl/expected.hpp>

#include <utility>

namespace tradebot {

/// What kind of failure an Error is; one switch maps it to an HTTP status, one to words on the screen.
enum class ErrorCode {
    InvalidInput, ///< a value breaks a rule that its giver could have known
    Malformed,    ///< a text, file or frame cannot be read at all
    NotFound,
    Conflict, ///< the present state forbids it
    Forbidden,
    Unauthorized,
    Overflow, ///< a result lies beyond ±92,233,720,368.54775807
    Unsupported,
    Unavailable, ///< a source or service does not answer
    Io,
    Corrupt,        ///< a file is damaged or from a newer version
    AlreadyRunning, ///< another process holds the data folder
    Internal,
};

/// A broken rule of one field, named as it is in JSON ("stop_loss.value").
struct FieldError
{
    QString field;
    QString message;
    friend bool operator==(const FieldError &, const FieldError &) = default;
};

/// An expected failure: English text that says what, which one, and the limit.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    QString text;
    QList<FieldError> fields; ///< filled by validation only
    friend bool operator==(const Error &, const Error &) = default;
};

template<class T>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

[[nodiscard]] inline Failure fail(ErrorCode code, QString text)
{
    return Failure(Error{code, std::move(text), {}});
}

[[nodiscard]] inline Failure fail(Error error)
{
    return Failure(std::move(error));
}

} // namespace tradebot
