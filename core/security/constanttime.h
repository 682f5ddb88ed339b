// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace tradebot {

/// Whether both hold the same bytes; the time depends on the length alone. For everything that is a secret.
[[nodiscard]] bool equalInConstantTime(QByteArrayView a, QByteArrayView b) noexcept;

} // namespace tradebot
