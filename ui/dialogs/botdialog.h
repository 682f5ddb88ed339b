// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livefeed.h"
#include "ui/uicontext.h"

#include <QDialog>

class QGridLayout;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace tradebot {

class BotCommands;
class BotForm;

/// Makes a bot or changes one: the form on the left, on the right what it will do and one trade in numbers. Errors
/// stand beside their fields and, as links, at the foot; the engine's land in the same places.
class BotDialog final : public QDialog
{
    Q_OBJECT
public:
    /// bot: the one to change; nullptr for a new one.
    BotDialog(const UiContext &context, BotCommands &commands, const SnapshotPointer &bot, QWidget *parent);
    ~BotDialog() override;

    [[nodiscard]] BotForm &form() { return *m_form; }

Q_SIGNALS:
    void saved(tradebot::BotId id);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    QWidget *buildAside();
    QLabel *addAsideText(QVBoxLayout &layout, const QString &heading, const QString &name);
    QHBoxLayout *buildFoot();
    QPushButton *addButton(QHBoxLayout &foot, const QString &name, const QString &text, bool primary);
    [[nodiscard]] BotConfig firstConfig() const;
    void refresh();
    void refreshAside(const BotConfig &config);
    void showEstimate(const BotConfig &config);
    void showErrors(const QList<FieldError> &errors);
    void save(bool thenStart);
    void setWorking(bool working);

    const UiContext &m_context;
    BotCommands &m_commands;
    SnapshotPointer m_bot;
    BotForm *m_form;
    QLabel *m_does = nullptr;
    QLabel *m_estimateHeading = nullptr;
    QGridLayout *m_estimate = nullptr;
    QLabel *m_others = nullptr;
    QLabel *m_foot = nullptr;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_start = nullptr;
    QPushButton *m_save = nullptr;
    QList<FieldError> m_engineErrors; ///< of the config that was refused, until something is changed
    QList<std::pair<QString, QString>> m_shown;
    bool m_working = false;
};

} // namespace tradebot
