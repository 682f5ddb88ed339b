// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/decimal.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <concepts>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace tradebot {

/// A JSON document whose numbers keep their text, so that a price never passes through a double.
class JsonValue final
{
public:
    struct Number
    {
        QByteArray text;
    };
    using Array = std::vector<JsonValue>;
    using Member = std::pair<QString, JsonValue>;
    using Object = std::vector<Member>; ///< in the order of the text; keys are unique

    JsonValue() = default;
    template<class T>
    requires std::constructible_from<std::variant<std::monostate, bool, Number, QString, Array, Object>, T>
    explicit JsonValue(T value) : m_value(std::move(value)) { }

    /// Refuses duplicate keys, nesting beyond 64 and anything after the document; says the place in the text.
    [[nodiscard]] static Result<JsonValue> parse(QByteArrayView text);

    [[nodiscard]] bool isNull() const { return std::holds_alternative<std::monostate>(m_value); }
    [[nodiscard]] const bool *boolean() const { return std::get_if<bool>(&m_value); }
    [[nodiscard]] const Number *number() const { return std::get_if<Number>(&m_value); }
    [[nodiscard]] const QString *string() const { return std::get_if<QString>(&m_value); }
    [[nodiscard]] const Array *array() const { return std::get_if<Array>(&m_value); }
    [[nodiscard]] const Object *object() const { return std::get_if<Object>(&m_value); }
    [[nodiscard]] Array *array() { return std::get_if<Array>(&m_value); }
    [[nodiscard]] Object *object() { return std::get_if<Object>(&m_value); }

    /// Member of an object; nullptr when there is none or this is no object.
    [[nodiscard]] const JsonValue *find(QStringView key) const;
    /// A whole number that fits 64 bits; nullopt for anything else.
    [[nodiscard]] std::optional<qint64> integer() const;
    /// "a number", "a text" …, for messages.
    [[nodiscard]] QString kindName() const;

private:
    std::variant<std::monostate, bool, Number, QString, Array, Object> m_value;
};

/// Writes JSON front to back; decimals are written exactly, an empty optional as null.
class JsonWriter final
{
public:
    JsonWriter &beginObject() { return open('{'); }
    JsonWriter &endObject() { return close('}'); }
    JsonWriter &beginArray() { return open('['); }
    JsonWriter &endArray() { return close(']'); }
    JsonWriter &key(QLatin1StringView name);
    JsonWriter &key(QStringView name);

    JsonWriter &value(std::nullptr_t) { return literal("null"); }
    template<std::same_as<bool> B>
    JsonWriter &value(B flag)
    {
        return literal(flag ? "true" : "false");
    }
    JsonWriter &value(QStringView text);
    JsonWriter &value(const QString &text) { return value(QStringView(text)); }
    JsonWriter &value(QLatin1StringView text);
    template<std::integral I>
    requires(!std::same_as<I, bool>) JsonWriter &value(I number)
    {
        if constexpr (std::unsigned_integral<I>)
            return literal(QByteArray::number(static_cast<quint64>(number)));
        else
            return literal(QByteArray::number(static_cast<qint64>(number)));
    }
    /// Shortest text that reads back to the same double; null when not finite. Statistics only.
    JsonWriter &value(double number);
    JsonWriter &value(Timestamp time);
    template<class Tag>
    JsonWriter &value(Fixed<Tag> number)
    {
        separate();
        detail::appendDecimal(m_out, number.raw());
        return *this;
    }
    template<class T>
    JsonWriter &value(const std::optional<T> &maybe)
    {
        return maybe ? value(*maybe) : value(nullptr);
    }
    /// Writes text that is JSON already.
    JsonWriter &raw(QByteArrayView json) { return literal(json); }

    template<class T>
    JsonWriter &field(QLatin1StringView name, const T &content)
    {
        key(name);
        return value(content);
    }

    [[nodiscard]] const QByteArray &text() const { return m_out; }
    [[nodiscard]] QByteArray take() { return std::exchange(m_out, {}); }

private:
    JsonWriter &open(char bracket);
    JsonWriter &close(char bracket);
    JsonWriter &literal(QByteArrayView text);
    void separate();
    void appendEscaped(QByteArrayView utf8);

    QByteArray m_out;
    bool m_needsComma = false;
};

} // namespace tradebot
