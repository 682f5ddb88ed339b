// SPDX-License-Identifier: GPL-3.0-or-later
#include <QProcess>
#include <QStringList>
#include <QTest>

using namespace Qt::StringLiterals;

/// The real tradebot where no window can be opened.
class WindowCommandLineTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutADisplayItSaysWhatItCan_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<QByteArray>("complaint");
        QTest::newRow("version") << u"--version"_s << 0 << QByteArray("tradebot 0.") << QByteArray();
        QTest::newRow("help") << u"--help"_s << 0 << QByteArray("--data-dir") << QByteArray();
        QTest::newRow("an unknown option") << u"--bogus"_s << 2 << QByteArray() << QByteArray("bogus");
        QTest::newRow("a wrong value") << u"--seed x"_s << 2 << QByteArray() << QByteArray("must be a whole number");
        QTest::newRow("an option of Qt's")
                << u"-session 1 --style fusion --version"_s << 0 << QByteArray("tradebot 0.") << QByteArray();
        QTest::newRow("a start") << u"--no-server"_s << 1 << QByteArray()
                                 << QByteArray("there is no display to open a window on; run tradebotd");
    }

    void withoutADisplayItSaysWhatItCan()
    {
        QFETCH(const QString, arguments);
        QFETCH(const int, exitCode);
        QFETCH(const QByteArray, output);
        QFETCH(const QByteArray, complaint);
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const QString &name : {u"DISPLAY"_s, u"WAYLAND_DISPLAY"_s, u"QT_QPA_PLATFORM"_s})
            environment.remove(name);
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(TRADEBOT_BIN_DIR "/tradebot"), arguments.split(u' '), QIODevice::ReadOnly);
        QVERIFY(process.waitForFinished());
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(process.exitStatus() == QProcess::NormalExit, said.constData());
        QCOMPARE(process.exitCode(), exitCode);
        const QByteArray printed = process.readAllStandardOutput();
        QVERIFY2(printed.contains(output) && printed.isEmpty() == output.isEmpty(), printed.constData());
        QVERIFY2(said.contains(complaint) && said.count('\n') == (complaint.isEmpty() ? 0 : 1), said.constData());
    }
};

QTEST_GUILESS_MAIN(WindowCommandLineTest)
#include "tst_windowcommandline.moc"
