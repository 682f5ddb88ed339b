// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/botform.h"

#include "ui/dialogs/decimalspinbox.h"
#include "ui/format/moneyformat.h"
#include "ui/models/botsmodel.h"
#include "ui/theme/painting.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QToolButton>

#include <set>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr Decimal one = Decimal::fromInteger(1);
constexpr Decimal tenth = Decimal::fromRaw(10'000'000);

const QStringList knownSymbols{u"BTCUSDT"_s, u"ETHUSDT"_s, u"SOLUSDT"_s};

/// Values of the boxes in the order in which they are listed.
constexpr std::array sizingKinds = {SizingKind::PercentOfEquity, SizingKind::FixedQuote, SizingKind::FixedQuantity,
                                    SizingKind::RiskPercent};
constexpr std::array markets = {Market::Spot, Market::UsdmFutures};

template<class E, std::size_t N>
int indexIn(const std::array<E, N> &values, E value)
{
    return static_cast<int>(std::find(values.begin(), values.end(), value) - values.begin());
}

Decimal rateToPercent(Decimal rate)
{
    return scaled(rate, Decimal::fromInteger(100), Rounding::HalfEven).valueOr(Decimal());
}

Decimal percentToRate(Decimal percent)
{
    return Decimal::fromRaw(detail::multiplyDivide(percent.raw(), 1, 100, Rounding::HalfEven).value_or(0));
}

QString rangeText(const ParameterSpec &spec)
{
    const QString range = BotForm::tr("%1 to %2").arg(plainText(spec.minimum), plainText(spec.maximum));
    return spec.unit.isEmpty() ? range : spec.unit + u", "_s + range;
}

} // namespace

BotForm::BotForm(const UiContext &context, QWidget *parent) : QWidget(parent), m_context(context)
{
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_fields = new FormFields(context.theme, *layout, this);
    addBotSection();
    addStrategySection();
    addPositionSection();
    addStopRows();
    addMoneySection();
    layout->setRowStretch(layout->rowCount(), 1);
}

// ---- Making the fields

DecimalSpinBox *BotForm::makeDecimal(const QString &name, int decimals, Decimal step)
{
    auto *box = new DecimalSpinBox(this);
    box->setObjectName(name);
    box->setFormat(decimals, step);
    box->setFixedWidth(m_context.theme.px(96));
    connect(box, &DecimalSpinBox::valueChanged, this, &BotForm::showConsequences);
    return box;
}

QCheckBox *BotForm::makeCheck(const QString &name, const QString &text)
{
    auto *box = new QCheckBox(text, this);
    box->setObjectName(name);
    box->setAccessibleName(text);
    box->setMinimumWidth(m_context.theme.px(66)); // fields beside them stand in one column
    connect(box, &QCheckBox::toggled, this, &BotForm::showConsequences);
    return box;
}

QComboBox *BotForm::makeCombo(const QString &name, const QStringList &texts, int width)
{
    auto *box = new QComboBox(this);
    box->setObjectName(name);
    box->addItems(texts);
    box->setFixedWidth(m_context.theme.px(width));
    connect(box, &QComboBox::currentIndexChanged, this, &BotForm::showConsequences);
    return box;
}

QWidget *BotForm::makeWord(const QString &text)
{
    auto *label = new QLabel(text, this);
    m_context.theme.setTextColor(*label, Token::Text2);
    return label;
}

void BotForm::addBotSection()
{
    m_fields->addSection(tr("Bot"));
    m_name = new QLineEdit(this);
    m_name->setObjectName(u"name"_s);
    m_name->setFixedWidth(m_context.theme.px(280));
    connect(m_name, &QLineEdit::textChanged, this, &BotForm::showConsequences);
    m_fields->add({u"name"_s}, tr("Name"), {m_name});

    m_market = makeCombo(u"market"_s, {{}, {}}, 190); // describeAccount() names them
    m_symbol = makeCombo(u"symbol"_s, {}, 116);
    m_symbol->setEditable(true);
    m_symbol->setInsertPolicy(QComboBox::NoInsert);
    std::set<QString> symbols(knownSymbols.begin(), knownSymbols.end());
    for (const auto &[id, bot] : m_context.live.bots())
        symbols.insert(bot->config->symbol.value());
    m_symbol->addItems(QStringList(symbols.begin(), symbols.end()));
    connect(m_symbol, &QComboBox::editTextChanged, this, &BotForm::showConsequences);
    QStringList timeframes;
    for (const auto &[timeframe, name] : EnumNames<Timeframe>::table)
        timeframes += QLatin1StringView(name);
    m_timeframe = makeCombo(u"timeframe"_s, timeframes, 76);
    m_timeframe->setAccessibleName(tr("Timeframe"));
    m_symbol->setAccessibleName(tr("Symbol"));
    m_fields->add({u"market"_s, u"exchange"_s, u"mode"_s, u"api_key_id"_s}, tr("Market"), {m_market});
    m_fields->add({u"symbol"_s, u"timeframe"_s}, tr("Symbol"), {m_symbol, m_timeframe}, tr("candles"));
}

void BotForm::addStrategySection()
{
    m_fields->addSection(tr("Strategy"), tr("the fields below come from the schema of the chosen strategy"));
    QStringList titles;
    for (const StrategyInfo &strategy : m_context.strategies)
        titles += strategy.title;
    m_strategy = makeCombo(u"strategy"_s, titles, 280);
    m_fields->add({u"strategy"_s}, tr("Strategy"), {m_strategy});
    m_parameterBox = new QWidget(this);
    auto *grid = new QGridLayout(m_parameterBox);
    grid->setContentsMargins(0, 0, 0, 0);
    m_parameterFields = new FormFields(m_context.theme, *grid, m_parameterBox);
    auto *layout = static_cast<QGridLayout *>(this->layout());
    layout->addWidget(m_parameterBox, layout->rowCount(), 0, 1, 2);
    connect(m_strategy, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_filling)
            rebuildParameters({});
        showConsequences();
    });
}

QWidget *BotForm::makeDirection()
{
    auto *box = new QWidget(this);
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_direction = new QButtonGroup(this);
    const std::array texts = {tr("Long"), tr("Short"), tr("Both")};
    const std::array places = {u"left"_s, u"middle"_s, u"right"_s};
    for (std::size_t i = 0; i < texts.size(); ++i) {
        auto *button = new QToolButton(box);
        button->setObjectName(u"direction%1"_s.arg(i));
        button->setText(texts[i]);
        button->setAccessibleName(texts[i]);
        button->setCheckable(true);
        button->setProperty("segment", places[i]);
        button->setFocusPolicy(Qt::StrongFocus);
        m_direction->addButton(button, static_cast<int>(i));
        layout->addWidget(button);
    }
    connect(m_direction, &QButtonGroup::idToggled, this, &BotForm::showConsequences);
    return box;
}

PositionType BotForm::direction() const
{
    return static_cast<PositionType>(std::max(0, m_direction->checkedId()));
}

void BotForm::addPositionSection()
{
    m_fields->addSection(tr("Position and risk"));
    m_fields->add({u"position_type"_s}, tr("Direction"), {makeDirection()});
    m_leverage = new QSpinBox(this);
    m_leverage->setObjectName(u"leverage"_s);
    m_leverage->setRange(1, 999); // wider than the rule, so that a wrong one can be told
    m_leverage->setAlignment(Qt::AlignRight);
    m_leverage->setFixedWidth(m_context.theme.px(96));
    connect(m_leverage, &QSpinBox::valueChanged, this, &BotForm::showConsequences);
    m_fields->add({u"leverage"_s}, tr("Leverage"), {m_leverage}, u"×"_s);
    m_sizingKind =
            makeCombo(u"sizingKind"_s,
                      {tr("percent of equity"), tr("fixed amount"), tr("fixed quantity"), tr("percent at risk")}, 160);
    m_sizing = makeDecimal(u"sizing"_s, 0, one);
    m_fields->add({u"sizing.value"_s, u"sizing"_s}, tr("Size of a trade"), {m_sizingKind, m_sizing});
}

void BotForm::addStopRows()
{
    m_hasStop = makeCheck(u"hasStop"_s, tr("Stop"));
    m_stop = makeDecimal(u"stop"_s, 2, tenth);
    m_hasTarget = makeCheck(u"hasTarget"_s, tr("Target"));
    m_target = makeDecimal(u"target"_s, 2, tenth);
    m_fields->add({u"stop_loss.value"_s, u"stop_loss"_s}, tr("Stop loss"), {m_hasStop, m_stop}, tr("% from the entry"));
    m_fields->add({u"take_profit.value"_s, u"take_profit"_s}, tr("Take profit"), {m_hasTarget, m_target},
                  tr("% from the entry"));
    m_hasTrailing = makeCheck(u"hasTrailing"_s, tr("Trail"));
    m_trailing = makeDecimal(u"trailing"_s, 2, tenth);
    m_activation = makeDecimal(u"activation"_s, 2, tenth);
    m_fields->add({u"trailing_stop.percent"_s, u"trailing_stop.activation_percent"_s, u"trailing_stop"_s},
                  tr("Trailing stop"), {m_hasTrailing, m_trailing, makeWord(tr("% behind, once up")), m_activation},
                  u"%"_s);
    m_hasLossLimit = makeCheck(u"hasLossLimit"_s, tr("Loss"));
    m_lossLimit = makeDecimal(u"lossLimit"_s, 2, Decimal::fromInteger(10));
    m_fields->add({u"limits.max_daily_loss"_s}, tr("Daily limit"), {m_hasLossLimit, m_lossLimit});
    m_hasDrawdownLimit = makeCheck(u"hasDrawdownLimit"_s, tr("Halt"));
    m_drawdownLimit = makeDecimal(u"drawdownLimit"_s, 0, one);
    m_fields->add({u"limits.max_drawdown_percent"_s}, tr("Drawdown limit"), {m_hasDrawdownLimit, m_drawdownLimit},
                  tr("% below the highest equity"));
}

void BotForm::addMoneySection()
{
    m_moneyHeading = m_fields->addSection(tr("Paper account"));
    m_balance = makeDecimal(u"balance"_s, 2, Decimal::fromInteger(1000));
    m_fields->add({u"initial_balance"_s}, tr("Balance"), {m_balance});
    m_fee = makeDecimal(u"fee"_s, 2, Decimal::fromRaw(1'000'000));
    m_fields->add({u"fees.taker"_s, u"fees"_s}, tr("Fee of a fill"), {m_fee}, u"%"_s);
    m_slippage = makeDecimal(u"slippage"_s, 0, one);
    m_fields->add({u"slippage_bps"_s}, tr("Slippage"), {m_slippage}, tr("basis points (0.01 %) against us"));
    m_restart = makeCheck(u"restart"_s, tr("Start again after an error"));
    m_fields->add({u"restart_on_error"_s}, tr("Errors"), {m_restart});
}

// ---- The strategy's own fields

const StrategyInfo *BotForm::strategy() const
{
    const int index = m_strategy->currentIndex();
    return index < 0 ? nullptr : &m_context.strategies[static_cast<std::size_t>(index)];
}

void BotForm::rebuildParameters(const StrategyParameters &values)
{
    m_parameterFields->removeAll(u"strategy_params."_s);
    m_parameters.clear();
    if (strategy() == nullptr)
        return;
    const StrategyParameters whole = withDefaults(*strategy(), values);
    for (const ParameterSpec &spec : strategy()->parameters)
        addParameter(spec, whole.at(spec.name));
}

void BotForm::addParameter(const ParameterSpec &spec, const ParameterValue &value)
{
    QWidget *control = nullptr;
    QString hint = spec.unit;
    switch (spec.kind) {
    case ParameterKind::Integer:
    case ParameterKind::Number: {
        auto *box = makeDecimal(u"parameter_"_s + spec.name, 0, spec.kind == ParameterKind::Integer ? one : tenth);
        box->setMinimum(spec.minimum);
        box->setMaximum(spec.maximum);
        const auto *number = std::get_if<Decimal>(&value);
        box->setValue(number != nullptr ? *number : Decimal());
        control = box;
        hint = rangeText(spec);
        break;
    }
    case ParameterKind::Choice: {
        auto *box = makeCombo(u"parameter_"_s + spec.name, spec.choices, 172);
        const auto *text = std::get_if<QString>(&value);
        box->setCurrentIndex(text != nullptr ? static_cast<int>(spec.choices.indexOf(*text)) : 0);
        control = box;
        break;
    }
    case ParameterKind::Flag: {
        auto *box = makeCheck(u"parameter_"_s + spec.name, spec.title);
        const auto *on = std::get_if<bool>(&value);
        box->setChecked(on != nullptr && *on);
        control = box;
        break;
    }
    }
    m_parameters.emplace_back(spec.name, control);
    m_parameterFields->add({u"strategy_params."_s + spec.name}, spec.title, {control}, hint);
}

StrategyParameters BotForm::parameters() const
{
    StrategyParameters values;
    for (const auto &[name, control] : m_parameters) {
        if (const auto *number = qobject_cast<const DecimalSpinBox *>(control))
            values[name] = number->value();
        else if (const auto *choice = qobject_cast<const QComboBox *>(control))
            values[name] = choice->currentText();
        else if (const auto *flag = qobject_cast<const QCheckBox *>(control))
            values[name] = flag->isChecked();
    }
    return values;
}

// ---- In and out

void BotForm::setConfig(const BotConfig &config)
{
    m_filling = true;
    m_base = config;
    describeAccount();
    m_name->setText(config.name);
    m_market->setCurrentIndex(indexIn(markets, config.market));
    m_symbol->setEditText(config.symbol.value());
    m_timeframe->setCurrentText(toName(config.timeframe));
    const auto chosen = std::find_if(m_context.strategies.begin(), m_context.strategies.end(),
                                     [&config](const StrategyInfo &info) { return info.name == config.strategy; });
    m_strategy->setCurrentIndex(
            chosen == m_context.strategies.end() ? -1 : static_cast<int>(chosen - m_context.strategies.begin()));
    rebuildParameters(config.strategyParameters);
    m_direction->button(static_cast<int>(config.positionType))->setChecked(true);
    m_leverage->setValue(config.leverage);
    m_sizingKind->setCurrentIndex(indexIn(sizingKinds, config.sizing.kind));
    m_sizing->setValue(config.sizing.value);
    m_hasStop->setChecked(config.stopLoss.has_value());
    m_stop->setValue(config.stopLoss ? config.stopLoss->value : Decimal::fromInteger(2));
    m_hasTarget->setChecked(config.takeProfit.has_value());
    m_target->setValue(config.takeProfit ? config.takeProfit->value : Decimal::fromInteger(4));
    m_hasTrailing->setChecked(config.trailingStop.has_value());
    m_trailing->setValue(config.trailingStop ? config.trailingStop->percent : one);
    m_activation->setValue(config.trailingStop ? config.trailingStop->activationPercent : one);
    m_hasLossLimit->setChecked(config.limits.maxDailyLoss.has_value());
    m_lossLimit->setValue(Decimal::fromRaw(config.limits.maxDailyLoss.value_or(Money::fromInteger(200)).raw()));
    m_hasDrawdownLimit->setChecked(config.limits.maxDrawdownPercent.has_value());
    m_drawdownLimit->setValue(config.limits.maxDrawdownPercent.value_or(Decimal::fromInteger(20)));
    m_balance->setValue(Decimal::fromRaw(config.initialBalance.raw()));
    m_fee->setValue(rateToPercent(config.fees.taker));
    m_slippage->setValue(config.slippageBasisPoints);
    m_restart->setChecked(config.restartOnError);
    m_filling = false;
    showConsequences();
}

BotConfig BotForm::config() const
{
    BotConfig config = m_base;
    config.name = m_name->text().trimmed();
    config.market = markets.at(static_cast<std::size_t>(m_market->currentIndex()));
    config.symbol = Symbol(m_symbol->currentText().trimmed().toUpper());
    config.timeframe = fromName<Timeframe>(m_timeframe->currentText()).value_or(config.timeframe);
    if (strategy() != nullptr) {
        config.strategy = strategy()->name;
        config.strategyParameters = parameters();
    }
    config.positionType = direction();
    config.leverage = m_leverage->value();
    config.sizing = {sizingKinds.at(static_cast<std::size_t>(m_sizingKind->currentIndex())), m_sizing->value()};
    const auto rule = [](const QCheckBox &on, const DecimalSpinBox &value, const std::optional<StopRule> &before) {
        const StopKind kind = before ? before->kind : StopKind::Percent;
        return on.isChecked() ? std::optional(StopRule{kind, value.value()}) : std::nullopt;
    };
    config.stopLoss = rule(*m_hasStop, *m_stop, m_base.stopLoss);
    config.takeProfit = rule(*m_hasTarget, *m_target, m_base.takeProfit);
    config.trailingStop.reset();
    if (m_hasTrailing->isChecked())
        config.trailingStop = TrailingStopRule{m_trailing->value(), m_activation->value()};
    config.limits.maxDailyLoss.reset();
    if (m_hasLossLimit->isChecked())
        config.limits.maxDailyLoss = Money::fromRaw(m_lossLimit->value().raw());
    config.limits.maxDrawdownPercent.reset();
    if (m_hasDrawdownLimit->isChecked())
        config.limits.maxDrawdownPercent = m_drawdownLimit->value();
    config.initialBalance = Money::fromRaw(m_balance->value().raw());
    if (m_fee->value() != rateToPercent(m_base.fees.taker)) // one field for both rates, unless nobody touched it
        config.fees = {percentToRate(m_fee->value()), percentToRate(m_fee->value())};
    config.slippageBasisPoints = m_slippage->value();
    config.restartOnError = m_restart->isChecked();
    return config;
}

/// Whose money it is, in words: what stands in the form must never call a live bot paper.
void BotForm::describeAccount()
{
    const bool isPaper = m_base.exchange == Exchange::Paper;
    const QString exchange = exchangeText(m_base.exchange);
    m_market->setItemText(0, tr("%1, spot").arg(exchange));
    m_market->setItemText(1, tr("%1, USD-M futures").arg(exchange));
    m_fields->setHint(u"market"_s, isPaper ? tr("paper money, no order leaves this computer")
                                   : m_base.mode == Mode::Live
                                           ? tr("LIVE: real orders with real money at %1").arg(exchange)
                                           : tr("demo account at %1, no real money").arg(exchange));
    m_moneyHeading->setText(isPaper ? tr("Paper account") : tr("Account at %1").arg(exchange));
    m_fields->setRowVisible(u"initial_balance"_s, isPaper); // the exchange says what there is
    m_fields->setRowVisible(u"slippage_bps"_s, isPaper);
    m_fields->setHint(u"fees.taker"_s, isPaper ? u"%"_s : tr("% as expected; the exchange takes its own"));
}

void BotForm::lockIdentity()
{
    for (QWidget *control : std::initializer_list<QWidget *>{m_market, m_symbol, m_balance})
        control->setEnabled(false);
    m_fields->setHint(u"symbol"_s, tr("candles; the symbol of a bot cannot change"));
}

QList<FieldError> BotForm::numberErrors() const
{
    QList<FieldError> errors;
    const auto wantNumber = [&errors](const DecimalSpinBox &box, const QString &field) {
        if (box.isEnabled() && !box.isValid())
            errors.append({field, BotForm::tr("must be a number")});
    };
    wantNumber(*m_sizing, u"sizing.value"_s);
    wantNumber(*m_stop, u"stop_loss.value"_s);
    wantNumber(*m_target, u"take_profit.value"_s);
    wantNumber(*m_trailing, u"trailing_stop.percent"_s);
    wantNumber(*m_activation, u"trailing_stop.activation_percent"_s);
    wantNumber(*m_lossLimit, u"limits.max_daily_loss"_s);
    wantNumber(*m_drawdownLimit, u"limits.max_drawdown_percent"_s);
    wantNumber(*m_balance, u"initial_balance"_s);
    wantNumber(*m_fee, u"fees.taker"_s);
    wantNumber(*m_slippage, u"slippage_bps"_s);
    for (const auto &[name, control] : m_parameters) {
        if (const auto *box = qobject_cast<const DecimalSpinBox *>(control))
            wantNumber(*box, u"strategy_params."_s + name);
    }
    return errors;
}

QList<FieldError> BotForm::errors() const
{
    QList<FieldError> errors = numberErrors();
    const BotConfig described = config();
    errors += validate(described);
    if (strategy() != nullptr)
        errors += validateSide(*strategy(), described) + validateParameters(*strategy(), described.strategyParameters);
    return errors;
}

QList<std::pair<QString, QString>> BotForm::showErrors(const QList<FieldError> &errors)
{
    QList<FieldError> ofStrategy;
    QList<FieldError> rest;
    for (const FieldError &error : errors)
        (error.field.startsWith("strategy_params."_L1) ? ofStrategy : rest).append(error);
    return m_fields->setErrors(rest) + m_parameterFields->setErrors(ofStrategy);
}

void BotForm::focusField(const QString &name)
{
    (name.startsWith("strategy_params."_L1) ? m_parameterFields : m_fields)->focusField(name);
}

void BotForm::showConsequences()
{
    if (m_filling)
        return;
    const bool isSpot = markets.at(static_cast<std::size_t>(m_market->currentIndex())) == Market::Spot;
    if (isSpot) { // the spot market knows neither
        m_leverage->setValue(1);
        m_direction->button(static_cast<int>(PositionType::Long))->setChecked(true);
    }
    m_leverage->setEnabled(!isSpot);
    for (QAbstractButton *button : m_direction->buttons())
        button->setEnabled(!isSpot);
    m_fields->setHint(u"leverage"_s, isSpot ? tr("× on the spot market") : tr("×, 1 to 125"));
    m_stop->setEnabled(m_hasStop->isChecked());
    m_target->setEnabled(m_hasTarget->isChecked());
    m_trailing->setEnabled(m_hasTrailing->isChecked());
    m_activation->setEnabled(m_hasTrailing->isChecked());
    m_lossLimit->setEnabled(m_hasLossLimit->isChecked());
    m_drawdownLimit->setEnabled(m_hasDrawdownLimit->isChecked());
    const auto [base, quote] = splitSymbol(Symbol(m_symbol->currentText().trimmed().toUpper()));
    const std::array units = {u"%"_s, quote, base, tr("% of equity lost at the stop")};
    m_fields->setHint(u"sizing"_s, units.at(static_cast<std::size_t>(std::max(0, m_sizingKind->currentIndex()))));
    m_fields->setHint(u"limits.max_daily_loss"_s, tr("%1 a day, then no entries until tomorrow").arg(quote));
    m_fields->setHint(u"initial_balance"_s, tr("%1 that do not exist").arg(quote));
    Q_EMIT changed();
}

} // namespace tradebot
