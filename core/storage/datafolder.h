// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QLockFile>
#include <QString>

#include <memory>
#include <optional>

namespace tradebot {

/// Where the database of a data folder lies.
[[nodiscard]] QString databasePath(const QString &dataDir);

/// The process of this machine that holds a data folder, by its number; empty when none does.
[[nodiscard]] std::optional<qint64> holderOf(const QString &dataDir);

/// The folder that one running program owns: made if missing, known to be writable, and locked until destruction.
class DataFolder final
{
public:
    /// AlreadyRunning, naming the process, when another one holds it; Io when it cannot be made or written.
    [[nodiscard]] static Result<DataFolder> claim(const QString &dataDir);

    [[nodiscard]] const QString &path() const { return m_path; }
    [[nodiscard]] QString databasePath() const { return tradebot::databasePath(m_path); }

private:
    DataFolder(QString path, std::unique_ptr<QLockFile> lock);

    QString m_path;
    std::unique_ptr<QLockFile> m_lock;
};

} // namespace tradebot
