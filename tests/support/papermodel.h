// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "core/domain/order.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tradebot::slowpaper {

/// Amounts in units of 1e-8.
using Amount = std::int64_t;

/// Where an order stands in the model.
enum class Standing { OnItsWay, Waiting, Resting, Taking, Filled, Cancelled, Rejected, Expired };

struct ModelOrder
{
    Order wish; ///< as it was submitted; nothing else of it is looked at
    Standing standing = Standing::OnItsWay;
    Amount filled = 0;
    Amount stop = 0;
    Amount takes = 0; ///< the price that one that takes saw last
    int fills = 0;
    std::int64_t arrives = 0; ///< milliseconds
    int turn = 0;             ///< counts what was sent
};

struct ModelFill
{
    std::int64_t order = 0; ///< 0: a liquidation
    bool buys = false;
    Amount price = 0;
    Amount quantity = 0;
    Amount fee = 0;
    Amount keptAsFee = 0;
    Amount inThird = 0; ///< units of a third asset that the fee was paid in
    bool isMaker = false;
    friend bool operator==(const ModelFill &, const ModelFill &) = default;
};

enum class RowKind { Gross, Fee, Funding, LiquidationFee, Insurance };

struct ModelRow
{
    RowKind kind = RowKind::Gross;
    Amount amount = 0;
};

/// What is held: quantity below 0 is a short.
struct Holding
{
    Amount quantity = 0;
    Amount cost = 0;
};

/// The paper exchange as docs/paper-exchange.md has it, written down a second time: slow and obvious, all of it
/// recounted from the list of its fills and rows whenever it is needed, with an arithmetic of its own. It knows nothing
/// of overflow, questions and reports.
class PaperModel final
{
public:
    PaperModel(const BotConfig &config, const Instrument &instrument);

    void submit(const Order &order, int turn);
    void cancel(std::int64_t order, std::int64_t madeAt, int turn);
    void tick(const Tick &tick);
    void timePassed(std::int64_t now);
    /// Its owner starts again: the last price is not known any more, and cancels under way are to be asked for again.
    void restart();
    /// An order that had not arrived is sent once more.
    void sendAgain(std::int64_t number, int turn);
    /// One that is not.
    void takeBack(std::int64_t number) { endOnRequest(number); }

    [[nodiscard]] const std::vector<ModelOrder> &orders() const { return m_orders; }
    [[nodiscard]] const std::vector<ModelFill> &fills() const { return m_fills; }
    [[nodiscard]] const std::vector<ModelRow> &rows() const { return m_rows; }
    [[nodiscard]] Amount sum(RowKind kind) const;
    [[nodiscard]] Amount balance() const { return balanceOf(m_rows); }
    [[nodiscard]] Holding holding() const { return held(m_fills); }
    [[nodiscard]] bool hasCancelsUnderWay() const { return !m_cancels.empty(); }

private:
    struct Cancel
    {
        std::int64_t order = 0;
        std::int64_t arrives = 0;
        int turn = 0;
    };
    struct Traded
    {
        Amount gross = 0;
        Holding after;
    };

    [[nodiscard]] static Traded trade(const Holding &before, const ModelFill &fill);
    [[nodiscard]] static Holding held(const std::vector<ModelFill> &fills);
    [[nodiscard]] Amount balanceOf(const std::vector<ModelRow> &rows) const;
    [[nodiscard]] Amount margin(Amount cost) const;
    [[nodiscard]] Amount maintenance(Amount worth) const;
    [[nodiscard]] int mostLeverage(Amount worth) const;

    [[nodiscard]] std::int64_t arrival(std::int64_t madeAt) const;
    void payFunding(std::int64_t now);
    void liquidate();
    void endOnRequest(std::int64_t number);
    void arrive();
    void welcome(ModelOrder &order);
    void act(ModelOrder &order);
    void takeAtMarket(ModelOrder &order);
    void takeAtLimit(ModelOrder &order);
    bool fill(ModelOrder &order, Amount price, Amount quantity, bool isMaker);
    void endGroup(const ModelOrder &first);
    void follow(ModelOrder &order) const;

    [[nodiscard]] static bool isOver(const ModelOrder &order);
    [[nodiscard]] static bool isThere(const ModelOrder &order);
    [[nodiscard]] static bool buys(const ModelOrder &order) { return order.wish.side == Side::Buy; }
    [[nodiscard]] bool isMet(const ModelOrder &order) const;
    [[nodiscard]] bool meetsMarket(const ModelOrder &order) const;
    [[nodiscard]] Amount closable(bool buying) const;
    [[nodiscard]] Amount wanted(const ModelOrder &order) const;
    [[nodiscard]] Amount quote(bool buying) const;
    [[nodiscard]] Amount takerPrice(bool buying) const;
    [[nodiscard]] Amount noWorse(const ModelOrder &order) const;
    [[nodiscard]] ModelFill fillOf(bool buying, Amount price, Amount quantity, Amount rate) const;
    [[nodiscard]] bool passes(const Order &order) const;
    [[nodiscard]] bool canBear(const ModelOrder &order, const ModelFill &fill) const;
    [[nodiscard]] Amount bound(const ModelOrder &order) const;

    BotConfig m_config;
    Instrument m_instrument;
    bool m_isSpot;
    Amount m_maker;
    Amount m_taker;

    std::vector<ModelOrder> m_orders; ///< all there ever were
    std::vector<Cancel> m_cancels;
    std::vector<ModelFill> m_fills;
    std::vector<ModelRow> m_rows;

    bool m_knowsPrice = false;
    Tick m_tick;
    std::int64_t m_paidUpTo = 0; ///< milliseconds
    bool m_depthIsBound = false;
    Amount m_depth = 0;
    Amount m_queue = 0;
};

} // namespace tradebot::slowpaper
