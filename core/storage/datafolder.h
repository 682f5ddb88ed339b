// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QFile>
#include <QString>

#include <memory>
#include <optional>

namespace tradebot {

/// Where the database of a data folder lies.
[[nodiscard]] QString databasePath(const QString &dataDir);

/// The process of this machine that holds a data folder, by its number; empty when none does, or when it cannot be
/// told.
[[nodiscard]] std::optional<qint64> holderOf(const QString &dataDir);

/// The folder that one running program owns: made if missing, known to be writable, and locked until destruction. The
/// lock is the system's, on the file tradebot.lock, and ends with the process, however that ends. The file stays; what
/// stands in it only serves to name the process.
class DataFolder final
{
public:
    /// AlreadyRunning, naming the process, when another one holds it; Io when it cannot be made or written.
    [[nodiscard]] static Result<DataFolder> claim(const QString &dataDir);

    [[nodiscard]] const QString &path() const { return m_path; }
    [[nodiscard]] QString databasePath() const { return tradebot::databasePath(m_path); }

private:
    DataFolder(QString path, std::unique_ptr<QFile> lock);

    QString m_path;
    std::unique_ptr<QFile> m_lock; ///< locked as long as it is open
};

} // namespace tradebot
