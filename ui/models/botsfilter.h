// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/botsmodel.h"

#include <QSortFilterProxyModel>

#include <optional>

namespace tradebot {

/// Bots whose name, symbol, strategy, state or error contains all the words, of one account or all. Sums are shown only
/// while nothing of their account is filtered out.
class BotsFilter final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit BotsFilter(BotsModel &model, QObject *parent = nullptr);

    void setWords(const QString &text);
    void setAccount(std::optional<AccountKey> account);
    [[nodiscard]] bool isFiltering() const { return !m_words.isEmpty() || m_account.has_value(); }

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QStringList m_words;
    std::optional<AccountKey> m_account;
};

} // namespace tradebot
