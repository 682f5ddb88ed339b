// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/botrow.h"

#include "ui/format/moneyformat.h"
#include "ui/format/words.h"

#include <QCoreApplication>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

struct BotRowText
{
    Q_DECLARE_TR_FUNCTIONS(BotRowText)
};

QString sideText(const BotRow &row)
{
    return row.side == PositionSide::Flat ? u"flat"_s : toName(row.side) + u' ' + row.size;
}

} // namespace

QString exchangeText(Exchange exchange)
{
    return exchange == Exchange::Paper ? u"Paper"_s : u"Binance"_s;
}

QString AccountKey::text() const
{
    return exchangeText(exchange) + u", "_s + currency;
}

QString AccountKey::signedText(const std::optional<Money> &amount) const
{
    return formatOf(currency, Sign::Always).text(amount);
}

AccountKey accountOf(const BotSnapshot &bot)
{
    return {bot.config->mode, bot.config->exchange, bot.instrument.quote};
}

std::optional<Money> worthOf(const BotSnapshot &bot)
{
    if (bot.config->exchange != Exchange::Paper && !bot.markPrice)
        return std::nullopt;
    if (bot.equity || bot.state.position.isOpen())
        return bot.equity;
    return bot.state.balance; // a flat bot needs no price
}

BotRow toRow(const BotSnapshot &bot)
{
    BotRow row;
    row.id = bot.id;
    row.name = bot.config->name;
    row.account = accountOf(bot);
    row.symbol = bot.config->symbol.value();
    row.strategy = bot.config->strategy;
    row.state = shownState(bot.state);
    row.reason = stateReason(bot.state);
    row.lastError = bot.state.lastError;
    row.side = bot.state.position.side;
    if (bot.state.position.isOpen()) {
        row.size = quantityText(bot.state.position.quantity, bot.instrument);
        row.unrealised = bot.unrealised;
    }
    row.today = bot.state.today.net();
    row.tradesToday = bot.state.today.trades;
    row.isActive = isActive(bot.state.status);
    if (bot.markPrice)
        row.priceReceivedAt = bot.priceReceivedAt;
    return row;
}

QString spokenText(const BotRow &row)
{
    QStringList parts{row.name, modeWord(row.account.mode).toLower(),
                      row.workingWord.isEmpty() ? stateWord(row.state).toLower() : row.workingWord, row.symbol,
                      sideText(row)};
    if (!row.reason.isEmpty())
        parts.insert(3, row.reason);
    const auto spoken = [&row](Money amount) {
        QString text = row.account.signedText(amount);
        text.replace(u'\u2212', u"minus "_s).replace(u'+', u"plus "_s);
        return text + u' ' + row.account.currency;
    };
    if (row.unrealised)
        parts += BotRowText::tr("unrealised %1").arg(spoken(*row.unrealised));
    parts += BotRowText::tr("today %1").arg(spoken(row.today));
    parts += counted(row.tradesToday, BotRowText::tr("%1 trade today"), BotRowText::tr("%1 trades today"));
    return parts.join(u", "_s);
}

} // namespace tradebot
