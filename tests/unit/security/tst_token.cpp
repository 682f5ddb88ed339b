// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/security/token.h"
#include "core/security/ttl.h"
#include "tests/support/fakeclock.h"

#include <QMessageAuthenticationCode>
#include <QTest>

using namespace tradebot;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr auto base64 = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

QByteArray signedToken(const SigningKey &key, const QByteArray &header, const QByteArray &payload)
{
    const QByteArray body = header.toBase64(base64) + '.' + payload.toBase64(base64);
    const QByteArray secret(key.bytes().data(), key.bytes().size());
    return body + '.' + QMessageAuthenticationCode::hash(body, secret, QCryptographicHash::Sha256).toBase64(base64);
}

} // namespace

class TokenTest final : public QObject
{
    Q_OBJECT

private:
    FakeClock m_clock;
    SigningKey m_key = SigningKey::random();
    TokenAuthority m_authority{m_key, m_clock};

private Q_SLOTS:
    void tellsWhatItWasIssuedFor()
    {
        const QByteArray token = m_authority.issue({.user = 7, .role = u"viewer"_s, .epoch = 3}, 24h);
        QCOMPARE(token.count('.'), 2);
        const auto claims = m_authority.verify(token);
        QVERIFY2(claims, claims ? "" : qPrintable(claims.error().text));
        QCOMPARE(claims->subject.user, 7);
        QCOMPARE(claims->subject.role, u"viewer"_s);
        QCOMPARE(claims->subject.epoch, 3);
        QVERIFY(claims->expiresAt - claims->issuedAt == 24h);
        QCOMPARE(claims->id.size(), 32);
        QVERIFY(claims->id != m_authority.verify(m_authority.issue({.user = 7, .role = u"viewer"_s}, 24h))->id);
    }

    void isAStandardToken() // anybody else's HS256 reads it
    {
        const QByteArray token = m_authority.issue({.user = 1, .role = u"owner"_s}, 1h);
        const QByteArray header = QByteArray::fromBase64(token.split('.').at(0), base64);
        QVERIFY2(header.contains("\"alg\":\"HS256\"") && header.contains("\"typ\":\"JWT\""), header.constData());
        const QByteArray payload = QByteArray::fromBase64(token.split('.').at(1), base64);
        QVERIFY2(payload.contains("\"sub\":\"1\""), payload.constData());
        QCOMPARE(signedToken(m_key, header, payload), token);
    }

    void endsWhenItsTimeIsUp()
    {
        const QByteArray token = m_authority.issue({.user = 1, .role = u"owner"_s}, 60s);
        m_clock.advance(58s);
        QVERIFY(m_authority.verify(token));
        m_clock.advance(2s);
        const auto claims = m_authority.verify(token);
        QVERIFY(!claims);
        QVERIFY2(claims.error().text.contains(u"expired at"_s), qPrintable(claims.error().text));
    }

    void refusesWhatItDidNotSign_data()
    {
        QTest::addColumn<QByteArray>("token");
        const QByteArray good = m_authority.issue({.user = 1, .role = u"owner"_s}, 1h);
        const TokenAuthority other(SigningKey::random(), m_clock);
        const QByteArray payload = R"({"sub":"1","role":"owner","epoch":1,"iat":1,"exp":99999999999,"jti":"x"})";
        const QByteArray none = QByteArray(R"({"alg":"none","typ":"JWT"})");
        const QByteArray hs256 = QByteArray(R"({"alg":"HS256","typ":"JWT"})");

        QTest::newRow("empty") << QByteArray();
        QTest::newRow("words") << QByteArray("not a token");
        QTest::newRow("dots only") << QByteArray("..");
        QTest::newRow("no signature") << good.left(good.lastIndexOf('.') + 1);
        QTest::newRow("two parts") << good.left(good.lastIndexOf('.'));
        QTest::newRow("cut") << good.chopped(3);
        QTest::newRow("longer") << good + "AAAA";
        QTest::newRow("not base64") << good.chopped(1) + "!";
        QTest::newRow("changed payload") << QByteArray(good).replace(good.indexOf('.') + 5, 1, "x");
        QTest::newRow("another key") << other.issue({.user = 1, .role = u"owner"_s}, 1h);
        QTest::newRow("alg none") << none.toBase64(base64) + '.' + payload.toBase64(base64) + '.';
        QTest::newRow("alg none, signed") << signedToken(m_key, none, payload);
        QTest::newRow("alg HS512, signed") << signedToken(m_key, R"({"alg":"HS512","typ":"JWT"})", payload);
        QTest::newRow("no claims") << signedToken(m_key, hs256, "{}");
        QTest::newRow("a claim of another kind")
                << signedToken(m_key, hs256, QByteArray(payload).replace("\"1\"", "[]"));
        QTest::newRow("payload is no JSON") << signedToken(m_key, hs256, "{{{");
        QTest::newRow("header is no JSON") << signedToken(m_key, "xx", payload);
        QTest::newRow("four parts") << signedToken(m_key, hs256, payload + '.');
        QTest::newRow("huge") << QByteArray(1'000'000, 'a') + "." + QByteArray(10, 'b') + "." + QByteArray(43, 'c');
    }
    void refusesWhatItDidNotSign()
    {
        QFETCH(QByteArray, token);
        const auto claims = m_authority.verify(token);
        QVERIFY(!claims);
        QCOMPARE(claims.error().code, ErrorCode::Unauthorized);
    }

    void readsLifetimes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("seconds"); // -1: refused
        QTest::newRow("hours") << u"24h"_s << qint64(86400);
        QTest::newRow("seconds") << u"90s"_s << qint64(90);
        QTest::newRow("minutes") << u"15m"_s << qint64(900);
        QTest::newRow("days") << u"366d"_s << qint64(31'622'400);
        for (const auto *bad : {"", "h", "24", "0h", "-1h", "1.5h", " 1h", "1h ", "+1h", "367d", "1w",
                                "99999999999999999999s", "9223372036854775807d", "24H", "١h"})
            QTest::newRow(bad) << QString::fromUtf8(bad) << qint64(-1);
    }
    void readsLifetimes()
    {
        QFETCH(QString, text);
        QFETCH(qint64, seconds);
        const auto ttl = parseTtl(text);
        QCOMPARE(ttl ? ttl->count() : -1, seconds);
    }
};

QTEST_GUILESS_MAIN(TokenTest)
#include "tst_token.moc"
