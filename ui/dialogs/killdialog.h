// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dialogs/killplan.h"
#include "ui/uicontext.h"

#include <QDialog>

#include <array>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace tradebot {

class ChoiceTile;

/// The sheet of the kill switch: for whom, how far, and what that means in numbers of this moment. Enter acts, Esc
/// leaves.
class KillDialog final : public QDialog
{
    Q_OBJECT
public:
    /// Opens with this scope where there are such bots; bot and account are those of `around`, when it is valid.
    KillDialog(const UiContext &context, KillScope scope, BotId around, QWidget *parent);

    /// As chosen; asked of the engine only when there is a target.
    [[nodiscard]] KillSwitch killSwitch() const;
    [[nodiscard]] const std::optional<KillTarget> &target() const { return m_target; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void fillScopes(KillScope wanted);
    void addChoices(QVBoxLayout &layout);
    void addFoot(QVBoxLayout &layout);
    void refresh();
    [[nodiscard]] KillLevel level() const;

    const UiContext &m_context;
    BotId m_around;
    std::optional<KillTarget> m_target;
    QLabel *m_heading;
    QLabel *m_counts;
    QComboBox *m_scope;
    std::array<ChoiceTile *, 3> m_choices{}; ///< in the order of KillLevel
    QCheckBox *m_protection;
    QPushButton *m_act = nullptr;
};

} // namespace tradebot
