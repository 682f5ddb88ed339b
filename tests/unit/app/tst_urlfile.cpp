// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program/urlfile.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

class UrlFileTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theAddressIsNotedAsItIsReachedFromHere_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("noted");
        QTest::newRow("loopback") << u"http://127.0.0.1:8787/"_s << u"http://127.0.0.1:8787/"_s;
        QTest::newRow("one of ours") << u"http://192.168.1.5:80/"_s << u"http://192.168.1.5:80/"_s;
        QTest::newRow("all IPv4") << u"http://0.0.0.0:8787/"_s << u"http://127.0.0.1:8787/"_s;
        QTest::newRow("all IPv6") << u"http://[::]:8787/"_s << u"http://[::1]:8787/"_s;
    }
    void theAddressIsNotedAsItIsReachedFromHere()
    {
        QFETCH(const QString, url);
        QFETCH(const QString, noted);
        const QTemporaryDir folder;
        QVERIFY(noteUrl(folder.path(), QUrl(url)));
        QCOMPARE(notedUrl(folder.path(), QCoreApplication::applicationPid()), QUrl(noted));
    }

    void theNoteOfAnotherProcessCountsForNothing()
    {
        const QTemporaryDir folder;
        const qint64 self = QCoreApplication::applicationPid();
        QCOMPARE(notedUrl(folder.path(), self), std::nullopt);
        QVERIFY(noteUrl(folder.path(), QUrl(u"http://127.0.0.1:8787/"_s)));
        QCOMPARE(notedUrl(folder.path(), self + 1), std::nullopt);
        forgetUrl(folder.path());
        QCOMPARE(notedUrl(folder.path(), self), std::nullopt);
        QFile cut(folder.filePath(u"server.url"_s));
        QVERIFY(cut.open(QIODevice::WriteOnly) && cut.write("http://127.0.0.1:8787/\n") > 0);
        cut.close();
        QCOMPARE(notedUrl(folder.path(), self), std::nullopt);
    }

    void aFolderThatCannotBeWrittenIsNamed()
    {
        const auto noted = noteUrl(u"/nowhere/at/all"_s, QUrl(u"http://127.0.0.1:8787/"_s));
        QVERIFY(!noted);
        QVERIFY2(noted.error().text.contains(u"/nowhere/at/all/server.url"_s), qPrintable(noted.error().text));
    }
};

QTEST_GUILESS_MAIN(UrlFileTest)
#include "tst_urlfile.moc"
