// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/enumnames.h"

#include <QString>
#include <QTest>

#include <optional>
#include <set>
#include <vector>

/// What the tests of the two transition tables share.
namespace transitions {

template<class State>
[[nodiscard]] QString nameOf(std::optional<State> state)
{
    return state ? QString(tradebot::toName(*state)) : QStringLiteral("-");
}

/// Reads a table of names (a line of triggers, then a line for each state) into rows from, trigger, to; returns how
/// many. Every state and every trigger must stand in it.
template<class State, class Trigger>
int addRows(const char *table)
{
    QTest::addColumn<State>("from");
    QTest::addColumn<Trigger>("trigger");
    QTest::addColumn<QString>("to");
    QStringList lines = QString::fromLatin1(table).split(u'\n', Qt::SkipEmptyParts);
    const QStringList triggers = lines.takeFirst().simplified().split(u' ');
    std::set<State> states;
    int rows = 0;
    for (const QString &line : lines) {
        const QStringList cells = line.simplified().split(u' ');
        const auto from = tradebot::fromName<State>(cells.value(0));
        if (!from || cells.size() != triggers.size() + 1)
            qFatal("\"%s\" is not a row of the table", qPrintable(line));
        states.insert(*from);
        for (qsizetype i = 0; i < triggers.size(); ++i) {
            const auto trigger = tradebot::fromName<Trigger>(triggers[i]);
            if (!trigger)
                qFatal("\"%s\" is not a trigger", qPrintable(triggers[i]));
            QTest::addRow("%s, %s", qPrintable(cells[0]), qPrintable(triggers[i])) << *from << *trigger << cells[i + 1];
            ++rows;
        }
    }
    return states.size() == std::size(tradebot::EnumNames<State>::table) ? rows : 0;
}

template<class Table>
[[nodiscard]] bool areUnique(const Table &table)
{
    std::set<std::pair<int, int>> pairs;
    for (const auto &transition : table)
        pairs.emplace(static_cast<int>(transition.from), static_cast<int>(transition.trigger));
    return pairs.size() == table.size();
}

/// All states that some sequence of triggers leads to, the first one included.
template<class State, class Trigger, class Next>
[[nodiscard]] std::set<State> reachableFrom(State first, Next next)
{
    std::set<State> reached{first};
    std::vector<State> waiting{first};
    while (!waiting.empty()) {
        const State from = waiting.back();
        waiting.pop_back();
        for (const auto &entry : tradebot::EnumNames<Trigger>::table) {
            const auto to = next(from, entry.first);
            if (to && reached.insert(*to).second)
                waiting.push_back(*to);
        }
    }
    return reached;
}

} // namespace transitions
