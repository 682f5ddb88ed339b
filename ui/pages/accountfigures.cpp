// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/accountfigures.h"

#include "ui/format/moneyformat.h"
#include "ui/format/words.h"

#include <QCoreApplication>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// The texts of this file, where a translator finds them.
struct FigureText final
{
    Q_DECLARE_TR_FUNCTIONS(Overview)
};

int signOf(const std::optional<Money> &amount, const MoneyFormat &format)
{
    const std::int64_t raw = amount ? format.rounded(*amount).raw() : 0;
    return raw > 0 ? 1 : raw < 0 ? -1 : 0;
}

/// Where there is little room: whole units, or the half of the decimals of a coin.
int wholeDecimals(const QString &currency)
{
    const int decimals = decimalsOf(currency);
    return decimals <= 2 ? 0 : decimals / 2;
}

std::optional<Decimal> percentOfWhole(Money part, Money whole)
{
    if (!whole.isPositive())
        return std::nullopt;
    return proportion(Decimal::fromInteger(100), part, whole, Rounding::HalfEven).value();
}

KpiFigure unknown(const QString &label, const QString &detail, const QString &reason)
{
    return {label, u"—"_s, {}, detail, reason, {}, false};
}

KpiFigure tooFew(const QString &label, qint64 trades)
{
    return {label,
            FigureText::tr("not enough trades"),
            {},
            FigureText::tr("%1 of %2").arg(trades).arg(TradeStatistics::enough),
            FigureText::tr("Fewer than %1 trades say nothing about a rate.").arg(TradeStatistics::enough),
            {},
            false};
}

/// "14:32" today, "19 Nov" on another day.
QString shortWhen(Timestamp when, const TimeFormat &time)
{
    const QString stamp = time.stamp(when);
    return stamp.contains(u' ') ? stamp.section(u' ', 0, 1) : stamp.left(5);
}

KpiFigure equityFigure(const AccountFigures &account, const QString &currency)
{
    const QString label =
            FigureText::tr("Equity, ")
            + counted(account.bots, FigureText::tr("%1 %2 bot"), FigureText::tr("%1 %2 bots")).arg(currency);
    const auto initial = account.initial.value();
    if (!account.equity || !initial)
        return unknown(label, {}, account.unknownReason);
    const QString detail = FigureText::tr("from %1").arg(plainText(Decimal::fromRaw(initial->raw())));
    KpiFigure figure{label, formatOf(currency).text(*account.equity), currency, detail, {}, {}};
    figure.shortValue = MoneyFormat{wholeDecimals(currency)}.text(*account.equity);
    const auto gain = (*account.equity - *initial).value();
    if (const auto percent = gain ? percentOfWhole(*gain, *initial) : std::nullopt) {
        figure.detail += u", "_s + percentText(*percent);
        figure.shortDetail = percentText(*percent);
    }
    return figure;
}

KpiFigure winRateFigure(const QString &span, const std::optional<TradeStatistics> &statistics)
{
    const QString label = FigureText::tr("Win rate, %1").arg(span);
    if (!statistics)
        return unknown(label, {}, FigureText::tr("The trades are being read."));
    if (statistics->trades < TradeStatistics::enough)
        return tooFew(label, statistics->trades);
    const double rate = 100.0 * static_cast<double>(statistics->wins) / static_cast<double>(statistics->trades);
    return {label,  QString::number(rate, 'f', 1),
            u"%"_s, FigureText::tr("%1 of %2 trades").arg(statistics->wins).arg(statistics->trades),
            {},     {}};
}

KpiFigure profitFactorFigure(const QString &span, const QString &currency,
                             const std::optional<TradeStatistics> &statistics)
{
    const QString label = FigureText::tr("Profit factor, %1").arg(span);
    if (!statistics)
        return unknown(label, {}, FigureText::tr("The trades are being read."));
    const auto won = statistics->won.value();
    const auto lost = statistics->lost.value();
    if (statistics->trades < TradeStatistics::enough)
        return tooFew(label, statistics->trades);
    if (!won || !lost || lost->isZero())
        return unknown(label, FigureText::tr("no losing trade"),
                       FigureText::tr("It is what was won divided by what was lost."));
    const auto factor = ratio(*won, *lost, Rounding::HalfEven).value();
    return {label, MoneyFormat().text(factor),
            {},    u"%1 / %2"_s.arg(formatOf(currency).text(*won), formatOf(currency).text(*lost)),
            {},    {}};
}

QString percentOf(double percent)
{
    const double shown = percent > -0.005 ? 0.0 : percent;
    return (shown < 0 ? QString(QChar(0x2212)) : QString()) + QString::number(-shown, 'f', 2);
}

std::pair<KpiFigure, KpiFigure> drawdownFigures(const QString &span, const QString &currency,
                                                const std::optional<DrawdownFigures> &drawdown, const TimeFormat &time)
{
    const QString largest = FigureText::tr("Max drawdown, %1").arg(span);
    const QString current = FigureText::tr("Drawdown now");
    if (!drawdown) {
        const QString reason = FigureText::tr("There is no equity curve yet.");
        return {unknown(largest, {}, reason), unknown(current, {}, reason)};
    }
    const MoneyFormat format = formatOf(currency);
    const auto figure = [&](const QString &label, const Drawdown &down, const QString &when) {
        if (down.amount.isZero())
            return KpiFigure{label, percentOf(down.percent), u"%"_s, FigureText::tr("at its peak"), {}, {}};
        KpiFigure known{label,
                        percentOf(down.percent),
                        u"%"_s,
                        u"%1, %2"_s.arg(format.text(down.amount), when),
                        FigureText::tr("%1, from %2 to %3")
                                .arg(format.text(down.amount), time.dateAndTime(down.peakTime),
                                     time.dateAndTime(down.troughTime)),
                        {}};
        known.shortDetail = u"%1, %2"_s.arg(MoneyFormat{wholeDecimals(currency)}.text(down.amount), when);
        return known;
    };
    return {figure(largest, drawdown->largest, shortWhen(drawdown->largest.troughTime, time)),
            figure(current, drawdown->current,
                   FigureText::tr("since %1").arg(shortWhen(drawdown->current.peakTime, time)))};
}

} // namespace

void TradeStatistics::add(const Trade &trade)
{
    const Money net = trade.net();
    ++trades;
    if (net.isPositive()) {
        ++wins;
        won += net;
    } else {
        lost += -net;
    }
}

AccountFigures figuresOf(const std::map<BotId, SnapshotPointer> &bots, const AccountKey &account)
{
    AccountFigures figures;
    Checked<Money> equity{Money()};
    Checked<Money> unrealised{Money()};
    bool isKnown = true;
    for (const auto &[id, bot] : bots) {
        if (accountOf(*bot) != account)
            continue;
        ++figures.bots;
        figures.running += bot->state.status == BotStatus::Running ? 1 : 0;
        figures.positions += bot->state.position.isOpen() ? 1 : 0;
        figures.initial += bot->config->initialBalance;
        figures.today += bot->state.today.net();
        figures.day = std::max(figures.day, Timestamp(bot->state.day));
        const auto worth = worthOf(*bot);
        if (!worth) {
            isKnown = false;
            figures.unknownReason =
                    (bot->state.position.isOpen() ? FigureText::tr("The price of %1 is not known yet.")
                                                  : FigureText::tr("%1 has not been connected to its exchange yet."))
                            .arg(bot->config->name);
            continue;
        }
        equity += *worth;
        if (bot->unrealised)
            unrealised += *bot->unrealised;
    }
    if (isKnown) {
        figures.equity = equity.value();
        figures.unrealised = unrealised.value();
    }
    return figures;
}

std::vector<KpiFigure> kpiFigures(const AccountFigures &account, const QString &currency, const QString &span,
                                  const std::optional<TradeStatistics> &statistics,
                                  const std::optional<DrawdownFigures> &drawdown, const TimeFormat &time)
{
    const MoneyFormat format = formatOf(currency, Sign::Always);
    const MoneyFormat shortFormat{wholeDecimals(currency), Sign::Always};
    const auto today = account.today.value();
    const auto [largest, current] = drawdownFigures(span, currency, drawdown, time);
    const QString positions =
            counted(account.positions, FigureText::tr("%1 open position"), FigureText::tr("%1 open positions"));
    return {equityFigure(account, currency),
            {FigureText::tr("Today, realised, net"),
             format.text(today),
             {},
             FigureText::tr("since %1 %2").arg(shortWhen(account.day, time), time.zone()),
             {},
             signOf(today, format),
             true,
             shortFormat.text(today)},
            account.unrealised ? KpiFigure{FigureText::tr("Unrealised"),
                                           format.text(*account.unrealised),
                                           {},
                                           positions,
                                           {},
                                           signOf(account.unrealised, format),
                                           true,
                                           shortFormat.text(*account.unrealised)}
                               : unknown(FigureText::tr("Unrealised"), positions, account.unknownReason),
            winRateFigure(span, statistics),
            profitFactorFigure(span, currency, statistics),
            largest,
            current};
}

} // namespace tradebot
