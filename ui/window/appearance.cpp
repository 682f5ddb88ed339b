// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/appearance.h"

#include "core/base/enumnames.h"
#include "core/settings/settings.h"
#include "ui/dialogs/prompts.h"
#include "ui/format/timeformat.h"
#include "ui/window/windowactions.h"

namespace tradebot {

template<>
struct EnumNames<ColorScheme>
{
    static constexpr std::pair<ColorScheme, const char *> table[] = {
            {ColorScheme::System, "system"}, {ColorScheme::Dark, "dark"}, {ColorScheme::Light, "light"}};
};
template<>
struct EnumNames<MoneyPalette>
{
    static constexpr std::pair<MoneyPalette, const char *> table[] = {{MoneyPalette::Classic, "classic"},
                                                                      {MoneyPalette::EastAsia, "east_asia"},
                                                                      {MoneyPalette::CbSafe, "cb_safe"},
                                                                      {MoneyPalette::Mono, "mono"}};
};

ThemeChoice savedThemeChoice(const Settings &settings)
{
    ThemeChoice choice;
    choice.scheme = fromName<ColorScheme>(settings.get(setting::theme)).value_or(choice.scheme);
    choice.money = fromName<MoneyPalette>(settings.get(setting::moneyPalette)).value_or(choice.money);
    choice.candles = fromName<MoneyPalette>(settings.get(setting::candlePalette)).value_or(choice.candles);
    choice.reducedMotion = settings.get(setting::reducedMotion);
    return choice;
}

Appearance::Appearance(const UiContext &context, Theme &theme, const WindowActions &actions, QObject *parent)
    : QObject(parent),
      m_context(context),
      m_theme(theme),
      m_actions(actions)
{
    const auto lead = [this](const auto &choices, auto member) {
        for (std::size_t i = 0; i < choices.size(); ++i) {
            connect(choices[i], &QAction::triggered, this, [this, i, member] {
                ThemeChoice choice = m_theme.choice();
                using Value = std::remove_reference_t<decltype(choice.*member)>;
                choice.*member = static_cast<Value>(i);
                choose(choice);
            });
        }
    };
    lead(actions.scheme, &ThemeChoice::scheme);
    lead(actions.moneyPalette, &ThemeChoice::money);
    lead(actions.candlePalette, &ThemeChoice::candles);
    connect(actions.reducedMotion, &QAction::triggered, this, [this](bool on) {
        ThemeChoice choice = m_theme.choice();
        choice.reducedMotion = on;
        choose(choice);
    });
    connect(actions.utc, &QAction::triggered, this, [this] { setLocalTime(false); });
    connect(actions.local, &QAction::triggered, this, [this] { setLocalTime(true); });
    connect(actions.toggleTime, &QAction::triggered, this, &Appearance::setLocalTime);
    connect(&theme, &Theme::changed, this, &Appearance::showChoice);
    connect(&context.time, &TimeFormat::changed, this, &Appearance::showChoice);
    showChoice();
}

void Appearance::choose(const ThemeChoice &choice)
{
    Settings &settings = m_context.settings;
    settings.set(setting::theme, QString(toName(choice.scheme)));
    settings.set(setting::moneyPalette, QString(toName(choice.money)));
    settings.set(setting::candlePalette, QString(toName(choice.candles)));
    settings.set(setting::reducedMotion, choice.reducedMotion);
    m_theme.setChoice(choice);
}

void Appearance::setLocalTime(bool local)
{
    m_context.settings.set(setting::localTime, local);
    m_context.time.setLocal(local);
    showChoice();
}

void Appearance::showChoice()
{
    const ThemeChoice &choice = m_theme.choice();
    m_actions.scheme[static_cast<std::size_t>(choice.scheme)]->setChecked(true);
    m_actions.moneyPalette[static_cast<std::size_t>(choice.money)]->setChecked(true);
    m_actions.candlePalette[static_cast<std::size_t>(choice.candles)]->setChecked(true);
    m_actions.reducedMotion->setChecked(choice.reducedMotion);
    const bool local = m_context.time.isLocal();
    m_actions.utc->setChecked(!local);
    m_actions.local->setChecked(local);
    m_actions.toggleTime->setChecked(local);
}

void showAbout(const UiContext &context, QWidget *window)
{
    Question about;
    about.name = QStringLiteral("about");
    about.heading = QObject::tr("TradeBot %1").arg(QLatin1StringView(TRADEBOT_VERSION));
    about.text =
            QObject::tr("Trading bots with a journal, a window and a web server. Free software under the GNU General "
                        "Public License, version 3 or later. It comes without any warranty.");
    about.choices = {{QString(), QString(), QObject::tr("Close"), false}};
    about.onlyTells = true;
    context.prompts.ask(window, about, [](int) {});
}

} // namespace tradebot
