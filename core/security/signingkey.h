// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArrayView>
#include <QString>

#include <array>

namespace tradebot {

/// The secret that signs the tokens of one installation: 32 random bytes, wiped from memory when it goes.
class SigningKey final
{
public:
    static constexpr qsizetype size = 32;

    ~SigningKey();
    SigningKey(const SigningKey &) = default;
    SigningKey &operator=(const SigningKey &) = default;

    [[nodiscard]] static SigningKey random();
    /// Reads dataDir/server.key; where there is none, makes one with mode 0600, never over an existing file. A file of
    /// another length, of zeros only, or that others may read is an error that names it.
    [[nodiscard]] static Result<SigningKey> loadOrCreate(const QString &dataDir);

    [[nodiscard]] QByteArrayView bytes() const noexcept { return {m_bytes.data(), size}; }

private:
    SigningKey();
    [[nodiscard]] static Result<SigningKey> load(const QString &path);
    [[nodiscard]] static Result<void> create(const QString &path);

    std::array<char, size> m_bytes{};
};

} // namespace tradebot
