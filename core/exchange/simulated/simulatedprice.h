// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <array>
#include <chrono>
#include <cstdint>

namespace tradebot {

/// Mixes 64 bits so that each of them depends on all (the finaliser of SplitMix64).
[[nodiscard]] constexpr std::uint64_t mixBits(std::uint64_t bits) noexcept
{
    bits += 0x9e37'79b9'7f4a'7c15U;
    bits = (bits ^ (bits >> 30U)) * 0xbf58'476d'1ce4'e5b9U;
    bits = (bits ^ (bits >> 27U)) * 0x94d0'49bb'1331'11ebU;
    return bits ^ (bits >> 31U);
}

/// Bits as a number from 0 to below 1.
[[nodiscard]] constexpr double toUnit(std::uint64_t bits) noexcept
{
    return static_cast<double>(bits >> 11U) * 0x1p-53;
}

/// The logarithm of a made-up price as a function of nothing but a key and the time: value noise over many wavelengths,
/// from half a second to three months, each with the amplitude that a random walk has over it. Markets are calm and
/// wild by turns, so the short ones swell and fade over hours. About 0.8 % an hour; stays within a factor of about 2.
class SimulatedPrice final
{
public:
    explicit SimulatedPrice(std::uint64_t key) noexcept;

    /// Of the time since 1970. Not const for its cache alone: times that follow each other are cheap.
    [[nodiscard]] double logarithmAt(std::chrono::milliseconds time) noexcept;

private:
    /// Noise of one wavelength, 2^bits ms: random values at a lattice of times, smooth between them.
    struct Octave
    {
        std::uint64_t key = 0;
        std::int64_t phase = 0; ///< else all octaves would stand still at the same moments
        double amplitude = 0;
        int bits = 0;
        std::int64_t cell = -1;
        double from = 0;
        double change = 0;

        [[nodiscard]] double at(std::int64_t time) noexcept;
        [[nodiscard]] double latticeValue(std::int64_t place) const noexcept;
    };

    [[nodiscard]] static Octave makeOctave(std::uint64_t key, int bits, double amplitude) noexcept;

    static constexpr int shortestBits = 9;
    static constexpr int longestBits = 33;
    static constexpr int swellingBits = 21; ///< half an hour: what is longer does not swell
    std::array<Octave, longestBits - shortestBits + 1> m_octaves;
    Octave m_wildness;
};

} // namespace tradebot
