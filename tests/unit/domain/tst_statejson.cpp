// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/statejson.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

Result<BotState> read(const QByteArray &text)
{
    return JsonValue::parse(text).and_then([](const JsonValue &json) { return botStateFromJson(json); });
}

} // namespace

class TestStateJson final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyStateReadsBack();
    void aNewStateReadsBack();
    void eachFieldIsNecessary();
    void anUnknownFieldIsRefused();
    void aBrokenOrderIsNamedByItsPlace();
};

void TestStateJson::everyStateReadsBack()
{
    QVERIFY(rc::check("write and read", [] {
        const auto state = *gen::state();
        const auto again = read(toJson(state));
        RC_ASSERT(again.has_value());
        RC_ASSERT(*again == state);
        RC_ASSERT(toJson(*again) == toJson(state));
    }));
}

void TestStateJson::aNewStateReadsBack()
{
    const auto again = read(toJson(BotState()));
    QVERIFY2(again, problemOf(again).constData());
    QVERIFY(*again == BotState());
}

void TestStateJson::eachFieldIsNecessary()
{
    const auto whole = JsonValue::parse(toJson(BotState())).value();
    for (std::size_t left = 0; left < whole.object()->size(); ++left) {
        JsonValue::Object members = *whole.object();
        const QString name = members[left].first;
        members.erase(members.begin() + static_cast<std::ptrdiff_t>(left));
        const auto state = botStateFromJson(JsonValue(std::move(members)));
        QVERIFY2(!state, qPrintable(name));
        QVERIFY((state.error().fields == QList<FieldError>{{name, u"is missing"_s}}));
    }
}

void TestStateJson::anUnknownFieldIsRefused()
{
    JsonValue::Object members = *JsonValue::parse(toJson(BotState())).value().object();
    members.emplace_back(u"mood"_s, JsonValue(true));
    const auto state = botStateFromJson(JsonValue(std::move(members)));
    QVERIFY(!state);
    QCOMPARE(state.error().text, u"the bot's state cannot be read: mood is not a known field"_s);
}

void TestStateJson::aBrokenOrderIsNamedByItsPlace()
{
    BotState state;
    state.openOrders.resize(2);
    for (Order &order : state.openOrders)
        order.id = {BotId(1), EventSequence(2)};
    QByteArray text = toJson(state);
    const qsizetype second = text.lastIndexOf("\"side\":\"buy\"");
    const auto again = read(text.replace(second, 12, "\"side\":\"bye\""));
    QVERIFY(!again);
    QCOMPARE(again.error().fields.value(0).field, u"open_orders[1].side"_s);
}

QTEST_APPLESS_MAIN(TestStateJson)
#include "tst_statejson.moc"
