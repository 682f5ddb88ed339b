// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/simulated/simulatedprice.h"

#include <cmath>

namespace tradebot {

double SimulatedPrice::Octave::latticeValue(std::int64_t place) const noexcept
{
    return 2 * toUnit(mixBits(key ^ static_cast<std::uint64_t>(place))) - 1;
}

double SimulatedPrice::Octave::at(std::int64_t time) noexcept
{
    const std::int64_t shifted = time + phase;
    const std::int64_t here = shifted >> bits;
    if (here != cell) {
        cell = here;
        from = latticeValue(here);
        change = latticeValue(here + 1) - from;
    }
    const std::int64_t wavelength = std::int64_t(1) << bits;
    const double part = static_cast<double>(shifted & (wavelength - 1)) / static_cast<double>(wavelength);
    return amplitude * (from + change * part * part * (3 - 2 * part));
}

SimulatedPrice::Octave SimulatedPrice::makeOctave(std::uint64_t key, int bits, double amplitude) noexcept
{
    Octave octave;
    octave.key = mixBits(key ^ mixBits(static_cast<std::uint64_t>(bits)));
    octave.phase = static_cast<std::int64_t>(mixBits(octave.key) & ((std::uint64_t(1) << bits) - 1));
    octave.amplitude = amplitude;
    octave.bits = bits;
    return octave;
}

SimulatedPrice::SimulatedPrice(std::uint64_t key) noexcept
{
    // Amplitude = square root of the wavelength in ms × this gives 0.8 % an hour, measured. Waves of 4 to 17 minutes
    // are stronger than in a random walk, so that strategies on short candles find something to do.
    constexpr double strength = 2.6e-6;
    constexpr double swing = 1.8;
    constexpr int swingFrom = 18;
    constexpr int swingTo = 20;
    for (std::size_t i = 0; i < m_octaves.size(); ++i) {
        const int bits = shortestBits + static_cast<int>(i);
        const double emphasis = bits >= swingFrom && bits <= swingTo ? swing : 1;
        m_octaves[i] = makeOctave(key, bits, strength * emphasis * std::sqrt(std::ldexp(1.0, bits)));
    }
    constexpr int wildnessBits = 22; // an hour and ten minutes
    constexpr double wildness = 0.7; // e^±0.7: half to twice
    m_wildness = makeOctave(mixBits(key), wildnessBits, wildness);
}

double SimulatedPrice::logarithmAt(std::chrono::milliseconds time) noexcept
{
    double swelling = 0;
    double steady = 0;
    for (Octave &octave : m_octaves)
        (octave.bits <= swellingBits ? swelling : steady) += octave.at(time.count());
    return swelling * std::exp(m_wildness.at(time.count())) + steady;
}

} // namespace tradebot
