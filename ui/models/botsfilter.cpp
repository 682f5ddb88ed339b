// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/botsfilter.h"

#include <algorithm>

namespace tradebot {

BotsFilter::BotsFilter(BotsModel &model, QObject *parent) : QSortFilterProxyModel(parent)
{
    setRecursiveFilteringEnabled(true);
    setSourceModel(&model);
}

void BotsFilter::setWords(const QString &text)
{
    m_words = text.split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

void BotsFilter::setAccount(std::optional<AccountKey> account)
{
    m_account = std::move(account);
    invalidateFilter();
}

bool BotsFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    switch (index.data(BotsModel::KindRole).toInt()) {
    case BotsModel::AccountKind: return !isFiltering(); // otherwise by its bots
    case BotsModel::SumKind:
        return m_words.isEmpty()
               && (!m_account || index.data(BotsModel::RowRole).value<AccountRow>().key == *m_account);
    default: break;
    }
    if (m_account && index.data(BotsModel::RowRole).value<BotRow>().account != *m_account)
        return false;
    const QString text = index.data(BotsModel::FilterRole).toString();
    return std::all_of(m_words.begin(), m_words.end(),
                       [&text](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace tradebot
