// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/enumnames.h"
#include "core/base/json.h"
#include "core/base/ringbuffer.h"
#include "core/base/strongid.h"

#include <concepts>
#include <map>
#include <type_traits>

namespace tradebot {

// One list of fields serves reading and writing: a struct that goes to JSON has a function
//
//   template<class Archive, Like<Fill> S>
//   void visitFields(Archive &archive, S &fill) { archive("price"_L1, fill.price); … }

/// T, const or not.
template<class S, class T>
concept Like = std::same_as<std::remove_const_t<S>, T>;

template<class E>
concept NamedEnum = std::is_enum_v<E> && requires
{
    EnumNames<E>::table;
};

class JsonFieldReader;
class JsonFieldWriter;

template<class T>
concept VisitableFields = requires(JsonFieldReader &reader, T &value)
{
    visitFields(reader, value);
};

/// Writes the fields of structs into a JsonWriter whose object has been begun.
class JsonFieldWriter final
{
public:
    explicit JsonFieldWriter(JsonWriter &writer) : m_writer(writer) { }

    template<class T>
    void operator()(QLatin1StringView name, const T &value)
    {
        m_writer.key(name);
        write(value);
    }
    /// A field that did not exist from the first day on: what was written before it reads as its default.
    template<class T>
    void added(QLatin1StringView name, const T &value)
    {
        (*this)(name, value);
    }
    /// The same, and rarely used: stands there only when it differs from its default.
    template<class T>
    void sparse(QLatin1StringView name, const T &value)
    {
        if (!(value == T()))
            (*this)(name, value);
    }

private:
    template<class T>
    void write(const T &value)
    {
        if constexpr (NamedEnum<T>) {
            m_writer.value(toName(value));
        } else if constexpr (requires { visitFields(*this, value); }) {
            m_writer.beginObject();
            visitFields(*this, value);
            m_writer.endObject();
        } else if constexpr (requires { writeJson(m_writer, value); }) {
            writeJson(m_writer, value);
        } else {
            m_writer.value(value);
        }
    }
    template<class Tag, class Rep>
    void write(const StrongId<Tag, Rep> &id)
    {
        m_writer.value(id.value());
    }
    void write(std::chrono::sys_days day) { m_writer.value(Timestamp(day)); }
    template<class T>
    void write(const std::optional<T> &maybe)
    {
        if (maybe)
            write(*maybe);
        else
            m_writer.value(nullptr);
    }
    template<class T>
    void write(const std::vector<T> &list)
    {
        writeList(list);
    }
    template<class T, std::size_t most>
    void write(const RingBuffer<T, most> &list)
    {
        writeList(list);
    }
    template<class List>
    void writeList(const List &list)
    {
        m_writer.beginArray();
        for (const auto &entry : list)
            write(entry);
        m_writer.endArray();
    }

    JsonWriter &m_writer;
};

/// What a reader does with a field that is not there.
enum class MissingField { Refuse, Keep };

/// Reads the fields of structs from an object and collects what is wrong with them, each named by its path.
class JsonFieldReader final
{
public:
    /// path stands before the names of the fields: "" or "stop_loss.".
    JsonFieldReader(const JsonValue &json, MissingField missing, const QString &path, QList<FieldError> &errors)
        : m_json(json),
          m_missing(missing),
          m_path(path),
          m_errors(errors)
    {
        if (json.object() == nullptr) {
            complain(path.chopped(path.isEmpty() ? 0 : 1),
                     QStringLiteral("must be an object, not %1").arg(json.kindName()));
            m_missing = MissingField::Keep; // that none of its fields is there says nothing more
        }
    }

    template<class T>
    void operator()(QLatin1StringView name, T &target)
    {
        m_known.append(name);
        if (const JsonValue *value = m_json.find(QString(name)))
            read(*value, m_path + name, target);
        else if (m_missing == MissingField::Refuse)
            complain(m_path + name, QStringLiteral("is missing"));
    }
    template<class T>
    void added(QLatin1StringView name, T &target)
    {
        if (m_json.find(QString(name)) != nullptr)
            (*this)(name, target);
        else
            m_known.append(name);
    }
    template<class T>
    void sparse(QLatin1StringView name, T &target)
    {
        added(name, target);
    }

    /// Refuses fields that nobody has asked for.
    void refuseUnknown()
    {
        if (const auto *members = m_json.object()) {
            for (const auto &member : *members) {
                if (std::none_of(m_known.begin(), m_known.end(),
                                 [&](QLatin1StringView known) { return member.first == known; }))
                    complain(m_path + member.first, QStringLiteral("is not a known field"));
            }
        }
    }

private:
    void complain(const QString &path, const QString &message) { m_errors.append({path, message}); }
    void mustBe(const QString &path, const char *what, const JsonValue &json)
    {
        complain(path, QStringLiteral("must be %1, not %2").arg(QLatin1StringView(what), json.kindName()));
    }

    void read(const JsonValue &json, const QString &path, bool &target)
    {
        if (const bool *flag = json.boolean())
            target = *flag;
        else
            mustBe(path, "true or false", json);
    }
    void read(const JsonValue &json, const QString &path, QString &target)
    {
        if (const QString *text = json.string())
            target = *text;
        else
            mustBe(path, "a text", json);
    }
    template<std::integral I>
    void read(const JsonValue &json, const QString &path, I &target)
    {
        const auto number = json.integer();
        if (number && std::in_range<I>(*number))
            target = static_cast<I>(*number);
        else
            complain(path, QStringLiteral("must be a whole number"));
    }
    template<class Tag>
    void read(const JsonValue &json, const QString &path, Fixed<Tag> &target)
    {
        const auto *number = json.number();
        if (number == nullptr) {
            mustBe(path, "a number", json);
        } else if (const auto parsed = Fixed<Tag>::parse(number->text)) {
            target = *parsed;
        } else {
            complain(path, parsed.error().text);
        }
    }
    void read(const JsonValue &json, const QString &path, Timestamp &target)
    {
        if (const QString *text = json.string()) {
            if (const auto time = parseRfc3339(*text)) {
                target = *time;
                return;
            }
        }
        complain(path, QStringLiteral("must be a time like 2026-11-20T12:00:00Z"));
    }
    void read(const JsonValue &json, const QString &path, std::chrono::sys_days &target)
    {
        Timestamp time;
        read(json, path, time);
        target = std::chrono::floor<std::chrono::days>(time);
    }
    template<class Tag, class Rep>
    void read(const JsonValue &json, const QString &path, StrongId<Tag, Rep> &target)
    {
        Rep value{};
        read(json, path, value);
        target = StrongId<Tag, Rep>(std::move(value));
    }
    template<NamedEnum E>
    void read(const JsonValue &json, const QString &path, E &target)
    {
        if (const QString *text = json.string()) {
            if (const auto value = fromName<E>(*text)) {
                target = *value;
                return;
            }
        }
        complain(path, QStringLiteral("must be one of %1").arg(allNames<E>()));
    }
    template<class T>
    void read(const JsonValue &json, const QString &path, std::optional<T> &target)
    {
        if (json.isNull()) {
            target.reset();
            return;
        }
        T value = target.value_or(T());
        read(json, path, value);
        target = std::move(value);
    }
    template<class T>
    void read(const JsonValue &json, const QString &path, std::vector<T> &target)
    {
        const auto *list = json.array();
        if (list == nullptr) {
            mustBe(path, "a list", json);
            return;
        }
        target.clear();
        for (std::size_t i = 0; i < list->size(); ++i)
            read((*list)[i], QStringLiteral("%1[%2]").arg(path).arg(i), target.emplace_back());
    }
    template<class T, std::size_t most>
    void read(const JsonValue &json, const QString &path, RingBuffer<T, most> &target)
    {
        std::vector<T> list;
        read(json, path, list);
        target.clear();
        for (T &entry : list)
            target.push(std::move(entry));
    }
    template<class S>
    requires std::is_class_v<S> && requires(JsonFieldReader &r, S &s) { visitFields(r, s); }
    void read(const JsonValue &json, const QString &path, S &target)
    {
        JsonFieldReader nested(json, m_missing, path + QLatin1Char('.'), m_errors);
        visitFields(nested, target);
        nested.refuseUnknown();
    }
    template<class S>
    requires requires(const JsonValue &j, S &s)
    {
        {
            readJson(j, s)
            } -> std::same_as<QString>;
    }
    void read(const JsonValue &json, const QString &path, S &target)
    {
        if (const QString problem = readJson(json, target); !problem.isEmpty())
            complain(path, problem);
    }

    const JsonValue &m_json;
    MissingField m_missing;
    QString m_path;
    QList<FieldError> &m_errors;
    QList<QLatin1StringView> m_known;
};

/// "leverage must be …; symbol is missing": all broken rules in one line.
[[nodiscard]] inline Error fieldErrors(ErrorCode code, const QString &what, const QList<FieldError> &errors)
{
    QStringList lines;
    for (const FieldError &error : errors)
        lines.append(error.field.isEmpty() ? error.message : error.field + QLatin1Char(' ') + error.message);
    return Error{code, what + QStringLiteral(": ") + lines.join(QStringLiteral("; ")), errors};
}

/// Reads a whole struct; every field must be there and no other.
template<class S>
[[nodiscard]] Result<S> structFromJson(const JsonValue &json, const QString &what)
{
    S value;
    QList<FieldError> errors;
    JsonFieldReader reader(json, MissingField::Refuse, QString(), errors);
    visitFields(reader, value);
    reader.refuseUnknown();
    if (!errors.isEmpty())
        return fail(fieldErrors(ErrorCode::Malformed, what, errors));
    return value;
}

template<class S>
[[nodiscard]] QByteArray structToJson(const S &value)
{
    JsonWriter writer;
    writer.beginObject();
    JsonFieldWriter fields(writer);
    visitFields(fields, value);
    writer.endObject();
    return writer.take();
}

} // namespace tradebot
