// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/decimal.h"

#include <QByteArray>
#include <QString>

#include <algorithm>

namespace tradebot {

/// One line of CSV after RFC 4180, ended by a line feed; a field is quoted when it holds a comma, a quote or a line
/// break.
class CsvLine final
{
public:
    CsvLine &operator<<(QByteArrayView field)
    {
        if (m_hasField)
            m_text += ',';
        m_hasField = true;
        const bool quoted = std::any_of(field.begin(), field.end(),
                                        [](char c) { return c == ',' || c == '"' || c == '\n' || c == '\r'; });
        if (!quoted) {
            m_text += field;
            return *this;
        }
        m_text += '"';
        for (const char c : field) {
            if (c == '"')
                m_text += '"';
            m_text += c;
        }
        m_text += '"';
        return *this;
    }
    CsvLine &operator<<(const QString &field) { return *this << QByteArrayView(field.toUtf8()); }
    CsvLine &operator<<(QLatin1StringView field) { return *this << QByteArrayView(field.data(), field.size()); }
    CsvLine &operator<<(qint64 number) { return *this << QByteArrayView(QByteArray::number(number)); }
    CsvLine &operator<<(Timestamp time) { return *this << QByteArrayView(toRfc3339(time)); }
    template<class Tag>
    CsvLine &operator<<(Fixed<Tag> number)
    {
        return *this << QByteArrayView(number.toBytes());
    }
    [[nodiscard]] QByteArray take() { return std::move(m_text += '\n'); }

private:
    QByteArray m_text;
    bool m_hasField = false;
};

} // namespace tradebot
