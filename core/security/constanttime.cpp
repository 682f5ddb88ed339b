// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/security/constanttime.h"

#include <sodium.h>

namespace tradebot {

bool equalInConstantTime(QByteArrayView a, QByteArrayView b) noexcept
{
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size())) == 0;
}

} // namespace tradebot
