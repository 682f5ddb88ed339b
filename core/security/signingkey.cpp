// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/security/signingkey.h"

#include <QDir>
#include <QFile>
#include <QUuid>

#include <sodium.h>

#include <algorithm>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr QFile::Permissions ownerOnly = QFile::ReadOwner | QFile::WriteOwner;
constexpr QFile::Permissions others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;

Failure ioFailure(const QString &what, const QFile &file)
{
    return fail(ErrorCode::Io, u"the signing key %1 cannot be %2: %3"_s.arg(file.fileName(), what, file.errorString()));
}

} // namespace

SigningKey::SigningKey()
{
    // Safe to call any number of times; it fails only where the system has no random numbers at all.
    if (sodium_init() < 0)
        qFatal("libsodium cannot be initialised: the system gives no random numbers");
}

SigningKey::~SigningKey()
{
    sodium_memzero(m_bytes.data(), m_bytes.size());
}

SigningKey SigningKey::random()
{
    SigningKey key;
    randombytes_buf(key.m_bytes.data(), key.m_bytes.size());
    return key;
}

Result<SigningKey> SigningKey::loadOrCreate(const QString &dataDir)
{
    const QString path = QDir(dataDir).filePath(u"server.key"_s);
    if (!QFile::exists(path)) {
        // Two first starts at once: whoever comes second finds the file and reads it.
        if (auto created = create(path); !created && !QFile::exists(path))
            return fail(created.error());
    }
    return load(path);
}

Result<SigningKey> SigningKey::load(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return ioFailure(u"read"_s, file);
#ifdef Q_OS_UNIX
    if ((file.permissions() & others) != 0) {
        return fail(ErrorCode::Forbidden,
                    u"the signing key %1 can be read or changed by other users: run chmod 600 on it, or remove it to "
                    "have a new one made (all tokens then end)"_s.arg(path));
    }
#endif
    SigningKey key;
    QByteArray content = file.read(size + 1);
    const bool sound =
            content.size() == size && std::any_of(content.cbegin(), content.cend(), [](char c) { return c != 0; });
    if (sound)
        std::copy(content.cbegin(), content.cend(), key.m_bytes.begin());
    const qsizetype length = content.size();
    sodium_memzero(content.data(), static_cast<std::size_t>(length));
    if (!sound) {
        return fail(ErrorCode::Corrupt,
                    u"the signing key %1 is damaged: it must be %2 random bytes (it has %3); remove it to have a new "
                    "one made (all tokens then end)"_s.arg(path)
                            .arg(size)
                            .arg(file.size()));
    }
    return key;
}

Result<void> SigningKey::create(const QString &path)
{
    QFile file(path + u"."_s + QUuid::createUuid().toString(QUuid::Id128));
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly, ownerOnly))
        return ioFailure(u"created"_s, file);
    const SigningKey key = random();
    bool written = file.write(key.bytes().data(), size) == size && file.flush();
#ifdef Q_OS_UNIX
    written = written && ::fsync(file.handle()) == 0;
#endif
    file.close();
    if (!written || !file.rename(path)) { // rename refuses an existing name
        const Failure failure = ioFailure(u"written"_s, file);
        file.remove();
        return failure;
    }
    return {};
}

} // namespace tradebot
