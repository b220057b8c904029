#ifndef TURNOUT_BENCH_AFFINITY_H
#define TURNOUT_BENCH_AFFINITY_H

/// Keeps the calling process on one processor; -1 where the system cannot do so.
int bench_pin(int processor);

/// Gives memory that was freed back to the system, where the C library can.
void bench_trim(void);

#endif
