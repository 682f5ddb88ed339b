// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/toasthost.h"

#include "ui/format/timeformat.h"
#include "ui/format/words.h"
#include "ui/theme/painting.h"
#include "ui/widgets/modebadge.h"

#include <QAccessible>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t mostToasts = 3;

Token edgeOf(ToastKind kind)
{
    switch (kind) {
    case ToastKind::Trade: return Token::Accent;
    case ToastKind::Complete: return Token::Running;
    case ToastKind::Error: return Token::Danger;
    }
    return Token::Accent;
}

QString iconOf(ToastKind kind)
{
    switch (kind) {
    case ToastKind::Trade: return u"trades"_s;
    case ToastKind::Complete: return u"ok"_s;
    case ToastKind::Error: return u"error"_s;
    }
    return {};
}

int secondsOf(ToastKind kind)
{
    return kind == ToastKind::Trade ? 3 : 5;
}

} // namespace

Toast::Toast(const UiContext &context, const ToastText &text, QWidget *parent)
    : QFrame(parent),
      m_context(context),
      m_icon(new QLabel(this)),
      m_heading(new QLabel(this)),
      m_body(new QLabel(this)),
      m_time(new QLabel(this)),
      m_close(new QToolButton(this)),
      m_countdown(new QTimer(this))
{
    const Theme &theme = context.theme;
    setObjectName(u"toast"_s);
    setFixedWidth(theme.px(308));
    for (QLabel *label : {m_heading, m_body}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    for (QLabel *label : {m_icon, m_heading, m_time})
        label->setMinimumHeight(theme.px(18)); // the height of the button beside them
    auto *badge = new ModeBadge(theme, text.mode, this);
    badge->setVisible(!text.bot.isEmpty());
    m_close->setObjectName(u"toastClose"_s);
    m_close->setAccessibleName(tr("Close message"));
    m_close->setAutoRaise(true);
    m_close->setFocusPolicy(Qt::TabFocus);
    m_close->setProperty("small", true);
    m_close->setFixedSize(theme.px(18), theme.px(18));
    connect(m_close, &QToolButton::clicked, this, &Toast::closed);

    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(8), theme.px(8), theme.px(10));
    layout->setHorizontalSpacing(theme.px(8));
    layout->setVerticalSpacing(theme.px(2));
    layout->addWidget(m_icon, 0, 0, Qt::AlignTop);
    layout->addWidget(m_heading, 0, 1);
    layout->addWidget(badge, 0, 2, Qt::AlignTop);
    layout->addWidget(m_time, 0, 3, Qt::AlignTop);
    layout->addWidget(m_close, 0, 4, Qt::AlignTop);
    layout->addWidget(m_body, 1, 1, 1, 4);
    layout->setColumnStretch(1, 1);

    m_countdown->setSingleShot(true);
    connect(m_countdown, &QTimer::timeout, this, &Toast::closed);
    m_text.kind = text.kind;
    connect(&theme, &Theme::changed, this, &Toast::applyTheme);
    applyTheme();
    show(text);
    beginCountdown();
}

void Toast::applyTheme()
{
    const Theme &theme = m_context.theme;
    m_heading->setFont(theme.font(FontRole::Strong));
    m_body->setFont(theme.font(FontRole::Body));
    m_time->setFont(theme.figures(FontRole::Table));
    for (QLabel *label : {m_heading, m_body})
        theme.setTextColor(*label, Token::Text);
    theme.setTextColor(*m_time, Token::Text2);
    m_icon->setPixmap(theme.pixmap(iconOf(m_text.kind), edgeOf(m_text.kind), 16, devicePixelRatioF()));
    m_close->setIcon(theme.icon(u"close"_s, Token::Text2));
    update();
}

void Toast::show(const ToastText &text)
{
    m_text = text;
    const QString heading = breakable(text.heading);
    m_heading->setText(m_count > 1 ? u"%1 ×%2"_s.arg(heading).arg(m_count) : heading);
    m_body->setText(breakable(text.text));
    m_body->setVisible(!text.text.isEmpty());
    m_time->setText(m_context.time.timeOfDay(m_context.clock.now()));
    setAccessibleName(text.heading + u". "_s + text.text);
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void Toast::repeat(const ToastText &text)
{
    ++m_count;
    show(text);
    beginCountdown();
}

void Toast::beginCountdown()
{
    if (m_text.kind != ToastKind::Error)
        m_countdown->start(secondsOf(m_text.kind) * 1000);
}

void Toast::paintEvent(QPaintEvent *)
{
    const Theme &theme = m_context.theme;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(QPen(theme.color(Token::BorderStrong), 1));
    painter.setBrush(theme.color(Token::Raised));
    painter.drawRoundedRect(box, 6, 6);
    painter.setClipRect(QRectF(0, 0, 4, height()));
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(edgeOf(m_text.kind)));
    painter.drawRoundedRect(QRectF(0, 0, 16, height()), 6, 6);
}

void Toast::enterEvent(QEnterEvent *)
{
    m_countdown->stop();
}

void Toast::leaveEvent(QEvent *)
{
    beginCountdown();
}

ToastHost::ToastHost(const UiContext &context, QWidget *window, QWidget *area)
    : QObject(window),
      m_context(context),
      m_window(window),
      m_area(area)
{
    window->installEventFilter(this);
    area->installEventFilter(this);
}

std::vector<Toast *> ToastHost::toasts() const
{
    std::vector<Toast *> all;
    for (const auto &toast : m_toasts) {
        if (!toast.isNull())
            all.push_back(toast.data());
    }
    return all;
}

void ToastHost::post(const ToastText &text)
{
    for (Toast *toast : toasts()) {
        if (toast->text().kind == text.kind && toast->text().bot == text.bot && toast->text().heading == text.heading) {
            toast->repeat(text);
            place();
            return;
        }
    }
    auto *toast = new Toast(m_context, text, m_window);
    m_toasts.insert(m_toasts.begin(), toast);
    connect(toast, &Toast::closed, this, [this, toast] {
        std::erase_if(m_toasts, [toast](const auto &entry) { return entry.isNull() || entry == toast; });
        toast->hide();
        toast->deleteLater();
        place();
    });
    if (m_toasts.size() > mostToasts) {
        // The oldest that is no error goes; when all are errors, the oldest.
        auto oldest = std::find_if(m_toasts.rbegin(), m_toasts.rend(),
                                   [](const auto &entry) { return entry->text().kind != ToastKind::Error; });
        if (oldest == m_toasts.rend())
            oldest = m_toasts.rbegin();
        Q_EMIT(*oldest)->closed();
    }
    toast->QWidget::show();
    place();
}

void ToastHost::place()
{
    if (m_area.isNull())
        return;
    const int gap = m_context.theme.px(8);
    const QPoint corner = m_area->mapTo(m_window, QPoint(m_area->width(), m_area->height()));
    int bottom = corner.y() - gap;
    const auto all = toasts();
    for (auto toast = all.rbegin(); toast != all.rend(); ++toast) { // NOLINT(modernize-loop-convert): newest first
        const int height = (*toast)->layout()->hasHeightForWidth() ? (*toast)->heightForWidth((*toast)->width())
                                                                   : (*toast)->sizeHint().height();
        (*toast)->setGeometry(corner.x() - gap - (*toast)->width(), bottom - height, (*toast)->width(), height);
        (*toast)->raise();
        bottom -= height + gap;
    }
}

bool ToastHost::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::Move)
        place();
    return QObject::eventFilter(watched, event);
}

} // namespace tradebot
