// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/ledgeraudit.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

constexpr Timestamp noon = fromMilliseconds(1'795'176'000'000); // 2026-11-20T12:00:00Z

/// A bot's facts, added up and folded.
class Book final
{
public:
    explicit Book(Market market)
    {
        BotConfig config;
        config.market = market;
        config.initialBalance = Money::fromInteger(100);
        tell(BotCreated{UserId(1), config});
    }
    void tell(const EventPayload &payload)
    {
        sums.add(payload);
        const BotEvent event{EventSequence(++m_sequence), BotId(1), noon, noon, payload};
        QVERIFY(apply(state, event).has_value());
    }
    void fill(Side side, int quantity, int price, int fee = 0)
    {
        OrderFilled filled;
        filled.order.state = OrderState::Filled;
        filled.fill.side = side;
        filled.fill.quantity = Quantity::fromInteger(quantity);
        filled.fill.price = Price::fromInteger(price);
        filled.fill.fee = Money::fromInteger(fee);
        filled.realised = applyFill(state.position, filled.fill, noon).value().realised;
        tell(filled);
    }

    LedgerAudit sums;
    BotState state;

private:
    qint64 m_sequence = 0;
};

} // namespace

class TestLedgerAudit final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasFoldedAddsUp();
    void aBalanceThatIsNotTheSumIsSaid();
    void aPositionThatIsNotTheSumIsSaid();
    void aFuturesAccountThatOwesIsSaid();
};

void TestLedgerAudit::whatWasFoldedAddsUp()
{
    Book book(Market::UsdmFutures);
    book.fill(Side::Buy, 2, 10, 1);
    book.fill(Side::Sell, 5, 12, 1); // turned round
    QCOMPARE(book.sums.contradictions(book.state), QStringList());
    book.tell(MoneyMoved{LedgerKind::Adjustment, Money::fromInteger(7), {}, {}, {}, u"rest"_s, true});
    QCOMPARE(book.state.balance.toBytes(), "109");
    QCOMPARE(book.sums.contradictions(book.state), QStringList());
}

void TestLedgerAudit::aBalanceThatIsNotTheSumIsSaid()
{
    Book book(Market::Spot);
    book.fill(Side::Buy, 2, 10, 1);
    book.state.balance = Money::fromInteger(100);
    QCOMPARE(book.sums.contradictions(book.state),
             QStringList{u"its balance is 100, but start and ledger add up to 99"_s});
}

void TestLedgerAudit::aPositionThatIsNotTheSumIsSaid()
{
    Book book(Market::Spot);
    book.fill(Side::Buy, 2, 10);
    book.state.position.side = PositionSide::Short;
    QCOMPARE(book.sums.contradictions(book.state), QStringList{u"its position is -2, but its fills add up to 2"_s});
}

void TestLedgerAudit::aFuturesAccountThatOwesIsSaid()
{
    for (const Market market : {Market::Spot, Market::UsdmFutures}) {
        Book book(market);
        book.tell(MoneyMoved{LedgerKind::Funding, Money::fromInteger(-101), {}, {}, {}, {}, false});
        QCOMPARE(book.sums.contradictions(book.state).size(), market == Market::Spot ? 0 : 1);
    }
}

QTEST_APPLESS_MAIN(TestLedgerAudit)
#include "tst_ledgeraudit.moc"
