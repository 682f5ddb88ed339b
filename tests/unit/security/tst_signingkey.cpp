// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/security/constanttime.h"
#include "core/security/signingkey.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

class SigningKeyTest final : public QObject
{
    Q_OBJECT

private:
    static void write(const QString &path, const QByteArray &content, QFile::Permissions permissions)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        QVERIFY(file.setPermissions(permissions));
    }

private Q_SLOTS:
    void isMadeOnceForTheOwnerAlone()
    {
        const QTemporaryDir dir;
        const auto first = SigningKey::loadOrCreate(dir.path());
        QVERIFY2(first, first ? "" : qPrintable(first.error().text));
        const auto second = SigningKey::loadOrCreate(dir.path());
        QVERIFY(second);
        QVERIFY(equalInConstantTime(first->bytes(), second->bytes()));
        const QFile file(dir.filePath(u"server.key"_s));
        QCOMPARE(file.size(), 32);
        QCOMPARE(file.permissions() & ~(QFile::ReadUser | QFile::WriteUser), QFile::ReadOwner | QFile::WriteOwner);
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files).size(), 1); // nothing temporary is left
    }

    void isAnotherOneInEachInstallation()
    {
        const QTemporaryDir one;
        const QTemporaryDir two;
        QVERIFY(!equalInConstantTime(SigningKey::loadOrCreate(one.path())->bytes(),
                                     SigningKey::loadOrCreate(two.path())->bytes()));
    }

    void refusesABadFile_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("permissions");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("words");
        const QByteArray good(32, 'k');
        const int owner = QFile::ReadOwner | QFile::WriteOwner;
        const int corrupt = static_cast<int>(ErrorCode::Corrupt);
        const int forbidden = static_cast<int>(ErrorCode::Forbidden);
        QTest::newRow("empty") << QByteArray() << owner << corrupt << u"it has 0"_s;
        QTest::newRow("short") << good.chopped(1) << owner << corrupt << u"it has 31"_s;
        QTest::newRow("long") << good + 'k' << owner << corrupt << u"it has 33"_s;
        QTest::newRow("zeros") << QByteArray(32, '\0') << owner << corrupt << u"damaged"_s;
        QTest::newRow("group may read") << good << (owner | QFile::ReadGroup) << forbidden << u"chmod 600"_s;
        QTest::newRow("world may read") << good << (owner | QFile::ReadOther) << forbidden << u"chmod 600"_s;
    }
    void refusesABadFile()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, permissions);
        const QTemporaryDir dir;
        const QString path = dir.filePath(u"server.key"_s);
        write(path, content, QFile::Permissions(permissions));
        const auto key = SigningKey::loadOrCreate(dir.path());
        QVERIFY(!key);
        QTEST(static_cast<int>(key.error().code), "code");
        QFETCH(QString, words);
        QVERIFY2(key.error().text.contains(words) && key.error().text.contains(path), qPrintable(key.error().text));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), content); // it was not overwritten
    }

    void saysThatTheFolderIsMissing()
    {
        const auto key = SigningKey::loadOrCreate(u"/nonexistent/folder"_s);
        QVERIFY(!key);
        QCOMPARE(key.error().code, ErrorCode::Io);
        QVERIFY(key.error().text.contains(u"/nonexistent/folder/server.key"_s));
    }

    void comparesAllBytes()
    {
        QVERIFY(equalInConstantTime("", ""));
        QVERIFY(equalInConstantTime("abc", "abc"));
        QVERIFY(!equalInConstantTime("abc", "abd"));
        QVERIFY(!equalInConstantTime("abc", "ab"));
    }
};

QTEST_GUILESS_MAIN(SigningKeyTest)
#include "tst_signingkey.moc"
