// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/stream/epollhub.h"

#include "core/base/logging.h"

#include <QTcpSocket>

#include <cerrno>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace tradebot {

namespace {

constexpr ViewerId wakeUpId = 0; // viewers count from 1

class DescriptorWire final : public StreamSink
{
public:
    explicit DescriptorWire(int descriptor) : m_descriptor(descriptor) { }
    ~DescriptorWire() override { ::close(m_descriptor); } // leaves epoll by itself

    qint64 send(std::span<const QByteArrayView> parts) override
    {
        for (;;) {
            const ssize_t sent = parts.size() == 1 ? sendOne(parts.front()) : sendMany(parts);
            if (sent >= 0)
                return sent;
            if (errno == EAGAIN)
                return 0;
            if (errno != EINTR)
                return -1;
        }
    }

private:
    static constexpr int flags = MSG_NOSIGNAL | MSG_DONTWAIT;

    [[nodiscard]] ssize_t sendOne(QByteArrayView part) const
    {
        return ::send(m_descriptor, part.data(), static_cast<std::size_t>(part.size()), flags);
    }
    [[nodiscard]] ssize_t sendMany(std::span<const QByteArrayView> parts) const
    {
        std::array<iovec, 32> vectors;
        const std::size_t count = std::min(parts.size(), vectors.size());
        for (std::size_t i = 0; i < count; ++i)
            vectors[i] = {const_cast<char *>(parts[i].data()), static_cast<std::size_t>(parts[i].size())}; // only read
        msghdr message{};
        message.msg_iov = vectors.data();
        message.msg_iovlen = count;
        return ::sendmsg(m_descriptor, &message, flags);
    }

    int m_descriptor;
};

/// Throws away what a viewer says; false when he has hung up, or talks without end.
bool discardInput(int descriptor)
{
    std::array<char, 4096> bytes;
    for (int rounds = 0; rounds < 16; ++rounds) {
        const ssize_t got = ::recv(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (got == 0)
            return false;
        if (got < 0)
            return errno == EAGAIN || errno == EINTR;
    }
    return false;
}

} // namespace

EpollHub::EpollHub(const StreamLimits &limits, const MonotonicClock &clock, Reports reports)
    : m_clock(clock),
      m_reports(std::move(reports)),
      m_stallMs(static_cast<unsigned>(limits.stall.count())),
      m_sweepMs(limits.sweepEvery.count()),
      m_epoll(::epoll_create1(EPOLL_CLOEXEC)),
      m_wakeUp(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      m_core(limits)
{
    if (m_epoll < 0 || m_wakeUp < 0)
        qFatal("no descriptor is left for the stream hub: %s", qPrintable(qt_error_string()));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = wakeUpId;
    ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_wakeUp, &event);
    m_thread = std::thread([this] { run(); });
    ::pthread_setname_np(m_thread.native_handle(), "streams");
}

EpollHub::~EpollHub()
{
    m_stops.store(true, std::memory_order_release);
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_wakeUp, &one, sizeof one);
    m_thread.join();
    while (auto parcel = m_queue.pop()) {
        if (const auto *arrival = std::get_if<Arrival>(&*parcel))
            ::close(arrival->descriptor);
    }
    ::close(m_wakeUp);
    ::close(m_epoll);
}

void EpollHub::attach(std::unique_ptr<QTcpSocket> socket, ViewerStart start)
{
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    socket->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    socket->setSocketOption(QAbstractSocket::SendBufferSizeSocketOption, sendBuffer);
    const auto original = static_cast<int>(socket->socketDescriptor());
    ::setsockopt(original, IPPROTO_TCP, TCP_USER_TIMEOUT, &m_stallMs, sizeof m_stallMs);
    socket->flush();
    const int descriptor = socket->bytesToWrite() == 0 ? ::fcntl(original, F_DUPFD_CLOEXEC, 3) : -1;
    socket->abort();                 // Qt's copy only: the peer sees nothing of it
    socket.release()->deleteLater(); // one of its signals may be what called us
    if (descriptor < 0) {
        QMetaObject::invokeMethod(
                this, [this, id = start.viewer] { m_reports({ViewerGone{id}}); }, Qt::QueuedConnection);
        return;
    }
    push(Arrival{descriptor, std::move(start)});
}

void EpollHub::post(std::vector<HubMessage> messages)
{
    if (!messages.empty())
        push(std::move(messages));
}

void EpollHub::push(Parcel parcel)
{
    m_queue.push(std::move(parcel));
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_wakeUp, &one, sizeof one); // fails only when it is awake anyway
}

void EpollHub::run()
{
    std::array<epoll_event, 256> events;
    while (!m_stops.load(std::memory_order_acquire)) {
        const auto wait = std::clamp<qint64>((m_core.nextTick() - m_clock.now()).count(), 0, m_sweepMs);
        const int count = ::epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), static_cast<int>(wait));
        if (count < 0 && errno != EINTR) {
            qCCritical(logServer, "the stream hub cannot wait: %s", qPrintable(qt_error_string()));
            break;
        }
        for (int i = 0; i < count; ++i) {
            const epoll_event &event = events.at(static_cast<std::size_t>(i));
            if (event.data.u64 == wakeUpId) {
                std::uint64_t wakeUps = 0;
                [[maybe_unused]] const ssize_t got = ::read(m_wakeUp, &wakeUps, sizeof wakeUps);
            } else {
                onEvent(event.data.u64, event.events);
            }
        }
        unpack();
        m_core.tick(m_clock.now());
        report();
    }
}

void EpollHub::unpack()
{
    const auto now = m_clock.now();
    while (const auto parcel = m_queue.pop()) {
        if (const auto *arrival = std::get_if<Arrival>(&*parcel)) {
            admit(*arrival);
            continue;
        }
        for (const HubMessage &message : std::get<std::vector<HubMessage>>(*parcel))
            m_core.handle(message, now);
    }
    m_core.flush(now);
}

void EpollHub::admit(const Arrival &arrival)
{
    m_core.add(arrival.start, std::make_unique<DescriptorWire>(arrival.descriptor), m_clock.now());
    m_descriptors.emplace(arrival.start.viewer, arrival.descriptor);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | static_cast<unsigned>(EPOLLET);
    event.data.u64 = arrival.start.viewer;
    if (::epoll_ctl(m_epoll, EPOLL_CTL_ADD, arrival.descriptor, &event) != 0)
        m_core.remove(arrival.start.viewer);
}

void EpollHub::onEvent(ViewerId viewer, unsigned events)
{
    const auto place = m_descriptors.find(viewer);
    if (place == m_descriptors.end())
        return;
    const bool gone = (events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0
                      || ((events & EPOLLIN) != 0 && !discardInput(place->second));
    if (gone)
        m_core.remove(viewer);
    else if ((events & EPOLLOUT) != 0)
        m_core.writable(viewer, m_clock.now());
}

void EpollHub::report()
{
    std::vector<HubReport> reports = m_core.takeReports();
    if (reports.empty())
        return;
    for (const HubReport &report : reports) {
        if (const auto *gone = std::get_if<ViewerGone>(&report))
            m_descriptors.erase(gone->viewer);
    }
    QMetaObject::invokeMethod(
            this, [this, reports = std::move(reports)] { m_reports(reports); }, Qt::QueuedConnection);
}

} // namespace tradebot
