#pragma once
#include <stdint.h>

// epoll(7) and eventfd(2), which Swift's own module of the C library leaves out. Plain numbers only: the headers of the system stay in
// the C file, so that their types are not declared twice for Swift. Each gives what the call of the system gives.

/// A new set of descriptors to wait for.
int events_open(void);
/// A new counter that wakes who waits for it.
int events_open_signal(void);
/// Watches `descriptor` for input; with `once`, tells each input only once instead of as long as it is not read.
int events_add(int set, int descriptor, int once, uint64_t token);
/// Changes whether room to write is watched too.
int events_change(int set, int descriptor, int to_write, uint64_t token);
int events_remove(int set, int descriptor);
/// Waits and writes down the tokens of what is ready.
int events_wait(int set, uint64_t *tokens, int capacity, int milliseconds);
