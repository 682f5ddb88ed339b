// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/statisticsjson.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp dayOne = fromMilliseconds(1'795'132'800'000); // 2026-11-20T00:00:00Z
constexpr auto day = std::chrono::days(1);

Money money(const char *text)
{
    return Money::parse(QByteArray(text)).value();
}

Trade tradeOf(qint64 id, const char *gross, const char *fees = "0", const char *funding = "0")
{
    Trade trade;
    trade.id = TradeId(id);
    trade.symbol = Symbol(u"BTCUSDT"_s);
    trade.entryTime = dayOne;
    trade.exitTime = dayOne + 1h;
    trade.gross = money(gross);
    trade.fees = money(fees);
    trade.funding = money(funding);
    return trade;
}

Statistics of(const std::vector<Trade> &trades, const std::vector<EquityPoint> &curve = {}, const char *initial = "100")
{
    StatisticsCollector collector(money(initial));
    for (const Trade &trade : trades)
        collector.add(trade);
    for (const EquityPoint &point : curve)
        collector.add(point);
    const auto statistics = collector.result();
    if (!statistics)
        qFatal("%s", qPrintable(statistics.error().text));
    return *statistics;
}

/// One sample a day, at noon; as many days have ended as there are closes, since a day after them begins.
std::vector<EquityPoint> daily(const std::vector<int> &closes)
{
    std::vector<EquityPoint> curve;
    Timestamp time = dayOne + 12h;
    for (const int close : closes) {
        curve.push_back({time, Money::fromInteger(close)});
        time += day;
    }
    curve.push_back({time, Money::fromInteger(closes.back())});
    return curve;
}

/// An hour apart, from midnight.
std::vector<EquityPoint> hourly(const std::vector<const char *> &equities)
{
    std::vector<EquityPoint> curve;
    for (const char *equity : equities)
        curve.push_back({dayOne + std::chrono::hours(curve.size()), money(equity)});
    return curve;
}

bool isClose(std::optional<double> value, double wanted)
{
    return value && std::abs(*value - wanted) <= 1e-6 * std::max(1.0, std::abs(wanted));
}

TradeGroup sumOf(const auto &groups)
{
    TradeGroup sum;
    for (const auto &entry : groups) {
        const TradeGroup &group = entry.second;
        sum.trades += group.trades;
        sum.wins += group.wins;
        sum.losses += group.losses;
        sum.gross = (sum.gross + group.gross).value().value();
        sum.fees = (sum.fees + group.fees).value().value();
        sum.funding = (sum.funding + group.funding).value().value();
        sum.net = (sum.net + group.net).value().value();
    }
    return sum;
}

rc::Gen<Money> smallMoney(int units)
{
    return rc::gen::map(rc::gen::inRange<std::int64_t>(-units, units + 1),
                        [](std::int64_t raw) { return Money::fromRaw(raw * detail::decimalScale / 7); });
}

rc::Gen<std::vector<Trade>> someTrades()
{
    return rc::gen::container<std::vector<Trade>>(rc::gen::exec([] {
        Trade trade = *gen::trade();
        trade.gross = *smallMoney(1000);
        trade.fees = *smallMoney(10);
        trade.funding = *smallMoney(10);
        trade.entryTime = dayOne;
        trade.exitTime = dayOne + std::chrono::minutes(*rc::gen::inRange(0, 20'000));
        return trade;
    }));
}

/// Samples of some days in steps of minutes, with values that often return.
rc::Gen<std::vector<EquityPoint>> someCurve()
{
    return rc::gen::exec([] {
        const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
                rc::gen::pair(rc::gen::inRange(1, 90), rc::gen::inRange(-20, 22)));
        std::vector<EquityPoint> curve;
        Timestamp time = dayOne;
        std::int64_t equity = *rc::gen::inRange<std::int64_t>(-5, 100);
        for (const auto &[minutes, change] : steps) {
            time += std::chrono::minutes(minutes);
            equity += change;
            curve.push_back({time, Money::fromRaw(equity * detail::decimalScale)});
        }
        return curve;
    });
}

/// As a store that keeps the extremes of each hour gives it to a tracker: samples only where it wants them.
DrawdownTracker trackedByHours(const std::vector<EquityPoint> &curve, std::size_t &skipped)
{
    DrawdownTracker tracker;
    for (auto begin = curve.begin(); begin != curve.end();) {
        const auto hour = std::chrono::floor<std::chrono::hours>(begin->time);
        const auto end = std::find_if(begin, curve.end(), [hour](const EquityPoint &point) {
            return std::chrono::floor<std::chrono::hours>(point.time) != hour;
        });
        const auto less = [](const EquityPoint &a, const EquityPoint &b) { return a.equity < b.equity; };
        const EquityExtremes extremes{*std::min_element(begin, end, less), *std::max_element(begin, end, less)};
        if (end != curve.end() && !tracker.needsSamples(extremes)) {
            tracker.addExtremes(extremes);
            ++skipped;
        } else {
            std::for_each(begin, end, [&tracker](const EquityPoint &point) { tracker.add(point); });
        }
        begin = end;
    }
    return tracker;
}

} // namespace

class StatisticsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aHandWorkedSeriesOfTrades()
    {
        // net: 10 − 1 = 9; −4 − 1 = −5; 1 − 1 = 0; 7 − 1 + 0.5 = 6.5; −3 − 0.25 = −3.25; −1 = −1
        std::vector<Trade> trades = {tradeOf(1, "10", "1"),       tradeOf(2, "-4", "1"),          tradeOf(3, "1", "1"),
                                     tradeOf(4, "7", "1", "0.5"), tradeOf(5, "-3", "0", "-0.25"), tradeOf(6, "-1")};
        trades[1].exitReason = OrderPurpose::StopLoss;
        trades[5].exitTime = dayOne + day + 6h; // 30 h; the others take one
        const Statistics statistics = of(trades);
        const TradeGroup total{6, 2, 3, money("10"), money("4"), money("0.25"), money("6.25")};
        QVERIFY(statistics.total == total);
        QVERIFY(isClose(statistics.winRate, 2.0 / 6));
        QVERIFY(isClose(statistics.profitFactor, 15.5 / 9.25));
        QCOMPARE(*statistics.expectancy, money("1.04166667")); // 6.25 ÷ 6
        QCOMPARE(*statistics.averageWin, money("7.75"));
        QCOMPARE(*statistics.averageLoss, money("-3.08333333")); // −9.25 ÷ 3
        QCOMPARE(statistics.averageDuration->count(), std::chrono::milliseconds(35h).count() / 6);
        QCOMPARE(statistics.longestWinningStreak, 1);
        QCOMPARE(statistics.longestLosingStreak, 2);
        QCOMPARE(statistics.best->id, TradeId(1));
        QCOMPARE(statistics.worst->net, money("-5"));
        QCOMPARE(statistics.byExitReason.size(), 2U);
        QCOMPARE(statistics.byExitReason.at(OrderPurpose::StopLoss).net, money("-5"));
        QCOMPARE(statistics.byDay.size(), 2U);
        QCOMPARE(statistics.byDay.rbegin()->second.net, money("-1"));
        QCOMPARE(statistics.bySymbol.at(Symbol(u"BTCUSDT"_s)).trades, 6);
    }

    void aDayThatTheSamplesReachTheEndOfCounts()
    {
        std::vector<EquityPoint> curve = daily(std::vector<int>(30, 100));
        curve.pop_back(); // the last sample is of the thirtieth noon
        const auto daysUpTo = [&curve](Timestamp end) {
            StatisticsCollector collector(money("100"));
            for (const EquityPoint &point : curve)
                collector.add(point);
            collector.endAt(end);
            return collector.result().value().days;
        };
        QCOMPARE(daysUpTo(dayOne + 30 * day - 1ms), 29);
        QCOMPARE(daysUpTo(dayOne + 30 * day), 30);
        QCOMPARE(daysUpTo(dayOne + 32 * day), 32); // it lay still for two
        // What is told once more changes nothing, and samples may follow.
        StatisticsCollector collector(money("100"));
        collector.add({dayOne, money("100")});
        collector.endAt(dayOne + day);
        collector.endAt(dayOne + day);
        collector.add({dayOne + day, money("110")});
        collector.endAt(dayOne + 2 * day);
        QCOMPARE(collector.result().value().days, 2);
    }

    void nothingIsUnknownAndNotZero()
    {
        const Statistics statistics = of({});
        QCOMPARE(statistics.total.trades, 0);
        QVERIFY(!statistics.winRate && !statistics.profitFactor && !statistics.expectancy && !statistics.averageWin);
        QVERIFY(!statistics.averageLoss && !statistics.averageDuration && !statistics.best && !statistics.worst);
        QVERIFY(!statistics.equity && !statistics.sharpe && !statistics.sortino && !statistics.calmar);
        QVERIFY(!statistics.deepestDrawdown && !statistics.currentDrawdown);
    }

    void oneTradeThatBrokeEvenIsNeitherWonNorLost()
    {
        const Statistics statistics = of({tradeOf(1, "2", "2")});
        QVERIFY(isClose(statistics.winRate, 0));
        QVERIFY(!statistics.profitFactor && !statistics.averageWin && !statistics.averageLoss);
        QCOMPARE(*statistics.expectancy, Money());
        QVERIFY(statistics.best == statistics.worst);
        QCOMPARE(statistics.longestWinningStreak + statistics.longestLosingStreak, 0);
    }

    void allWinsHaveNoProfitFactor()
    {
        const Statistics statistics = of({tradeOf(1, "2"), tradeOf(2, "3"), tradeOf(3, "3")});
        QVERIFY(isClose(statistics.winRate, 1));
        QVERIFY(!statistics.profitFactor && !statistics.averageLoss);
        QCOMPARE(statistics.longestWinningStreak, 3);
        QCOMPARE(statistics.best->id, TradeId(2)); // the first of equal ones
    }

    void allLossesHaveAProfitFactorOfZero()
    {
        const Statistics statistics = of({tradeOf(1, "-2"), tradeOf(2, "-3")});
        QVERIFY(isClose(statistics.profitFactor, 0));
        QCOMPARE(statistics.longestLosingStreak, 2);
    }

    void aSumBeyondTheRangeOfMoneyIsAnError()
    {
        StatisticsCollector collector(Money::fromInteger(100));
        for (int i = 1; i <= 3; ++i)
            collector.add(tradeOf(i, "50000000000"));
        const auto statistics = collector.result();
        QVERIFY(!statistics);
        QCOMPARE(statistics.error().code, ErrorCode::Overflow);
        QVERIFY2(statistics.error().text.contains(u"3 trades"_s), qPrintable(statistics.error().text));

        StatisticsCollector single(Money::fromInteger(100));
        single.add(tradeOf(1, "90000000000", "-90000000000"));
        QCOMPARE(single.result().error().code, ErrorCode::Overflow);
    }

    void aDayOfGainAndADayOfLossInTurn()
    {
        // 100 → 125 → 100 …: returns +0.25 and −0.2 in turn, 30 of them. Mean 0.025, each 0.225 away from it, so the
        // sample deviation is 0.225 × √(30 ÷ 29) = 0.2288463 and Sharpe 0.025 ÷ 0.2288463 × √365 = 2.0870775.
        // Downside: √(15 × 0.04 ÷ 30) = 0.1414214, Sortino 0.025 ÷ 0.1414214 × √365 = 3.3773140.
        std::vector<int> closes;
        for (int i = 0; i < 15; ++i)
            closes.insert(closes.end(), {125, 100});
        const Statistics statistics = of({}, daily(closes));
        QCOMPARE(statistics.days, 30);
        QVERIFY(isClose(statistics.sharpe, 0.025 / (0.225 * std::sqrt(30.0 / 29)) * std::sqrt(365.0)));
        QVERIFY(std::abs(*statistics.sharpe - 2.0870775) < 1e-4);
        QVERIFY(std::abs(*statistics.sortino - 3.3773140) < 1e-4);
        QVERIFY(isClose(statistics.yearlyReturn, 0));
        QVERIFY(isClose(statistics.calmar, 0));
    }

    void calmarSetsTheYearAgainstTheDeepestFall()
    {
        // 100 → 125 → 100 (−20 %) … → 110 after 30 days: 1.1 ^ (365 ÷ 30) − 1 = 2.1887 a year, ÷ 0.2 = 10.943.
        std::vector<int> closes(30, 100);
        closes.front() = 125;
        closes.back() = 110;
        const Statistics statistics = of({}, daily(closes));
        QVERIFY(std::abs(*statistics.yearlyReturn - 2.1887) < 1e-3);
        QVERIFY(std::abs(*statistics.calmar - 10.943) < 5e-3);
    }

    void ratiosAreUnknownBeforeThirtyDays()
    {
        std::vector<int> closes;
        for (int i = 0; i < 29; ++i)
            closes.push_back(i % 2 == 0 ? 125 : 100);
        const Statistics early = of({}, daily(closes));
        QCOMPARE(early.days, 29);
        QVERIFY(!early.sharpe && !early.sortino && !early.yearlyReturn && !early.calmar);
        closes.push_back(125);
        const Statistics later = of({}, daily(closes));
        QVERIFY(later.sharpe && later.sortino && later.yearlyReturn && later.calmar);
    }

    void ratiosAreUnknownWhereNothingVaries()
    {
        const Statistics flat = of({}, daily(std::vector<int>(40, 100)));
        QVERIFY(!flat.sharpe && !flat.sortino && !flat.calmar);
        QVERIFY(isClose(flat.yearlyReturn, 0));
        QCOMPARE(flat.deepestDrawdown->amount, Money());
        std::vector<int> rising;
        for (int i = 0; i < 40; ++i)
            rising.push_back(101 + i);
        const Statistics risen = of({}, daily(rising));
        QVERIFY(risen.sharpe && !risen.sortino && !risen.calmar);
    }

    void daysWithoutASampleRest()
    {
        // One day +10 %, 58 days without a sample, one day −10 %: 60 returns of which two differ from 0.
        const Statistics statistics =
                of({}, {{dayOne, money("110")}, {dayOne + 59 * day, money("99")}, {dayOne + 60 * day, money("99")}});
        QCOMPARE(statistics.days, 60);
        QVERIFY(statistics.sharpe && std::abs(*statistics.sharpe) < 1e-9);
        QVERIFY(isClose(statistics.sortino, 0));
    }

    void aDayBelongsToTheLastSampleBeforeMidnight()
    {
        DailyReturns returns(money("100"));
        returns.add({dayOne, money("90")});
        returns.add({dayOne + day - 1ms, money("120")});
        QCOMPARE(returns.days(), 0);
        returns.add({dayOne + day, money("60")}); // already of the next day
        QCOMPARE(returns.days(), 1);
    }

    void anAccountThatIsBrokeHasNoRatios()
    {
        std::vector<int> closes(40, 100);
        closes[10] = 0;
        const Statistics statistics = of({}, daily(closes));
        QVERIFY(!statistics.sharpe && !statistics.sortino && !statistics.yearlyReturn && !statistics.calmar);
        QVERIFY(isClose(statistics.deepestDrawdownPercent->percent, 100));
    }

    void drawdownsHaveDates()
    {
        // Hour:          0      1      2     3      4      5      6       7
        const auto curve = hourly({"100", "120", "96", "110", "120", "300", "260", "270"});
        const Statistics statistics = of({}, curve);
        const EquityDrawdown &inMoney = *statistics.deepestDrawdown; // 300 − 260, 13.3 %, not recovered
        QCOMPARE(inMoney.amount, money("40"));
        QVERIFY(isClose(inMoney.percent, 40.0 / 3));
        QVERIFY(inMoney.peak == curve[5] && inMoney.trough == curve[6] && !inMoney.recovered);
        const EquityDrawdown &inPercent = *statistics.deepestDrawdownPercent; // 120 − 96, 20 %, recovered at 4 h
        QCOMPARE(inPercent.amount, money("24"));
        QVERIFY(isClose(inPercent.percent, 20));
        QVERIFY(inPercent.peak == curve[1] && inPercent.trough == curve[2]);
        QVERIFY(inPercent.recovered == curve[4].time);
        const EquityDrawdown &current = *statistics.currentDrawdown;
        QCOMPARE(current.amount, money("30"));
        QVERIFY(current.peak == curve[5] && current.trough == curve[7]);
    }

    void theInitialBalanceIsTheFirstPeak()
    {
        const Statistics statistics = of({}, hourly({"90", "95"}));
        QCOMPARE(statistics.deepestDrawdown->amount, money("10"));
        QCOMPARE(statistics.currentDrawdown->amount, money("5"));
    }

    void whatIsUnknownIsNullInJson()
    {
        JsonWriter writer;
        writer.beginObject();
        writeFields(writer, of({tradeOf(7, "2.50", "0.1")}, hourly({"100", "98", "102.4"})));
        writer.endObject();
        QCOMPARE(writer.take(),
                 R"({"trades":1,"wins":1,"losses":0,"gross":2.5,"fees":0.1,"funding":0,"net":2.4,"win_rate":1,)"
                 R"("profit_factor":null,"expectancy":2.4,"average_win":2.4,"average_loss":null,)"
                 R"("average_duration_s":3600,"longest_winning_streak":1,"longest_losing_streak":0,)"
                 R"("best":{"trade_id":7,"exit_time":"2026-11-20T01:00:00.000Z","net":2.4},)"
                 R"("worst":{"trade_id":7,"exit_time":"2026-11-20T01:00:00.000Z","net":2.4},)"
                 R"("initial_balance":100,"equity":102.4,"days":0,"sharpe":null,"sortino":null,)"
                 R"("yearly_return":null,"calmar":null,)"
                 R"("max_drawdown":{"amount":2,"percent":2.0000000000000018,"peak":100,)"
                 R"("peak_at":"2026-11-20T00:00:00.000Z","trough":98,"trough_at":"2026-11-20T01:00:00.000Z",)"
                 R"("recovered_at":"2026-11-20T02:00:00.000Z"},)"
                 R"("max_relative_drawdown":{"amount":2,"percent":2.0000000000000018,"peak":100,)"
                 R"("peak_at":"2026-11-20T00:00:00.000Z","trough":98,"trough_at":"2026-11-20T01:00:00.000Z",)"
                 R"("recovered_at":"2026-11-20T02:00:00.000Z"},)"
                 R"("current_drawdown":{"amount":0,"percent":0,"peak":102.4,"peak_at":null,"trough":102.4,)"
                 R"("trough_at":null,"recovered_at":null},)"
                 R"("by_symbol":[{"symbol":"BTCUSDT","trades":1,"wins":1,"losses":0,"gross":2.5,"fees":0.1,)"
                 R"("funding":0,"net":2.4}],"by_exit_reason":[{"exit_reason":"exit","trades":1,"wins":1,)"
                 R"("losses":0,"gross":2.5,"fees":0.1,"funding":0,"net":2.4}],)"
                 R"("by_day":[{"day":"2026-11-20","trades":1,"wins":1,"losses":0,"gross":2.5,"fees":0.1,)"
                 R"("funding":0,"net":2.4}]})");
    }

    void groupsSumUpToTheTotal()
    {
        QVERIFY(rc::check("each grouping holds every trade once", [] {
            const Statistics statistics = of(*someTrades());
            RC_ASSERT(sumOf(statistics.bySymbol) == statistics.total);
            RC_ASSERT(sumOf(statistics.byExitReason) == statistics.total);
            RC_ASSERT(sumOf(statistics.byDay) == statistics.total);
        }));
    }

    void onlyStreaksDependOnTheOrder()
    {
        QVERIFY(rc::check("all else is the same for shuffled trades", [] {
            std::vector<Trade> trades = *someTrades();
            const Statistics before = of(trades);
            for (std::size_t i = trades.size(); i > 1; --i)
                std::swap(trades[i - 1], trades[*rc::gen::inRange<std::size_t>(0, i)]);
            const Statistics after = of(trades);
            RC_ASSERT(before.total == after.total);
            RC_ASSERT((before.profitFactor == after.profitFactor && before.expectancy == after.expectancy));
            RC_ASSERT((before.averageWin == after.averageWin && before.averageLoss == after.averageLoss));
            RC_ASSERT(before.averageDuration == after.averageDuration);
            RC_ASSERT(before.best.has_value() == after.best.has_value());
            RC_ASSERT((!before.best || before.best->net == after.best->net));
            RC_ASSERT((!before.worst || before.worst->net == after.worst->net));
            RC_ASSERT((before.bySymbol == after.bySymbol && before.byDay == after.byDay
                       && before.byExitReason == after.byExitReason));
        }));
    }

    void theDeepestDrawdownIsThatOfAllPairs()
    {
        QVERIFY(rc::check("against looking at every pair of samples", [] {
            const auto curve = *someCurve();
            DrawdownTracker tracker;
            Money deepest;
            for (std::size_t i = 0; i < curve.size(); ++i) {
                tracker.add(curve[i]);
                for (std::size_t j = 0; j < i; ++j)
                    deepest = std::max(deepest, (curve[j].equity - curve[i].equity).value().value());
            }
            RC_ASSERT((tracker.deepest() ? tracker.deepest()->amount : Money()) == deepest);
            RC_ASSERT((!tracker.current() || tracker.current()->amount <= deepest));
            if (tracker.deepest() && tracker.deepest()->recovered) {
                const EquityDrawdown &drawdown = *tracker.deepest();
                for (const EquityPoint &point :
                     curve) { // the peak's date is its first; it may be touched before the fall
                    if (point.time > drawdown.peak.time && point.time < drawdown.trough.time)
                        RC_ASSERT(point.equity <= drawdown.peak.equity);
                    else if (point.time >= drawdown.trough.time && point.time < *drawdown.recovered)
                        RC_ASSERT(point.equity < drawdown.peak.equity);
                }
            }
        }));
    }

    void extremesStandInForSamples()
    {
        std::size_t skipped = 0;
        QVERIFY(rc::check("hours that need no samples lose nothing", [&skipped] {
            const auto curve = *someCurve();
            DrawdownTracker whole;
            for (const EquityPoint &point : curve)
                whole.add(point);
            const DrawdownTracker byHours = trackedByHours(curve, skipped);
            RC_ASSERT(byHours.deepest() == whole.deepest());
            RC_ASSERT(byHours.deepestPercent() == whole.deepestPercent());
            RC_ASSERT(byHours.current() == whole.current());
        }));
        QVERIFY(skipped > 0);
    }

    void aMillionTradesGoThrough()
    {
        StatisticsCollector collector(Money::fromInteger(100));
        Trade trade = tradeOf(1, "0.00000003", "0.00000001");
        for (int i = 1; i <= 1'000'000; ++i) {
            trade.id = TradeId(i);
            trade.exitTime = dayOne + std::chrono::minutes(i);
            collector.add(trade);
        }
        const auto statistics = collector.result();
        QVERIFY(statistics);
        QCOMPARE(statistics->total.net, money("0.02"));
        QCOMPARE(statistics->longestWinningStreak, 1'000'000);
        QCOMPARE(statistics->byDay.size(), 695U); // 1,000,000 ÷ 1,440 and a part
    }
};

QTEST_GUILESS_MAIN(StatisticsTest)
#include "tst_statistics.moc"
