// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include <QSet>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t maximumDepth = 64;
/// Up to here comparing a key with each one before it is faster than a set of them.
constexpr std::size_t fewKeys = 16;

/// Builds a JsonValue from the events of nlohmann's parser, which hands out the text of each number.
class Builder final : public nlohmann::json_sax<nlohmann::json>
{
public:
    bool null() override { return add(JsonValue()); }
    bool boolean(bool flag) override { return add(JsonValue(flag)); }
    bool number_integer(number_integer_t number) override { return addNumber(std::to_string(number)); }
    bool number_unsigned(number_unsigned_t number) override { return addNumber(std::to_string(number)); }
    bool number_float(number_float_t, const string_t &text) override
    {
        // The parser puts the decimal point of the user's locale into its text.
        std::string point = text;
        std::replace_if(
                point.begin(), point.end(),
                [](char c) { return (c < '0' || c > '9') && c != '-' && c != '+' && c != 'e' && c != 'E'; }, '.');
        return addNumber(point);
    }
    bool string(string_t &text) override { return add(JsonValue(QString::fromStdString(text))); }
    bool binary(binary_t &) override { return false; }

    bool start_object(std::size_t) override { return begin(JsonValue(JsonValue::Object())); }
    bool end_object() override { return end(); }
    bool start_array(std::size_t) override { return begin(JsonValue(JsonValue::Array())); }
    bool end_array() override { return end(); }
    bool key(string_t &name) override
    {
        const QString text = QString::fromStdString(name);
        if (isTwice(m_stack.back(), text)) {
            m_error = u"the key \"%1\" stands twice in one object"_s.arg(text);
            return false;
        }
        m_stack.back().key = text;
        return true;
    }

    bool parse_error(std::size_t position, const std::string &, const nlohmann::detail::exception &exception) override
    {
        constexpr int numberOverflow = 406;
        m_error = (exception.id == numberOverflow ? u"the number is too large at byte %1"_s
                                                  : u"it is not JSON at byte %1"_s)
                          .arg(position);
        return false;
    }

    [[nodiscard]] const QString &error() const { return m_error; }
    [[nodiscard]] JsonValue take() { return std::move(m_root); }

private:
    /// A list or object that is not yet closed.
    struct Level
    {
        JsonValue value;
        QString key;        ///< of the member whose value comes next
        QSet<QString> keys; ///< all of them, once there are more than a few
    };

    static bool isTwice(Level &level, const QString &key)
    {
        const auto &members = *level.value.object();
        if (members.size() < fewKeys)
            return level.value.find(key) != nullptr;
        if (level.keys.isEmpty()) {
            for (const auto &member : members)
                level.keys.insert(member.first);
        }
        const qsizetype before = level.keys.size();
        level.keys.insert(key);
        return level.keys.size() == before;
    }
    bool addNumber(const std::string &text)
    {
        return add(JsonValue(JsonValue::Number{QByteArray::fromStdString(text)}));
    }
    bool add(JsonValue value)
    {
        if (m_stack.empty())
            m_root = std::move(value);
        else if (auto *array = m_stack.back().value.array())
            array->push_back(std::move(value));
        else
            m_stack.back().value.object()->emplace_back(m_stack.back().key, std::move(value));
        return true;
    }
    bool begin(JsonValue container)
    {
        if (m_stack.size() >= maximumDepth) {
            m_error = u"it is nested deeper than %1"_s.arg(maximumDepth);
            return false;
        }
        m_stack.push_back({std::move(container), {}, {}});
        return true;
    }
    bool end()
    {
        JsonValue done = std::move(m_stack.back().value);
        m_stack.pop_back();
        return add(std::move(done));
    }

    JsonValue m_root;
    std::vector<Level> m_stack;
    QString m_error;
};

} // namespace

Result<JsonValue> JsonValue::parse(QByteArrayView text)
{
    // The parser takes a zero byte for the end of the text and would not look at what follows.
    if (const qsizetype zero = text.indexOf('\0'); zero >= 0)
        return fail(ErrorCode::Malformed, u"the text cannot be read: it is not JSON at byte %1"_s.arg(zero + 1));
    Builder builder;
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
        return fail(ErrorCode::Malformed, u"the text cannot be read: %1"_s.arg(builder.error()));
    return builder.take();
}

const JsonValue *JsonValue::find(QStringView key) const
{
    if (const Object *members = object()) {
        for (const auto &[name, value] : *members) {
            if (name == key)
                return &value;
        }
    }
    return nullptr;
}

std::optional<qint64> JsonValue::integer() const
{
    const Number *text = number();
    if (text == nullptr)
        return std::nullopt;
    bool ok = false;
    const qint64 value = text->text.toLongLong(&ok);
    return ok ? std::optional(value) : std::nullopt;
}

QString JsonValue::kindName() const
{
    if (isNull())
        return u"null"_s;
    if (boolean() != nullptr)
        return u"true or false"_s;
    if (number() != nullptr)
        return u"a number"_s;
    if (string() != nullptr)
        return u"a text"_s;
    return array() != nullptr ? u"a list"_s : u"an object"_s;
}

JsonWriter &JsonWriter::key(QLatin1StringView name)
{
    separate();
    m_out += '"';
    appendEscaped(QByteArrayView(name.data(), name.size()));
    m_out += "\":";
    m_needsComma = false;
    return *this;
}

JsonWriter &JsonWriter::key(QStringView name)
{
    separate();
    m_out += '"';
    appendEscaped(name.toUtf8());
    m_out += "\":";
    m_needsComma = false;
    return *this;
}

JsonWriter &JsonWriter::value(QStringView text)
{
    separate();
    m_out += '"';
    appendEscaped(text.toUtf8());
    m_out += '"';
    return *this;
}

JsonWriter &JsonWriter::value(QLatin1StringView text)
{
    return value(QStringView(QString(text)));
}

JsonWriter &JsonWriter::value(double number)
{
    if (!std::isfinite(number))
        return value(nullptr);
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    return literal(QByteArrayView(buffer.data(), end));
}

JsonWriter &JsonWriter::value(Timestamp time)
{
    separate();
    m_out += '"';
    m_out += toRfc3339(time);
    m_out += '"';
    return *this;
}

JsonWriter &JsonWriter::open(char bracket)
{
    separate();
    m_out += bracket;
    m_needsComma = false;
    return *this;
}

JsonWriter &JsonWriter::close(char bracket)
{
    m_out += bracket;
    m_needsComma = true;
    return *this;
}

JsonWriter &JsonWriter::literal(QByteArrayView text)
{
    separate();
    m_out += text;
    return *this;
}

void JsonWriter::separate()
{
    if (m_needsComma)
        m_out += ',';
    m_needsComma = true;
}

void JsonWriter::appendEscaped(QByteArrayView utf8)
{
    static constexpr char hex[] = "0123456789abcdef";
    for (const char c : utf8) {
        switch (c) {
        case '"': m_out += "\\\""; break;
        case '\\': m_out += "\\\\"; break;
        case '\n': m_out += "\\n"; break;
        case '\r': m_out += "\\r"; break;
        case '\t': m_out += "\\t"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                m_out += "\\u00";
                m_out += hex[static_cast<unsigned char>(c) >> 4U];
                m_out += hex[static_cast<unsigned char>(c) & 0xFU];
            } else {
                m_out += c;
            }
        }
    }
}

} // namespace tradebot
