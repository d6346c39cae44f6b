#include "events.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

enum { capacity_limit = 64 };

int events_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

int events_open_signal(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

static int control(int set, int operation, int descriptor, uint32_t events, uint64_t token) {
    struct epoll_event event = { .events = events, .data = { .u64 = token } };
    return epoll_ctl(set, operation, descriptor, &event);
}

int events_add(int set, int descriptor, int once, uint64_t token) {
    return control(set, EPOLL_CTL_ADD, descriptor, once ? EPOLLIN | EPOLLET : EPOLLIN, token);
}

int events_change(int set, int descriptor, int to_write, uint64_t token) {
    return control(set, EPOLL_CTL_MOD, descriptor, to_write ? EPOLLIN | EPOLLOUT : EPOLLIN, token);
}

int events_remove(int set, int descriptor) { return control(set, EPOLL_CTL_DEL, descriptor, 0, 0); }

int events_wait(int set, uint64_t *tokens, int capacity, int milliseconds) {
    struct epoll_event events[capacity_limit];
    int count = epoll_wait(set, events, capacity < capacity_limit ? capacity : capacity_limit, milliseconds);
    for (int index = 0; index < count; index++) tokens[index] = events[index].data.u64;
    return count;
}
