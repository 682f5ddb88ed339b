// SPDX-License-Identifier: GPL-3.0-or-later
// Tells ThreadSanitizer what it cannot see: that a queued call orders two threads. The distribution's Qt is not built
// with it, so the mutex of an event queue is invisible, and every value that crosses threads would look like a race.
// The functions below are those of Qt through which our code sends. They stand before Qt's own in the whole program,
// say "released" and "acquired" at the two ends, and call the original. Linked into the programs of a TSan build only,
// and not itself watched.

#include <QCoreApplication>
#include <QMetaObject>
#include <QObject>

#include <dlfcn.h>

#include <sanitizer/tsan_interface.h>

namespace {

using QtPrivate::QSlotObjectBase;

template<class Function>
Function original(const char *symbol)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, symbol));
}

/// Stands for a slot. Before it is called, it acquires what was released under itself (a queued call) or under the
/// sender (a connection).
class OrderedSlot final : public QSlotObjectBase
{
public:
    OrderedSlot(QSlotObjectBase *slot, const QObject *sender) : QSlotObjectBase(&run), m_slot(slot), m_sender(sender)
    {
        __tsan_release(this);
    }

private:
    static void run(int which, QSlotObjectBase *self, QObject *receiver, void **arguments, bool *result)
    {
        auto *ordered = static_cast<OrderedSlot *>(self);
        switch (which) {
        case Call:
            __tsan_acquire(ordered);
            if (ordered->m_sender != nullptr)
                __tsan_acquire(const_cast<QObject *>(ordered->m_sender));
            ordered->m_slot->call(receiver, arguments);
            __tsan_release(ordered);
            break;
        case Compare: *result = ordered->m_slot->compare(arguments); break;
        case Destroy:
            __tsan_acquire(ordered);
            ordered->m_slot->destroyIfLastRef();
            delete ordered;
            break;
        default: break;
        }
    }

    QSlotObjectBase *m_slot;
    const QObject *m_sender;
};

bool beforeDelivery(void **receiverAndEvent)
{
    __tsan_acquire(receiverAndEvent[1]);
    return false;
}

const bool isRegistered = QInternal::registerCallback(QInternal::EventNotifyCallback, beforeDelivery);

} // namespace

bool QMetaObject::invokeMethodImpl(QObject *object, QSlotObjectBase *slot, Qt::ConnectionType type, void *result)
{
    using Invoke = bool (*)(QObject *, QSlotObjectBase *, Qt::ConnectionType, void *);
    static const auto next = original<Invoke>("_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate"
                                              "15QSlotObjectBaseEN2Qt14ConnectionTypeEPv");
    return next(object, new OrderedSlot(slot, nullptr), type, result);
}

QMetaObject::Connection QObject::connectImpl(const QObject *sender, void **signal, const QObject *receiver,
                                             void **slotPointer, QSlotObjectBase *slot, Qt::ConnectionType type,
                                             const int *types, const QMetaObject *meta)
{
    using Connect = QMetaObject::Connection (*)(const QObject *, void **, const QObject *, void **, QSlotObjectBase *,
                                                Qt::ConnectionType, const int *, const QMetaObject *);
    static const auto next = original<Connect>("_ZN7QObject11connectImplEPKS_PPvS1_S3_PN9QtPrivate15QSlotObjectBaseE"
                                               "N2Qt14ConnectionTypeEPKiPK11QMetaObject");
    __tsan_release(const_cast<QObject *>(sender));
    return next(sender, signal, receiver, slotPointer, new OrderedSlot(slot, sender), type, types, meta);
}

void QMetaObject::activate(QObject *sender, const QMetaObject *meta, int signal, void **arguments)
{
    using Activate = void (*)(QObject *, const QMetaObject *, int, void **);
    static const auto next = original<Activate>("_ZN11QMetaObject8activateEP7QObjectPKS_iPPv");
    __tsan_acquire(sender); // what the connections were made with
    __tsan_release(sender);
    next(sender, meta, signal, arguments);
}

void QCoreApplication::postEvent(QObject *receiver, QEvent *event, int priority)
{
    using Post = void (*)(QObject *, QEvent *, int);
    static const auto next = original<Post>("_ZN16QCoreApplication9postEventEP7QObjectP6QEventi");
    __tsan_release(event);
    next(receiver, event, priority);
}
