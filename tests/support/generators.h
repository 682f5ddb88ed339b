// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/decimal.h"
#include "core/base/jsonfields.h"
#include "core/domain/botconfig.h"
#include "core/domain/botevent.h"
#include "core/domain/botstate.h"

#include <rapidcheck.h>

#include <ostream>
#include <vector>

class QByteArray;
class QString;

void showValue(const QString &text, std::ostream &out);
void showValue(const QByteArray &bytes, std::ostream &out);

namespace tradebot {

template<class Tag>
void showValue(Fixed<Tag> value, std::ostream &out)
{
    out << value.toBytes().constData();
}
void showValue(const Fill &fill, std::ostream &out);
void showValue(const BotState &state, std::ostream &out);
void showValue(const BotConfig &config, std::ostream &out);
void showValue(const EventPayload &payload, std::ostream &out);
void showValue(const BotEvent &event, std::ostream &out);

/// rapidcheck generators of domain values, for properties. What comes out obeys the rules of its type (a config is
/// valid, an order has an id), but nothing beyond them: an order's state and its filled quantity need not agree.
namespace gen {

/// The whole range of a decimal, all magnitudes alike, its limits and round numbers included.
[[nodiscard]] rc::Gen<std::int64_t> raw();
/// From 1 to 10^digits - 1.
[[nodiscard]] rc::Gen<std::int64_t> positiveRaw(int digits);

template<class T>
[[nodiscard]] rc::Gen<T> decimal()
{
    return rc::gen::map(raw(), [](std::int64_t value) { return T::fromRaw(value); });
}
template<class T>
[[nodiscard]] rc::Gen<T> positive(int digits)
{
    return rc::gen::map(positiveRaw(digits), [](std::int64_t value) { return T::fromRaw(value); });
}
template<NamedEnum E>
[[nodiscard]] rc::Gen<E> named()
{
    std::vector<E> values;
    for (const auto &entry : EnumNames<E>::table)
        values.push_back(entry.first);
    return rc::gen::elementOf(std::move(values));
}

/// Years 1900 to 2200, to the millisecond.
[[nodiscard]] rc::Gen<Timestamp> timestamp();
[[nodiscard]] rc::Gen<std::chrono::sys_days> day();
/// Well-formed Unicode, with quotes, backslashes, control characters and pairs of surrogates.
[[nodiscard]] rc::Gen<QString> text();
[[nodiscard]] rc::Gen<QByteArray> bytes();

[[nodiscard]] rc::Gen<Order> order();
[[nodiscard]] rc::Gen<Fill> fill();
[[nodiscard]] rc::Gen<Trade> trade();
[[nodiscard]] rc::Gen<Totals> totals();
[[nodiscard]] rc::Gen<Position> position();
[[nodiscard]] rc::Gen<Protection> protection();
[[nodiscard]] rc::Gen<BotState> state();
/// Obeys validate().
[[nodiscard]] rc::Gen<BotConfig> config();
[[nodiscard]] rc::Gen<EventPayload> payload();
/// Of one kind, counted as in the variant.
[[nodiscard]] rc::Gen<EventPayload> payload(std::size_t kind);
/// Numbered from 1, times rising; begins with BotCreated.
[[nodiscard]] rc::Gen<std::vector<BotEvent>> journal();

} // namespace gen
} // namespace tradebot
