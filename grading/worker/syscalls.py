"""The system calls that a worker may make, by their numbers on each architecture.

Sources: asm/unistd_64.h (x86-64) and asm-generic/unistd.h (aarch64) of Linux; a test compares.
"""

from __future__ import annotations

ARCHITECTURES = ("x86-64", "aarch64")

LAST_KNOWN = 451
"""Numbers above this are of calls younger than this list (Linux 6.5): they are not there."""

_ALLOWED = """
# files: read, look up (what may be opened is Landlock's and the tree's to say)
read 0 63,  pread64 17 67,  readv 19 65,  preadv 295 69,  write 1 64,
pwrite64 18 68,  writev 20 66,  pwritev 296 70,  open 2 -,  openat 257 56,
close 3 57,  close_range 436 436,  lseek 8 62,  stat 4 -,  fstat 5 80,  lstat 6 -,
newfstatat 262 79,  statx 332 291,  access 21 -,  faccessat 269 48,  faccessat2 439 439,
readlink 89 -,  readlinkat 267 78,  getdents 78 -,  getdents64 217 61,  getcwd 79 17,
chdir 80 49,  fchdir 81 50,  dup 32 23,  dup2 33 -,  dup3 292 24,  pipe 22 -,  pipe2 293 59,
statfs 137 43,  fstatfs 138 44,  umask 95 166,
# memory
brk 12 214,  mmap 9 222,  munmap 11 215,  mremap 25 216,  mprotect 10 226,
msync 26 227,  membarrier 324 283,  pkey_alloc 330 289,  pkey_free 331 290,
pkey_mprotect 329 288,
# threads and the process itself
exit 60 93,  exit_group 231 94,  futex 202 98,  futex_waitv 449 449,  set_robust_list 273 99,
set_tid_address 218 96,  rseq 334 293,  arch_prctl 158 -,  getpid 39 172,  getppid 110 173,
gettid 186 178,  getpgid 121 155,  getpgrp 111 -,  getsid 124 156,  getuid 102 174,
geteuid 107 175,  getgid 104 176,  getegid 108 177,  getresuid 118 148,  getresgid 120 150,
getgroups 115 158,  capget 125 90,  getrlimit 97 163,  getrusage 98 165,  times 100 153,
wait4 61 260,  waitid 247 95,  sched_yield 24 124,  sched_getaffinity 204 123,
sched_getparam 143 121,  sched_getscheduler 145 120,  sched_get_priority_max 146 125,
sched_get_priority_min 147 126,  getpriority 140 141,  getcpu 309 168,  uname 63 160,
sysinfo 99 179,  restart_syscall 219 128,  getrandom 318 278,
# signals to oneself
rt_sigaction 13 134,  rt_sigprocmask 14 135,  rt_sigreturn 15 139,  rt_sigpending 127 136,
rt_sigsuspend 130 133,  rt_sigtimedwait 128 137,  sigaltstack 131 132,  pause 34 -,  alarm 37 -,
# time and waiting
nanosleep 35 101,  clock_nanosleep 230 115,  clock_gettime 228 113,  clock_getres 229 114,
gettimeofday 96 169,  time 201 -,  setitimer 38 103,  getitimer 36 102,  timer_create 222 107,
timer_settime 223 110,  timer_gettime 224 108,  timer_getoverrun 225 109,  timer_delete 226 111,
timerfd_create 283 85,  timerfd_settime 286 86,  timerfd_gettime 287 87,  eventfd 284 -,
eventfd2 290 19,  poll 7 -,  ppoll 271 73,  select 23 -,  pselect6 270 72,  epoll_create 213 -,
epoll_create1 291 20,  epoll_ctl 233 21,  epoll_wait 232 -,  epoll_pwait 281 22,
# the channel that is open already
sendto 44 206,  recvfrom 45 207,  shutdown 48 210,  getsockopt 55 209,
getsockname 51 204,  getpeername 52 205,
"""
"""Name, number on x86-64, number on aarch64 (a dash where it has no such call)."""

_BY_ARGUMENT = """
clone 56 220, kill 62 129, tgkill 234 131, prctl 157 167, prlimit64 302 261, ioctl 16 29,
fcntl 72 25, madvise 28 233,
"""

_NOT_THERE = "clone3 435 435, openat2 437 437,"
"""Calls whose arguments a filter can't see: the C library goes on with the older ones."""


def _parsed(table: str) -> dict[str, tuple[str, ...]]:
    lines = (line for line in table.splitlines() if not line.startswith("#"))
    rows = (row.split() for row in " ".join(lines).split(",") if row.strip())
    return {name: tuple(numbers) for name, *numbers in rows}


def numbers(table: str, architecture: str) -> dict[str, int]:
    """Name → number, of the `allowed`, `by argument` or `not there` calls of an architecture."""
    tables = {"allowed": _ALLOWED, "by argument": _BY_ARGUMENT, "not there": _NOT_THERE}
    column = ARCHITECTURES.index(architecture)
    rows = _parsed(tables[table]).items()
    return {name: int(row[column]) for name, row in rows if row[column] != "-"}
