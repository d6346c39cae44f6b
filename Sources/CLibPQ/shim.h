#pragma once
#include <libpq-fe.h>
// What the loop that drives the connections waits with; Swift's own module of the C library leaves them out.
#include <sys/epoll.h>
#include <sys/eventfd.h>
