// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/marketdata.h"

#include <functional>
#include <map>
#include <vector>

namespace tradebot {

/// Keeps what a source says.
class RecordingSink final : public MarketDataSink
{
public:
    void tick(StreamId stream, const Tick &tick) override
    {
        ticks[stream].push_back(tick);
        if (onTick)
            onTick(stream);
    }
    void lost(StreamId stream, const Error &error) override { errors[stream].push_back(error); }

    std::map<StreamId, std::vector<Tick>> ticks;
    std::map<StreamId, std::vector<Error>> errors;
    std::function<void(StreamId)> onTick;
};

} // namespace tradebot
