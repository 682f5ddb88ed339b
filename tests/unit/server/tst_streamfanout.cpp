// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/stream/streamfanout.h"

#include <QRandomGenerator>
#include <QTest>

using namespace tradebot;
using namespace std::chrono_literals;

namespace {

/// Takes as much as it is told to.
struct Pipe
{
    qint64 room = std::numeric_limits<qint64>::max();
    int sends = 0;
    bool broken = false;
    bool closed = false;
    QByteArray got = {};
};

class PipeWire final : public StreamSink
{
public:
    explicit PipeWire(Pipe &pipe) : m_pipe(pipe) { }
    ~PipeWire() override { m_pipe.closed = true; }
    qint64 send(std::span<const QByteArrayView> parts) override
    {
        if (m_pipe.broken)
            return -1;
        ++m_pipe.sends;
        qint64 taken = 0;
        for (const QByteArrayView part : parts) {
            const qint64 size = std::min<qint64>(part.size(), m_pipe.room);
            m_pipe.got += part.first(size);
            m_pipe.room -= size;
            taken += size;
        }
        return taken;
    }

private:
    Pipe &m_pipe;
};

const Channel facts{BotId(1), StreamKind::Events};
const Channel views{BotId(1), StreamKind::FullState};

QByteArray factFrame(qint64 number)
{
    return "<" + QByteArray::number(number) + ">";
}

ViewerStart start(ViewerId id, std::vector<Channel> channels)
{
    return {.viewer = id, .channels = std::move(channels), .opening = "hello ", .cursor = {}};
}

} // namespace

class HubCoreTest final : public QObject
{
    Q_OBJECT

private:
    StreamLimits m_limits{.backlog = 1000};

    static EventFrame fact(qint64 number) { return {facts, EventSequence(number), factFrame(number)}; }

private Q_SLOTS:
    void framesThatComeTogetherLeaveInOnePiece()
    {
        Pipe pipe;
        StreamFanout hub(m_limits);
        hub.add(start(1, {facts}), std::make_unique<PipeWire>(pipe), 0ms);
        for (int i = 1; i <= 20; ++i)
            hub.handle(fact(i), 0ms);
        QCOMPARE(pipe.sends, 0);
        hub.flush(0ms);
        QCOMPARE(pipe.sends, 1);
        QVERIFY(pipe.got.startsWith("hello <1><2>") && pipe.got.endsWith("<20>"));
        hub.flush(0ms);
        QCOMPARE(pipe.sends, 1);
    }

    void framesGoOnlyToTheirChannel()
    {
        Pipe one;
        Pipe two;
        StreamFanout hub(m_limits);
        hub.add(start(1, {facts}), std::make_unique<PipeWire>(one), 0ms);
        hub.add(start(2, {views}), std::make_unique<PipeWire>(two), 0ms);
        hub.handle(fact(1), 0ms);
        hub.handle(StateFrame{views, "[state]"}, 0ms);
        hub.handle(StateFrame{{BotId(2), StreamKind::FullState}, "[other]"}, 0ms);
        hub.flush(0ms);
        QCOMPARE(one.got, "hello <1>");
        QCOMPARE(two.got, "hello [state]");
        hub.handle(JoinChannels{1, {{BotId(2), StreamKind::FullState}}}, 0ms);
        hub.handle(StateFrame{{BotId(2), StreamKind::FullState}, "[other]"}, 0ms);
        hub.flush(0ms);
        QCOMPARE(one.got, "hello <1>[other]");
    }

    void statesWaitForTheirTurnAndUrgentOnesDoNot()
    {
        Pipe pipe;
        StreamFanout hub(m_limits);
        hub.add(start(1, {views}), std::make_unique<PipeWire>(pipe), 1000ms);
        const auto say = [&](const QByteArray &words, bool urgent, std::chrono::milliseconds now) {
            hub.handle(StateFrame{views, words, urgent}, now);
            hub.flush(now);
            return std::exchange(pipe.got, {});
        };
        QCOMPARE(say("a", false, 1000ms), "hello a");
        QCOMPARE(say("b", false, 1050ms), "");
        QCOMPARE(say("c", false, 1099ms), "");
        QVERIFY(hub.nextTick() <= 1100ms);
        hub.tick(1099ms);
        QCOMPARE(pipe.got, "");
        hub.tick(1100ms);
        QCOMPARE(std::exchange(pipe.got, {}), "c");
        QCOMPARE(say("d", false, 1110ms), "");
        QCOMPARE(say("e", true, 1120ms), "e"); // and d is old by now
        hub.tick(5000ms);
        QCOMPARE(pipe.got, "");
    }

    void blockedViewersGetOnlyTheNewestState()
    {
        Pipe pipe{.room = 3};
        StreamFanout hub(m_limits);
        hub.add(start(1, {views}), std::make_unique<PipeWire>(pipe), 0ms);
        hub.flush(0ms);
        for (int i = 1; i <= 50; ++i) {
            hub.handle(StateFrame{views, "[" + QByteArray::number(i) + "]"}, i * 100ms);
            hub.flush(i * 100ms);
        }
        pipe.room = 1'000'000;
        hub.writable(1, 5100ms);
        QCOMPARE(pipe.got, "hello [50]");
    }

    void urgentStatesAreBoundedToo()
    {
        Pipe pipe{.room = 0};
        StreamFanout hub(m_limits);
        hub.add(start(1, {views}), std::make_unique<PipeWire>(pipe), 0ms);
        for (int i = 1; i <= 1000; ++i)
            hub.handle(StateFrame{views, "[" + QByteArray::number(i) + "]", true}, 0ms);
        hub.flush(0ms);
        pipe.room = 1'000'000;
        hub.writable(1, 200ms);
        QVERIFY(pipe.got.size() < 1100);
        QVERIFY(pipe.got.endsWith("[1000]"));
    }

    void keepAlivesAndStalls()
    {
        Pipe quiet;
        Pipe stuck{.room = 2};
        StreamFanout hub(m_limits);
        hub.add(start(1, {facts}), std::make_unique<PipeWire>(quiet), 0ms);
        hub.add(start(2, {facts}), std::make_unique<PipeWire>(stuck), 0ms);
        hub.flush(0ms);
        hub.tick(14999ms);
        QCOMPARE(quiet.got, "hello ");
        hub.tick(16000ms);
        QCOMPARE(quiet.got, "hello : keep-alive\n\n");
        hub.tick(29000ms);
        QVERIFY(!stuck.closed);
        stuck.room = 1;
        hub.writable(2, 29500ms); // one byte is progress
        hub.tick(31000ms);
        QVERIFY(!stuck.closed);
        hub.tick(59499ms);
        QVERIFY(!stuck.closed);
        hub.tick(60500ms);
        QVERIFY(stuck.closed);
        QVERIFY(!quiet.closed);
        const auto reports = hub.takeReports();
        QCOMPARE(reports.size(), 1U);
        QCOMPARE(std::get<ViewerGone>(reports[0]).viewer, 2U);
    }

    void brokenAndEndedViewersAreReportedOnce()
    {
        Pipe broken{.broken = true};
        Pipe ended;
        StreamFanout hub(m_limits);
        hub.add(start(1, {facts}), std::make_unique<PipeWire>(broken), 0ms);
        hub.add(start(2, {facts}), std::make_unique<PipeWire>(ended), 0ms);
        hub.handle(fact(1), 0ms);
        hub.handle(EndViewer{2}, 0ms);
        hub.handle(EndViewer{2}, 0ms);
        hub.flush(0ms);
        hub.remove(1);
        hub.remove(2);
        QCOMPARE(ended.got, "hello <1>"); // what was said before is told
        QVERIFY(broken.closed && ended.closed);
        QCOMPARE(hub.takeReports().size(), 2U);
        QCOMPARE(hub.size(), 0U);
        hub.handle(fact(2), 0ms); // goes to nobody
        hub.flush(0ms);
    }

    void nobodyLosesOrRepeatsAFact()
    {
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        QRandomGenerator random(seed);
        for (int round = 0; round < 50; ++round)
            runJournal(random);
    }

private:
    /// Facts are published while viewers come, take what they like, fall behind and are helped up out of the journal.
    void runJournal(QRandomGenerator &random)
    {
        constexpr qint64 last = 400;
        constexpr int viewers = 5;
        std::array<Pipe, viewers> pipes;
        StreamFanout hub({.backlog = 60});
        std::array<qint64, viewers> begins{};
        qint64 told = 0;
        const auto answer = [&hub, &told, &random] {
            for (const HubReport &report : hub.takeReports()) {
                const auto &wanted = std::get<EventsWanted>(report);
                const qint64 upTo = std::min<qint64>(told, wanted.after.value() + random.bounded(1, 10));
                CatchUp events{
                        .viewer = wanted.viewer, .bytes = {}, .upTo = EventSequence(upTo), .isLive = upTo == told};
                for (qint64 i = wanted.after.value() + 1; i <= upTo; ++i)
                    events.bytes += factFrame(i);
                hub.handle(events, 0ms);
            }
            hub.flush(0ms);
        };
        for (std::size_t i = 0; i < viewers; ++i)
            begins[i] = random.bounded(200);
        while (told < last) {
            for (std::size_t i = 0; i < viewers; ++i) {
                if (begins[i] == told && pipes[i].sends == 0) {
                    ViewerStart one = start(i + 1, {facts});
                    one.cursor = EventSequence(told);
                    hub.add(one, std::make_unique<PipeWire>(pipes[i]), 0ms);
                    hub.flush(0ms);
                    pipes[i].room = 0;
                }
            }
            hub.handle(fact(++told), 0ms);
            if (random.bounded(3) == 0)
                hub.flush(0ms);
            const auto lucky = static_cast<std::size_t>(random.bounded(viewers));
            pipes[lucky].room = random.bounded(80);
            hub.writable(lucky + 1, 0ms);
            answer();
        }
        for (int i = 0; i < 1000; ++i) {
            for (std::size_t v = 0; v < viewers; ++v) {
                pipes[v].room = 1000;
                hub.writable(v + 1, 0ms);
            }
            answer();
        }
        for (std::size_t i = 0; i < viewers; ++i) {
            QByteArray expected = "hello ";
            for (qint64 n = begins[i] + 1; n <= last; ++n)
                expected += factFrame(n);
            QCOMPARE(pipes[i].got, expected);
        }
    }
};

QTEST_GUILESS_MAIN(HubCoreTest)
#include "tst_streamfanout.moc"
