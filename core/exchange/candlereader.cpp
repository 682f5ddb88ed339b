// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/candlereader.h"

#include <QIODevice>

namespace tradebot {

namespace {

constexpr qint64 pieceBytes = 262'144;

} // namespace

Result<RecordedCandles> readCandles(QIODevice &device)
{
    CandleFileParser parser;
    if (!device.isSequential())
        parser.expectBytes(device.size());
    QByteArray piece(pieceBytes, Qt::Uninitialized);
    while (true) {
        const qint64 count = device.read(piece.data(), piece.size());
        if (count < 0)
            return fail(ErrorCode::Io, device.errorString());
        if (count == 0)
            return parser.finish();
        if (auto taken = parser.feed(QByteArrayView(piece).first(count)); !taken)
            return fail(taken.error());
    }
}

} // namespace tradebot
