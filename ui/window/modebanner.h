// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botsnapshot.h"
#include "ui/models/livefeed.h"

#include <QWidget>

namespace tradebot {

class Theme;

/// Whose money the window is about.
enum class WindowMode { NoBots, Demo, Live, Mixed };

struct ModeCounts
{
    int demo = 0;
    int live = 0;
    int inError = 0;
    int degraded = 0;

    [[nodiscard]] WindowMode mode() const;
    friend bool operator==(const ModeCounts &, const ModeCounts &) = default;
};

[[nodiscard]] ModeCounts countModes(const LiveFeed &live);
/// "DEMO", "LIVE", "LIVE + DEMO": leads every window title.
[[nodiscard]] QString titleWord(WindowMode mode);

/// The strip on top that says whether money is real. Cannot be hidden.
class ModeBanner final : public QWidget
{
    Q_OBJECT
public:
    explicit ModeBanner(const Theme &theme, QWidget *parent = nullptr);

    void setCounts(const ModeCounts &counts);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintHalf(QPainter &painter, const QRect &rect, Mode mode) const;
    [[nodiscard]] QString countsText() const;

    const Theme &m_theme;
    ModeCounts m_counts;
};

inline constexpr int frameWidth = 3;

/// The left, right and lower edge of the window in the colour of its mode.
void paintModeFrame(QPainter &painter, const QRect &window, const Theme &theme, WindowMode mode);

} // namespace tradebot
