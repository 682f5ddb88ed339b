// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/router.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

class RouterTest final : public QObject
{
    Q_OBJECT

private:
    Router m_router;

private Q_SLOTS:
    void initTestCase()
    {
        const auto nothing = [](const Call &) {};
        m_router.add({{HttpMethod::Get, "/", Right::Public, nothing},
                      {HttpMethod::Get, "/bots", Right::Read, nothing},
                      {HttpMethod::Post, "/bots", Right::Write, nothing}});
        m_router.add({{HttpMethod::Get, "/bots/{id}/trades", Right::Read, nothing}});
    }

    void findsTheRow_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("root") << u"/"_s << QStringList();
        QTest::newRow("list") << u"/bots"_s << QStringList();
        QTest::newRow("escaped") << u"/b%6Fts"_s << QStringList();
        QTest::newRow("argument") << u"/bots/17/trades"_s << QStringList(u"17"_s);
        QTest::newRow("escaped argument") << u"/bots/a%2Fb%20c/trades"_s << QStringList(u"a/b c"_s);
        QTest::newRow("empty argument") << u"/bots//trades"_s << QStringList(QString());
    }
    void findsTheRow()
    {
        QFETCH(QString, path);
        const auto found = m_router.find(HttpMethod::Get, path);
        QVERIFY(std::holds_alternative<Router::Found>(found));
        QTEST(std::get<Router::Found>(found).arguments, "arguments");
        QVERIFY(std::holds_alternative<Router::Found>(m_router.find(HttpMethod::Head, path)));
    }

    void tellsUnknownPathsFromOtherMethods()
    {
        const auto status = [this](HttpMethod method, const QString &path) {
            const auto found = m_router.find(method, path);
            const auto *bad = std::get_if<HttpReply>(&found);
            return bad != nullptr ? bad->status : 200;
        };
        QCOMPARE(status(HttpMethod::Post, u"/bots"_s), 200);
        QCOMPARE(status(HttpMethod::Delete, u"/bots"_s), 405);
        QCOMPARE(status(HttpMethod::Head, u"/bots/1/trades"_s), 200);
        for (const QString &path : {u"/bots/"_s, u"//"_s, u"/Bots"_s, u"/bots/1"_s, u"/bots/1/trades/"_s,
                                    u"/bots/1/2/trades"_s, u""_s, u"bots"_s, u"/bots%2F"_s, u"/."_s})
            QCOMPARE(status(HttpMethod::Get, path), 404);
        const auto reply = std::get<HttpReply>(m_router.find(HttpMethod::Delete, u"/bots"_s));
        QVERIFY((reply.headers == HttpHeaders{{"Allow", "GET, HEAD, POST"}}));
    }
};

QTEST_GUILESS_MAIN(RouterTest)
#include "tst_router.moc"
