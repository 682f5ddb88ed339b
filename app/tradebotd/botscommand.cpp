// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tradebotd/commands.h"
#include "app/tradebotd/runninginstance.h"
#include "core/domain/configjson.h"
#include "core/engine/enginehost.h"
#include "core/engine/nullmarketdata.h"
#include "core/storage/datafolder.h"
#include "core/storage/sqlhistory.h"
#include "core/storage/store.h"
#include "core/storage/users.h"
#include "core/strategy/registry.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// Bots can be made and told what to do; they begin when the program runs.
class OfflineMarketData final : public NullMarketData
{
public:
    explicit OfflineMarketData(const Clock &clock) : m_clock(clock) { }

    [[nodiscard]] Timestamp now() const override { return m_clock.now(); }
    [[nodiscard]] QString description() const override { return u"none"_s; }

private:
    const Clock &m_clock;
};

QString line(const BotRecord &bot)
{
    return u"%1\t%2\t%3\t%4\t%5\t%6\n"_s.arg(QString::number(bot.id.value()), bot.config.name,
                                             bot.config.symbol.value(), QString(toName(bot.config.mode)),
                                             bot.config.strategy, statusText(bot.state.status, bot.state.errorKind));
}

Result<std::vector<BotRecord>> readBots(const QString &dataDir)
{
    const QString path = databasePath(dataDir);
    if (!QFileInfo::exists(path))
        return fail(ErrorCode::NotFound, u"there is no database %1"_s.arg(path));
    return SqlHistory(path).bots();
}

int list(const QString &dataDir)
{
    const auto bots = readBots(dataDir);
    if (!bots)
        return complain(bots.error());
    QString lines;
    for (const BotRecord &bot : *bots)
        lines += line(bot);
    return print(lines);
}

/// What has become of a bot: its line of the list. A command is answered only after its facts are in the database.
int report(const QString &dataDir, const Result<BotId> &changed)
{
    if (!changed)
        return complain(changed.error());
    const auto bots = readBots(dataDir);
    if (!bots)
        return complain(bots.error());
    const auto bot = std::ranges::find(*bots, *changed, &BotRecord::id);
    if (bot == bots->end())
        return complain({ErrorCode::NotFound, u"bot %1 has been deleted"_s.arg(changed->value()), {}});
    return print(line(*bot));
}

/// Runs one command on a data folder that no program holds.
Result<BotId> runOffline(const QString &dataDir, Command command)
{
    const SystemClock clock;
    auto store = Store::open(dataDir, clock);
    if (!store)
        return fail(store.error());
    if (auto *create = std::get_if<CreateBot>(&command)) {
        const auto owner = ownerOf(dataDir);
        if (!owner)
            return fail(owner.error());
        create->owner = owner->id;
    }
    Result<BotId> answer = fail(ErrorCode::Internal, u"the engine did not answer"_s);
    EngineOptions options;
    options.resumesWork = false;
    ThreadOwner<EngineHost> engine(u"engine"_s, std::make_unique<EngineHost>(
                                                        options,
                                                        [&clock]() -> Result<std::unique_ptr<MarketData>> {
                                                            return std::make_unique<OfflineMarketData>(clock);
                                                        },
                                                        **store, clock));
    engine.start();
    engine.post([recovered = (*store)->recovered()](EngineHost &host) { host.start(recovered); });
    engine.host()->submit(std::move(command), QCoreApplication::instance(),
                          [&answer](const Result<BotSnapshot> &result) {
                              answer = result.map([](const BotSnapshot &bot) { return bot.id; });
                              QCoreApplication::quit();
                          });
    QCoreApplication::exec();
    engine.stop();
    return answer;
}

Result<BotId> parseId(const QString &text)
{
    bool isNumber = false;
    const BotId id(text.toLongLong(&isNumber));
    if (!isNumber || id.value() < 1)
        return fail(ErrorCode::InvalidInput, u"\"%1\" is not the number of a bot"_s.arg(text));
    return id;
}

/// The number of a bot that the program has just made.
Result<BotId> idOf(const QByteArray &answer)
{
    const auto json = JsonValue::parse(answer);
    const JsonValue *const id = json ? json->find(u"id") : nullptr;
    const auto number = id != nullptr ? id->integer() : std::nullopt;
    if (!number)
        return fail(ErrorCode::Internal, u"the program did not say which bot it made"_s);
    return BotId(*number);
}

Result<BotId> addOffline(const QString &dataDir, const QByteArray &text)
{
    const auto config = JsonValue::parse(text).and_then(
            [](const JsonValue &json) { return botConfigFromJson(json, builtInStrategies()); });
    return config ? runOffline(dataDir, CreateBot{UserId(), *config}) : fail(config.error());
}

int add(const QString &dataDir, const QString &configPath)
{
    const auto text = readFile(configPath);
    if (!text)
        return complain(text.error());
    const auto running = RunningInstance::find(dataDir);
    if (running && !*running)
        return complain(running->error());
    auto added = running ? (*running)->post(u"api/v1/bots"_s, *text).and_then(idOf) : addOffline(dataDir, *text);
    const ErrorCode code = added ? ErrorCode::Internal : added.error().code;
    if (code == ErrorCode::Malformed || code == ErrorCode::InvalidInput) // it is the file that is wrong
        added = fail(code, configPath + u": "_s + added.error().text);
    return report(dataDir, added);
}

int act(const QString &dataDir, BotId bot, bool isStart)
{
    if (const auto running = RunningInstance::find(dataDir)) {
        if (!*running)
            return complain(running->error());
        const QString path = u"api/v1/bots/%1/%2"_s.arg(bot.value()).arg(isStart ? u"start"_s : u"stop"_s);
        return report(dataDir, (*running)->post(path, "{}").map([bot](const QByteArray &) { return bot; }));
    }
    if (isStart)
        return report(dataDir, runOffline(dataDir, StartBot{bot}));
    return report(dataDir, runOffline(dataDir, StopBot{bot, StopPolicy::LeavePosition}));
}

/// Pulls the kill switch of the program that runs; prints each order that was open, and what it has come to.
int kill(const QString &dataDir, KillLevel level, std::optional<BotId> bot)
{
    const auto running = RunningInstance::find(dataDir);
    if (!running)
        return complain({ErrorCode::Conflict, u"no program runs on %1, so nothing is traded"_s.arg(dataDir), {}});
    if (!*running)
        return complain(running->error());
    JsonWriter body;
    body.beginObject().key("scope"_L1).value(toName(bot ? KillScope::Bot : KillScope::Everything));
    if (bot)
        body.key("bot_id"_L1).value(bot->value());
    body.key("level"_L1).value(toName(level)).endObject();
    const auto answer = (*running)->post(u"api/v1/kill-switch"_s, body.take()).and_then(&JsonValue::parse);
    if (!answer)
        return complain(answer.error());
    const JsonValue *const orders = answer->find(u"orders");
    const auto *const list = orders != nullptr ? orders->array() : nullptr;
    QString lines;
    for (const JsonValue &order : list != nullptr ? *list : JsonValue::Array()) {
        const auto text = [&order](QStringView name) {
            const JsonValue *const value = order.find(name);
            return value != nullptr && value->string() != nullptr ? *value->string() : QString();
        };
        lines += u"%1\t%2\t%3\t%4\n"_s.arg(text(u"client_id"), text(u"symbol"), text(u"state"), text(u"reason"));
    }
    return print(lines);
}

} // namespace

int runBots(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOptions({dataDirOption(), {u"config"_s, u"The bot to add."_s, u"BOT.json"_s}});
    parser.addPositionalArgument(
            u"ACTION"_s,
            u"list, add --config BOT.json, start ID, stop ID, or kill LEVEL [ID] with pause_entries, cancel_orders or flatten."_s);
    if (const auto code = parseCommand(parser, arguments,
                                       u"Works on the bots of a data folder, or of the program that runs on it."_s, 3))
        return *code;
    const QStringList words = parser.positionalArguments();
    const QString action = words.value(0);
    const QString dataDir = dataDirOf(parser);
    if (action == "list"_L1 && words.size() == 1)
        return list(dataDir);
    if (action == "add"_L1 && words.size() == 1 && parser.isSet(u"config"_s))
        return add(dataDir, parser.value(u"config"_s));
    if ((action == "start"_L1 || action == "stop"_L1) && words.size() == 2) {
        const auto bot = parseId(words[1]);
        if (!bot)
            return complainUsage(bot.error().text, arguments.constFirst());
        return act(dataDir, *bot, action == "start"_L1);
    }
    if (action == "kill"_L1 && (words.size() == 2 || words.size() == 3)) {
        const auto level = fromName<KillLevel>(words[1]);
        if (!level)
            return complainUsage(u"bots kill wants pause_entries, cancel_orders or flatten"_s, arguments.constFirst());
        if (words.size() == 2)
            return kill(dataDir, *level, std::nullopt);
        const auto bot = parseId(words[2]);
        return bot ? kill(dataDir, *level, *bot) : complainUsage(bot.error().text, arguments.constFirst());
    }
    return complainUsage(u"bots wants list, add --config BOT.json, start ID, stop ID or kill LEVEL [ID]"_s,
                         arguments.constFirst());
}

} // namespace tradebot
