// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/botform.h"

#include "ui/dialogs/parameterfields.h"
#include "ui/models/botrow.h"
#include "ui/models/livefeed.h"
#include "ui/theme/painting.h"

#include <QButtonGroup>
#include <QLineEdit>
#include <QToolButton>

#include <set>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr Decimal one = Decimal::fromInteger(1);
constexpr Decimal tenth = Decimal::fromRaw(10'000'000);

constexpr int mostTradesADay = 1'000'000;
constexpr int mostSeconds = 10'000'000;

const QStringList knownSymbols{u"BTCUSDT"_s, u"ETHUSDT"_s, u"SOLUSDT"_s};

/// Values of the boxes in the order in which they are listed.
constexpr std::array sizingKinds = {SizingKind::PercentOfEquity, SizingKind::FixedQuote, SizingKind::FixedQuantity,
                                    SizingKind::RiskPercent};
constexpr std::array stopKinds = {StopKind::Percent, StopKind::Atr};
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

std::optional<Decimal> asNumber(const std::optional<Money> &amount)
{
    return amount ? std::optional(Decimal::fromRaw(amount->raw())) : std::nullopt;
}

std::optional<Money> asMoney(const std::optional<Decimal> &number)
{
    return number ? std::optional(Money::fromRaw(number->raw())) : std::nullopt;
}

} // namespace

BotForm::BotForm(const UiContext &context, QWidget *parent) : QWidget(parent), m_context(context)
{
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_fields = new FormFields(context.theme, *layout, this);
    connect(m_fields, &FormFields::edited, this, &BotForm::showConsequences);
    addBotSection();
    addStrategySection();
    addPositionSection();
    addStopRows();
    addLimitRows();
    addMoneySection();
    layout->setRowStretch(layout->rowCount(), 1);
}

// ---- Making the fields

void BotForm::addBotSection()
{
    m_fields->addSection(tr("Bot"));
    m_name = new QLineEdit(this);
    m_name->setObjectName(u"name"_s);
    m_name->setFixedWidth(m_context.theme.px(280));
    connect(m_name, &QLineEdit::textChanged, this, &BotForm::showConsequences);
    m_fields->add({u"name"_s}, tr("Name"), {m_name});

    m_market = m_fields->makeCombo(u"market"_s, {{}, {}}, 190); // describeAccount() names them
    m_symbol = m_fields->makeCombo(u"symbol"_s, {}, 116);
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
    m_timeframe = m_fields->makeCombo(u"timeframe"_s, timeframes, 76);
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
    m_strategy = m_fields->makeCombo(u"strategy"_s, titles, 280);
    m_fields->add({u"strategy"_s}, tr("Strategy"), {m_strategy});
    m_parameters = new ParameterFields(m_context.theme, this);
    connect(&m_parameters->fields(), &FormFields::edited, this, &BotForm::showConsequences);
    auto *layout = static_cast<QGridLayout *>(this->layout());
    layout->addWidget(m_parameters, layout->rowCount(), 0, 1, 2);
    connect(m_strategy, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_filling)
            showParameters({});
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
    m_leverage = m_fields->makeInteger(u"leverage"_s, 999); // more than the rule, so that a wrong one can be told
    m_fields->add({u"leverage"_s}, tr("Leverage"), {m_leverage}, u"×"_s);
    m_sizingKind = m_fields->makeCombo(
            u"sizingKind"_s, {tr("percent of equity"), tr("fixed amount"), tr("fixed quantity"), tr("percent at risk")},
            160);
    m_sizing = m_fields->makeDecimal(u"sizing"_s, 0, one);
    m_fields->add({u"sizing.value"_s, u"sizing"_s}, tr("Size of a trade"), {m_sizingKind, m_sizing});
}

void BotForm::addStopRows()
{
    const QStringList kinds{tr("% from the entry"), tr("× ATR of 14 candles")};
    m_stop = m_fields->makeOptional(u"stop"_s, tr("Stop"), 2, tenth);
    m_stopKind = m_fields->makeCombo(u"stopKind"_s, kinds, 170);
    m_stopKind->setAccessibleName(tr("Unit of the stop loss"));
    m_fields->add({u"stop_loss.value"_s, u"stop_loss"_s}, tr("Stop loss"), m_stop.controls() << m_stopKind);
    m_target = m_fields->makeOptional(u"target"_s, tr("Target"), 2, tenth);
    m_targetKind = m_fields->makeCombo(u"targetKind"_s, kinds, 170);
    m_targetKind->setAccessibleName(tr("Unit of the take profit"));
    m_fields->add({u"take_profit.value"_s, u"take_profit"_s}, tr("Take profit"), m_target.controls() << m_targetKind);
    m_trailing = m_fields->makeOptional(u"trailing"_s, tr("Trail"), 2, tenth);
    m_activation = m_fields->makeDecimal(u"activation"_s, 2, tenth);
    m_fields->add({u"trailing_stop.percent"_s, u"trailing_stop.activation_percent"_s, u"trailing_stop"_s},
                  tr("Trailing stop"),
                  m_trailing.controls() << m_fields->makeWord(tr("% behind, once up")) << m_activation, u"%"_s);
}

void BotForm::addLimitRows()
{
    m_lossLimit = m_fields->makeOptional(u"lossLimit"_s, tr("Loss"), 2, Decimal::fromInteger(10));
    m_fields->add({u"limits.max_daily_loss"_s}, tr("Daily limit"), m_lossLimit.controls());
    m_tradesLimit = m_fields->makeOptional(u"tradesLimit"_s, tr("Trades"), mostTradesADay);
    m_fields->add({u"limits.max_daily_trades"_s}, tr("Trades a day"), m_tradesLimit.controls(),
                  tr("closed, then no entries until tomorrow"));
    m_drawdownLimit = m_fields->makeOptional(u"drawdownLimit"_s, tr("Halt"), 0, one);
    m_fields->add({u"limits.max_drawdown_percent"_s}, tr("Drawdown limit"), m_drawdownLimit.controls(),
                  tr("% below the highest equity"));
    m_positionLimit = m_fields->makeOptional(u"positionLimit"_s, tr("Cap"), 2, Decimal::fromInteger(100));
    m_fields->add({u"limits.max_position_quote"_s}, tr("Largest position"), m_positionLimit.controls());
    m_cooldown = m_fields->makeOptional(u"cooldown"_s, tr("Wait"), mostSeconds);
    m_fields->add({u"limits.cooldown_s"_s}, tr("Cool-down"), m_cooldown.controls(),
                  tr("seconds after a trade before the next"));
}

void BotForm::addMoneySection()
{
    m_moneyHeading = m_fields->addSection(tr("Paper account"));
    m_balance = m_fields->makeDecimal(u"balance"_s, 2, Decimal::fromInteger(1000));
    m_fields->add({u"initial_balance"_s}, tr("Balance"), {m_balance});
    m_fee = m_fields->makeDecimal(u"fee"_s, 2, Decimal::fromRaw(1'000'000));
    m_fields->add({u"fees.taker"_s, u"fees"_s}, tr("Fee of a fill"), {m_fee}, u"%"_s);
    m_slippage = m_fields->makeDecimal(u"slippage"_s, 0, one);
    m_fields->add({u"slippage_bps"_s}, tr("Slippage"), {m_slippage}, tr("basis points (0.01 %) against us"));
    m_restart = m_fields->makeCheck(u"restart"_s, tr("Start again after an error"));
    m_fields->add({u"restart_on_error"_s}, tr("Errors"), {m_restart});
}

const StrategyInfo *BotForm::strategy() const
{
    const int index = m_strategy->currentIndex();
    return index < 0 ? nullptr : &m_context.strategies[static_cast<std::size_t>(index)];
}

void BotForm::showParameters(const StrategyParameters &values)
{
    if (strategy() == nullptr)
        m_parameters->clear();
    else
        m_parameters->showFor(*strategy(), values);
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
    showParameters(config.strategyParameters);
    m_direction->button(static_cast<int>(config.positionType))->setChecked(true);
    m_leverage->setValue(config.leverage);
    m_sizingKind->setCurrentIndex(indexIn(sizingKinds, config.sizing.kind));
    m_sizing->setValue(config.sizing.value);
    const auto fillRule = [](const auto &field, QComboBox &kind, const std::optional<StopRule> &rule, int otherwise) {
        field.set(rule ? std::optional(rule->value) : std::nullopt, Decimal::fromInteger(otherwise));
        kind.setCurrentIndex(indexIn(stopKinds, rule ? rule->kind : StopKind::Percent));
    };
    fillRule(m_stop, *m_stopKind, config.stopLoss, 2);
    fillRule(m_target, *m_targetKind, config.takeProfit, 4);
    const auto &trailing = config.trailingStop;
    m_trailing.set(trailing ? std::optional(trailing->percent) : std::nullopt, one);
    m_activation->setValue(trailing ? trailing->activationPercent : one);
    const RiskLimits &limits = config.limits;
    m_lossLimit.set(asNumber(limits.maxDailyLoss), Decimal::fromInteger(200));
    m_tradesLimit.set(limits.maxDailyTrades, 50);
    m_drawdownLimit.set(limits.maxDrawdownPercent, Decimal::fromInteger(20));
    m_positionLimit.set(asNumber(limits.maxPositionQuote), Decimal::fromInteger(5000));
    m_cooldown.set(limits.cooldownSeconds, 60);
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
        config.strategyParameters = m_parameters->values();
    }
    config.positionType = direction();
    config.leverage = m_leverage->value();
    config.sizing = {sizingKinds.at(static_cast<std::size_t>(m_sizingKind->currentIndex())), m_sizing->value()};
    const auto rule = [](const auto &field, const QComboBox &kind) {
        const auto value = field.value();
        const StopKind chosen = stopKinds.at(static_cast<std::size_t>(kind.currentIndex()));
        return value ? std::optional(StopRule{chosen, *value}) : std::nullopt;
    };
    config.stopLoss = rule(m_stop, *m_stopKind);
    config.takeProfit = rule(m_target, *m_targetKind);
    const auto trailing = m_trailing.value();
    config.trailingStop = trailing ? std::optional(TrailingStopRule{*trailing, m_activation->value()}) : std::nullopt;
    RiskLimits &limits = config.limits;
    limits.maxDailyLoss = asMoney(m_lossLimit.value());
    limits.maxDailyTrades = m_tradesLimit.value();
    limits.maxDrawdownPercent = m_drawdownLimit.value();
    limits.maxPositionQuote = asMoney(m_positionLimit.value());
    limits.cooldownSeconds = m_cooldown.value();
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
    wantNumber(errors, *m_sizing, u"sizing.value"_s);
    wantNumber(errors, *m_stop.number, u"stop_loss.value"_s);
    wantNumber(errors, *m_target.number, u"take_profit.value"_s);
    wantNumber(errors, *m_trailing.number, u"trailing_stop.percent"_s);
    wantNumber(errors, *m_activation, u"trailing_stop.activation_percent"_s);
    wantNumber(errors, *m_lossLimit.number, u"limits.max_daily_loss"_s);
    wantNumber(errors, *m_drawdownLimit.number, u"limits.max_drawdown_percent"_s);
    wantNumber(errors, *m_positionLimit.number, u"limits.max_position_quote"_s);
    wantNumber(errors, *m_balance, u"initial_balance"_s);
    wantNumber(errors, *m_fee, u"fees.taker"_s);
    wantNumber(errors, *m_slippage, u"slippage_bps"_s);
    return errors + m_parameters->numberErrors();
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
        (error.field.startsWith(ParameterFields::prefix) ? ofStrategy : rest).append(error);
    return m_fields->setErrors(rest) + m_parameters->fields().setErrors(ofStrategy);
}

void BotForm::focusField(const QString &name)
{
    (name.startsWith(ParameterFields::prefix) ? m_parameters->fields() : *m_fields).focusField(name);
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
    m_stopKind->setEnabled(m_stop.on->isChecked());
    m_targetKind->setEnabled(m_target.on->isChecked());
    m_activation->setEnabled(m_trailing.on->isChecked());
    const auto [base, quote] = splitSymbol(Symbol(m_symbol->currentText().trimmed().toUpper()));
    const std::array units = {u"%"_s, quote, base, tr("% of equity lost at the stop")};
    m_fields->setHint(u"sizing"_s, units.at(static_cast<std::size_t>(std::max(0, m_sizingKind->currentIndex()))));
    m_fields->setHint(u"limits.max_daily_loss"_s, tr("%1 a day, then no entries until tomorrow").arg(quote));
    m_fields->setHint(u"limits.max_position_quote"_s, tr("%1 at most").arg(quote));
    m_fields->setHint(u"initial_balance"_s, tr("%1 that do not exist").arg(quote));
    Q_EMIT changed();
}

} // namespace tradebot
