// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/marketsource.h"
#include "recordingsink.h"
#include "tests/support/fakeclock.h"
#include "tests/support/patience.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

class MarketSourceTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSourceIsReadAsWritten()
    {
        QCOMPARE(std::get<SimulatedSource>(*parseMarketSource(u"simulated")).ticksPerSecond, 4.0);
        QCOMPARE(std::get<SimulatedSource>(*parseMarketSource(u"simulated@100")).ticksPerSecond, 100.0);
        const auto plain = std::get<ReplaySource>(*parseMarketSource(u"replay:/a b/c.csv"));
        QCOMPARE(plain.file, u"/a b/c.csv"_s);
        QCOMPARE(plain.speed, 1.0);
        const auto fast = std::get<ReplaySource>(*parseMarketSource(u"replay:C:\\c@home.csv@600"));
        QCOMPARE(fast.file, u"C:\\c@home.csv"_s);
        QCOMPARE(fast.speed, 600.0);
    }

    void aFileWhoseNameLooksLikeASpeedIsStillAFile()
    {
        const QString name = m_folder.filePath(u"candles@600"_s);
        write(name, "x");
        const auto source = std::get<ReplaySource>(*parseMarketSource(u"replay:"_s + name));
        QCOMPARE(source.file, name);
        QCOMPARE(source.speed, 1.0);
        QCOMPARE(std::get<ReplaySource>(*parseMarketSource(u"replay:%1@5"_s.arg(name))).speed, 5.0);
    }

    void aWrongSourceSaysHowToMendIt_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("hint");
        QTest::newRow("empty") << QString() << u"give simulated, simulated@TICKS_PER_SECOND, replay:FILE.csv"_s;
        QTest::newRow("unknown") << u"magic"_s << u"give simulated, simulated@TICKS_PER_SECOND, replay:FILE.csv"_s;
        QTest::newRow("longer name") << u"simulatedx"_s << u"give simulated,"_s;
        QTest::newRow("no rate") << u"simulated@"_s << u"a number from 0.01 to 1000"_s;
        QTest::newRow("rate of nothing") << u"simulated@0"_s << u"a number from 0.01 to 1000"_s;
        QTest::newRow("too fast") << u"simulated@1e9"_s << u"a number from 0.01 to 1000"_s;
        QTest::newRow("not a number") << u"simulated@nan"_s << u"a number from 0.01 to 1000"_s;
        QTest::newRow("no file") << u"replay:"_s << u"give replay:FILE.csv or replay:FILE.csv@SPEED"_s;
        QTest::newRow("no file but a speed") << u"replay:@5"_s << u"give replay:FILE.csv or replay:FILE.csv@SPEED"_s;
        QTest::newRow("speed in words") << u"replay:a.csv@fast"_s
                                        << u"\"fast\" must be a number from 0.001 to 1000000"_s;
        QTest::newRow("backwards") << u"replay:a.csv@-1"_s << u"\"-1\" must be a number from 0.001 to 1000000"_s;
    }
    void aWrongSourceSaysHowToMendIt()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, hint);
        const auto source = parseMarketSource(text);
        QVERIFY(!source);
        QCOMPARE(source.error().code, ErrorCode::InvalidInput);
        QVERIFY2(source.error().text.contains(hint), qPrintable(source.error().text));
        QVERIFY(!source.error().text.contains(u'\n'));
    }

    void aFileThatCannotBeReadIsNamed()
    {
        const auto missing = loadMarketSource(ReplaySource{u"/nowhere/x.csv"_s, 1});
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::Io);
        QVERIFY(missing.error().text.contains(u"/nowhere/x.csv"_s));

        const QString name = m_folder.filePath(u"broken.csv"_s);
        write(name, "open_time_ms,open,high,low,close,volume\n60000,1,1,1,1,1\n120000,1,1,2,1,1\n");
        const auto broken = loadMarketSource(ReplaySource{name, 1});
        QVERIFY(!broken);
        QCOMPARE(broken.error().text, name + u": line 3: low: 2 is above open or close"_s);
    }

    void aSimulatedMarketGoesWithTime()
    {
        const auto market = makeMarketData(*loadMarketSource(SimulatedSource{1000}), 7, m_clock, {});
        QCOMPARE(market->description(), u"simulated, seed 7"_s);
        RecordingSink sink;
        market->setSink(&sink);
        market->open(StreamId(1), Symbol(u"BTCUSDT"_s), Market::Spot);
        m_clock.advance(std::chrono::seconds(1));
        QTRY_VERIFY(!sink.ticks.empty());
        market->close(StreamId(1));
    }

    void aReplayGoesWithTime()
    {
        const QString name = m_folder.filePath(u"good.csv"_s);
        write(name, "open_time_ms,open,high,low,close,volume\n60000,1,1,1,1,1\n120000,1,1,1,1,1\n");
        auto loaded = loadMarketSource(ReplaySource{name, 100'000});
        QVERIFY(loaded.has_value());
        const auto market = makeMarketData(std::move(*loaded), 1, m_clock, {});
        QCOMPARE(market->description(), u"replay of good.csv at 100000×"_s);
        RecordingSink sink;
        market->setSink(&sink);
        market->open(StreamId(1), Symbol(u"BTCUSDT"_s), Market::Spot);
        QTRY_COMPARE(sink.errors.size(), 1U);
        QCOMPARE(sink.ticks[StreamId(1)].size(), 8U);
    }

private:
    static void write(const QString &name, const QByteArray &text)
    {
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    QTemporaryDir m_folder;
    FakeClock m_clock;
};

QTEST_GUILESS_MAIN(MarketSourceTest)
#include "tst_marketsource.moc"
