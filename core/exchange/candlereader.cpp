// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/candlereader.h"

#include <QFile>

namespace tradebot {

using namespace Qt::StringLiterals;

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

Result<RecordedCandles> loadCandles(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"%1 cannot be read: %2"_s.arg(path, file.errorString()));
    auto candles = readCandles(file);
    if (!candles)
        return fail(candles.error().code, path + u": "_s + candles.error().text);
    return candles;
}

} // namespace tradebot
