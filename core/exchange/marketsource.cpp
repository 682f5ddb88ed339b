// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/marketsource.h"

#include "core/exchange/candlereader.h"
#include "core/exchange/replay/replaymarket.h"
#include "core/exchange/simulated/simulatedmarket.h"
#include "core/exchange/timermarketdata.h"

#include <QElapsedTimer>
#include <QFileInfo>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr auto simulatedName = "simulated"_L1;
constexpr auto replayName = "replay:"_L1;
constexpr double fastestTicks = 1000;
constexpr double slowestTicks = 0.01;
constexpr double fastestReplay = 1'000'000;
constexpr double slowestReplay = 0.001;

Failure unknownSource(QStringView text)
{
    return fail(ErrorCode::InvalidInput,
                u"market data \"%1\" is not known; give simulated, simulated@TICKS_PER_SECOND, "
                "replay:FILE.csv or replay:FILE.csv@SPEED"_s.arg(text));
}

Result<MarketSource> parseSimulated(QStringView rate)
{
    bool ok = false;
    const double ticks = rate.toDouble(&ok);
    if (!ok || !(ticks >= slowestTicks && ticks <= fastestTicks)) {
        return fail(ErrorCode::InvalidInput,
                    u"simulated@%1: the ticks per second must be a number from %2 to %3"_s.arg(rate)
                            .arg(slowestTicks)
                            .arg(fastestTicks));
    }
    return SimulatedSource{ticks};
}

Result<MarketSource> parseReplay(QStringView text)
{
    ReplaySource source{text.toString(), 1};
    const qsizetype at = text.lastIndexOf(u'@');
    if (at >= 0 && !QFileInfo(source.file).isFile()) {
        const QStringView speed = text.sliced(at + 1);
        bool ok = false;
        source = {text.first(at).toString(), speed.toDouble(&ok)};
        if (!ok || !(source.speed >= slowestReplay && source.speed <= fastestReplay)) {
            return fail(ErrorCode::InvalidInput,
                        u"replay:%1: the speed \"%2\" must be a number from %3 to %4, in market seconds per second"_s
                                .arg(text, speed)
                                .arg(slowestReplay)
                                .arg(fastestReplay, 0, 'f', 0));
        }
    }
    if (source.file.isEmpty())
        return fail(ErrorCode::InvalidInput, u"replay: names no file; give replay:FILE.csv or replay:FILE.csv@SPEED"_s);
    return source;
}

std::function<std::chrono::milliseconds()> startStopwatch()
{
    QElapsedTimer timer;
    timer.start();
    return [timer] { return std::chrono::milliseconds(timer.elapsed()); };
}

} // namespace

Result<MarketSource> parseMarketSource(QStringView text)
{
    if (text == simulatedName)
        return SimulatedSource();
    if (text.startsWith(simulatedName) && text.sliced(simulatedName.size()).startsWith(u'@'))
        return parseSimulated(text.sliced(simulatedName.size() + 1));
    if (text.startsWith(replayName))
        return parseReplay(text.sliced(replayName.size()));
    return unknownSource(text);
}

Result<LoadedSource> loadMarketSource(const MarketSource &source)
{
    const auto *replay = std::get_if<ReplaySource>(&source);
    if (replay == nullptr)
        return LoadedSource{source, {}};
    return loadCandles(replay->file).map([&source](RecordedCandles &&candles) {
        return LoadedSource{source, std::move(candles)};
    });
}

std::unique_ptr<MarketData> makeMarketData(LoadedSource loaded, quint64 seed, const Clock &clock,
                                           std::optional<Timestamp> resumeAfter)
{
    if (const auto *simulated = std::get_if<SimulatedSource>(&loaded.source))
        return std::make_unique<TimerMarketData>(
                std::make_unique<SimulatedMarket>(seed, simulated->ticksPerSecond, clock));
    const auto &replay = std::get<ReplaySource>(loaded.source);
    ReplayOptions options;
    options.name = QFileInfo(replay.file).fileName();
    options.speed = replay.speed;
    options.resumeAfter = resumeAfter;
    return std::make_unique<TimerMarketData>(
            std::make_unique<ReplayMarket>(std::move(loaded.recording), options, startStopwatch()));
}

} // namespace tradebot
