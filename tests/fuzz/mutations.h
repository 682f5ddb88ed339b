// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QRandomGenerator>

namespace tradebot::test {

/// Changes examples of a format at random: bytes replaced, nudged, cut out, doubled, or taken from a list of what the
/// format is sensitive to. The same seed gives the same changes on every machine.
class Mutations final
{
public:
    /// words: what the format knows, such as separators and numbers at its limits.
    Mutations(quint32 seed, QByteArrayList words) : m_random(seed), m_words(std::move(words)) { }

    [[nodiscard]] QByteArray changed(QByteArray bytes)
    {
        for (int i = m_random.bounded(3); i >= 0; --i) {
            const qsizetype at = below(bytes.size() + 1);
            switch (m_random.bounded(6)) {
            case 0: bytes.insert(at, static_cast<char>(m_random.bounded(256))); break;
            case 1: bytes.remove(at, m_random.bounded(1, 40)); break;
            case 2: bytes.insert(at, bytes.mid(below(bytes.size() + 1), m_random.bounded(60))); break;
            case 3: bytes.insert(at, m_words[below(m_words.size())]); break;
            case 4:
                if (at < bytes.size())
                    bytes[at] =
                            static_cast<char>(bytes[at] ^ (1 << m_random.bounded(3))); // a digit stays one, or nearly
                break;
            default: bytes.replace(at, m_random.bounded(1, 8), m_words[below(m_words.size())]); break;
            }
        }
        return bytes;
    }
    [[nodiscard]] qsizetype below(qsizetype limit) { return m_random.bounded(static_cast<int>(limit)); }

private:
    QRandomGenerator m_random;
    QByteArrayList m_words;
};

} // namespace tradebot::test
