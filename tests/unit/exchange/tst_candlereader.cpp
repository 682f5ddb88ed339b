// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/candlereader.h"

#include <QBuffer>
#include <QFile>
#include <QTemporaryFile>
#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

QByteArray why(const Result<RecordedCandles> &series)
{
    return series ? QByteArray() : series.error().text.toUtf8();
}

} // namespace

class CandleReaderTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordedFileLoads_data()
    {
        QTest::addColumn<Timeframe>("timeframe");
        QTest::addColumn<qint64>("rows");
        const auto row = [](const char *name, Timeframe timeframe, qint64 rows) {
            QTest::newRow(name) << timeframe << rows;
        };
        row("candles_BTC-PERP_1m_part1", Timeframe::M1, 22515);
        row("candles_binance_BTCBUSD_1m_20221213", Timeframe::M1, 1440);
        row("candles_binanceus_ETHUSD_5m", Timeframe::M5, 580);
        row("candles_coinbase_BTCUSD_1d", Timeframe::D1, 1770);
        row("candles_coinbase_BTCUSD_1h", Timeframe::H1, 20111);
        row("candles_coinbase_BTCUSD_1m_20180404-06", Timeframe::M1, 3887);
        row("candles_coinbase_BTCUSD_4h", Timeframe::H4, 20695);
        row("candles_coinbase_ETHUSD_1d", Timeframe::D1, 3582);
        row("candles_coinbase_ETHUSD_1m_20180404-05", Timeframe::M1, 2449);
        row("candles_coinbase_LTCUSD_1m_20180404-06", Timeframe::M1, 3887);
    }
    void everyRecordedFileLoads()
    {
        QFETCH(const Timeframe, timeframe);
        QFETCH(const qint64, rows);
        QFile file(QStringLiteral(TRADEBOT_SHARED_DIR "/data/market/%1.csv")
                           .arg(QLatin1StringView(QTest::currentDataTag())));
        if (!file.open(QIODevice::ReadOnly))
            QSKIP("the recorded files are not there (TRADEBOT_SHARED_DIR)");
        const auto series = readCandles(file);
        QVERIFY2(series, why(series).constData());
        QCOMPARE(series->timeframe, timeframe);
        QCOMPARE(static_cast<qint64>(series->candles.size()), rows);
    }

    void aDeviceThatFailsIsAnError()
    {
        QBuffer closed;
        const auto series = readCandles(closed);
        QVERIFY(!series);
        QCOMPARE(series.error().code, ErrorCode::Io);
    }

    void anErrorNamesTheFile()
    {
        const auto missing = loadCandles(u"/nowhere.csv"_s);
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::Io);
        QVERIFY2(missing.error().text.startsWith(u"/nowhere.csv cannot be read: "_s), why(missing).constData());
        QTemporaryFile broken;
        QVERIFY(broken.open());
        broken.write("open_time_ms,open,high,low,close,volume\n0,1,1,1\n");
        broken.close();
        const auto refused = loadCandles(broken.fileName());
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Malformed);
        QVERIFY2(refused.error().text.startsWith(broken.fileName() + u": line 2"_s), why(refused).constData());
    }
};

QTEST_GUILESS_MAIN(CandleReaderTest)
#include "tst_candlereader.moc"
