// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program/urlfile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QHostAddress>
#include <QSaveFile>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QString pathIn(const QString &dataDir)
{
    return QDir(dataDir).filePath(u"server.url"_s);
}

QUrl reachable(QUrl url)
{
    const QHostAddress address(url.host());
    if (address == QHostAddress(QHostAddress::AnyIPv4))
        url.setHost(QHostAddress(QHostAddress::LocalHost).toString());
    else if (address == QHostAddress(QHostAddress::AnyIPv6))
        url.setHost(QHostAddress(QHostAddress::LocalHostIPv6).toString());
    return url;
}

} // namespace

Result<void> noteUrl(const QString &dataDir, const QUrl &url)
{
    const QByteArray text =
            reachable(url).toEncoded() + '\n' + QByteArray::number(QCoreApplication::applicationPid()) + '\n';
    QSaveFile file(pathIn(dataDir));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return fail(ErrorCode::Io, u"%1 cannot be written: %2"_s.arg(file.fileName(), file.errorString()));
    return {};
}

std::optional<QUrl> notedUrl(const QString &dataDir, qint64 process)
{
    QFile file(pathIn(dataDir));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QByteArrayList lines = file.readAll().split('\n');
    if (lines.value(1) != QByteArray::number(process))
        return std::nullopt;
    return QUrl::fromEncoded(lines.first());
}

void forgetUrl(const QString &dataDir)
{
    QFile::remove(pathIn(dataDir));
}

} // namespace tradebot
