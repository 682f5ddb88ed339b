// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/decimal.h"
#include "core/base/jsonfields.h"
#include "core/base/result.h"
#include "core/base/strongid.h"

#include <QTest>

namespace tradebot {

// How QCOMPARE shows our values; found by argument-dependent lookup.

template<class Tag>
[[nodiscard]] char *toString(const Fixed<Tag> &value)
{
    return qstrdup(value.toBytes().constData());
}

template<NamedEnum E>
[[nodiscard]] char *toString(const E &value)
{
    return qstrdup(QByteArray(toName(value).data(), toName(value).size()).constData());
}

template<class Tag>
[[nodiscard]] char *toString(const StrongId<Tag> &id)
{
    return qstrdup(QByteArray::number(id.value()).constData());
}

/// The error's text, or nothing: for QVERIFY2, which evaluates its message in either case.
template<class T>
[[nodiscard]] QByteArray problemOf(const Result<T> &result)
{
    return result.has_value() ? QByteArray() : result.error().text.toUtf8();
}

} // namespace tradebot
