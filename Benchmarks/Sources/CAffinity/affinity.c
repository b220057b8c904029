// The call is a GNU extension, which Swift does not see.
#define _GNU_SOURCE
#include "affinity.h"

#ifdef __linux__
#include <sched.h>

int bench_pin(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  return sched_setaffinity(0, sizeof set, &set);
}
#else
int bench_pin(int processor) {
  (void)processor;
  return -1;
}
#endif

#if defined(__GLIBC__)
#include <malloc.h>
void bench_trim(void) { malloc_trim(0); }
#else
void bench_trim(void) {}
#endif
