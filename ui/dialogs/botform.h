// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "ui/dialogs/formfields.h"
#include "ui/uicontext.h"

#include <QWidget>

class QButtonGroup;
class QLineEdit;

namespace tradebot {

class ParameterFields;

/// The fields of a bot's config; those of the strategy are made from its schema. What it does not show keeps the value
/// that setConfig() brought.
class BotForm final : public QWidget
{
    Q_OBJECT
public:
    explicit BotForm(const UiContext &context, QWidget *parent = nullptr);

    void setConfig(const BotConfig &config);
    [[nodiscard]] BotConfig config() const;
    /// Symbol, market and money of a bot that has traded cannot change any more.
    void lockIdentity();
    /// All rules broken by what stands in the form: those of the config, of the strategy's schema, and texts that are
    /// no numbers.
    [[nodiscard]] QList<FieldError> errors() const;
    /// Whether every field that counts has a number; otherwise config() has the last one that it had.
    [[nodiscard]] bool hasNumbers() const { return numberErrors().isEmpty(); }
    /// Shows these errors and no others; (field, label) of each, in the order of the form.
    QList<std::pair<QString, QString>> showErrors(const QList<FieldError> &errors);
    void focusField(const QString &name);
    [[nodiscard]] const StrategyInfo *strategy() const;

Q_SIGNALS:
    void changed();

private:
    void addBotSection();
    void addStrategySection();
    void addPositionSection();
    void addStopRows();
    void addLimitRows();
    void addMoneySection();
    QWidget *makeDirection();
    [[nodiscard]] PositionType direction() const;
    void showParameters(const StrategyParameters &values);
    void showConsequences();
    void describeAccount();
    [[nodiscard]] QList<FieldError> numberErrors() const;

    const UiContext &m_context;
    BotConfig m_base;
    FormFields *m_fields;
    QLineEdit *m_name;
    QComboBox *m_market;
    QComboBox *m_symbol;
    QComboBox *m_timeframe;
    QComboBox *m_strategy;
    ParameterFields *m_parameters;
    QButtonGroup *m_direction;
    QSpinBox *m_leverage;
    QComboBox *m_sizingKind;
    DecimalSpinBox *m_sizing;
    OptionalNumber<DecimalSpinBox> m_stop;
    QComboBox *m_stopKind;
    OptionalNumber<DecimalSpinBox> m_target;
    QComboBox *m_targetKind;
    OptionalNumber<DecimalSpinBox> m_trailing;
    DecimalSpinBox *m_activation;
    OptionalNumber<DecimalSpinBox> m_lossLimit;
    OptionalNumber<QSpinBox> m_tradesLimit;
    OptionalNumber<DecimalSpinBox> m_drawdownLimit;
    OptionalNumber<DecimalSpinBox> m_positionLimit;
    OptionalNumber<QSpinBox> m_cooldown;
    QLabel *m_moneyHeading;
    DecimalSpinBox *m_balance;
    DecimalSpinBox *m_fee;
    DecimalSpinBox *m_slippage;
    QCheckBox *m_restart;
    bool m_filling = true; ///< until the first config is in
};

} // namespace tradebot
