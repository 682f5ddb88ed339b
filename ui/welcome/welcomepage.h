// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "ui/uicontext.h"

#include <QWidget>

class QButtonGroup;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace tradebot {

/// First run: three choices, each with a working default, so that one Enter starts a demo bot.
class WelcomePage final : public QWidget
{
    Q_OBJECT
public:
    explicit WelcomePage(const UiContext &context, QWidget *parent = nullptr);

    /// The bot that the choices describe.
    [[nodiscard]] BotConfig config() const;
    /// While the engine has not answered nothing can be asked twice.
    void setWorking(bool working);
    void showError(const QString &text);

Q_SIGNALS:
    void createRequested(const tradebot::BotConfig &config);
    void formRequested();

protected:
    void focusInEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QVBoxLayout *addStep(QVBoxLayout &page, int number, const QString &heading);
    void addStrategies(QVBoxLayout &page);
    void addMarkets(QVBoxLayout &page);
    void addStart(QVBoxLayout &page);
    QLabel *addLabel(const QString &text, int role, bool secondary);
    void applyTheme();

    const UiContext &m_context;
    QButtonGroup *m_strategies;
    QButtonGroup *m_markets;
    QPushButton *m_start = nullptr;
    QLabel *m_error = nullptr;
    std::vector<QLabel *> m_numbers;
    struct Styled
    {
        QLabel *label;
        int role;
        bool secondary;
    };
    std::vector<Styled> m_labels;
};

} // namespace tradebot
