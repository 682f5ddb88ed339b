// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QLatin1StringView>
#include <QSettings>
#include <QString>
#include <QVariant>

namespace tradebot {

/// One setting: where it stands in the file, and what holds while nobody has chosen.
template<class T>
struct SettingKey
{
    QLatin1StringView name;
    T fallback;
};

/// All settings there are.
namespace setting {
inline const SettingKey<QString> theme{QLatin1StringView("window/theme"), QStringLiteral("system")};
inline const SettingKey<QString> moneyPalette{QLatin1StringView("window/money_palette"), QStringLiteral("classic")};
inline const SettingKey<QString> candlePalette{QLatin1StringView("window/candle_palette"), QStringLiteral("classic")};
inline const SettingKey<bool> localTime{QLatin1StringView("window/local_time"), false};
inline const SettingKey<bool> reducedMotion{QLatin1StringView("window/reduced_motion"), false};
inline const SettingKey<QByteArray> geometry{QLatin1StringView("window/geometry"), {}};
inline const SettingKey<QByteArray> layout{QLatin1StringView("window/layout"), {}};
inline const SettingKey<int> layoutVersion{QLatin1StringView("window/layout_version"), 0};
inline const SettingKey<int> toolboxTab{QLatin1StringView("window/toolbox_tab"), 0};
} // namespace setting

/// The settings file of a data folder. Main thread. A value of another type than its key's counts as not set.
class Settings final
{
public:
    explicit Settings(const QString &file);

    template<class T>
    [[nodiscard]] T get(const SettingKey<T> &key) const
    {
        const QVariant stored = m_file.value(key.name);
        return stored.isValid() && stored.canConvert<T>() ? stored.value<T>() : key.fallback;
    }
    template<class T>
    void set(const SettingKey<T> &key, const T &value)
    {
        m_file.setValue(key.name, QVariant::fromValue(value));
    }
    /// Writes to the disk now; otherwise it happens soon and at the end. False when that failed.
    [[nodiscard]] bool save();

private:
    QSettings m_file;
};

} // namespace tradebot
