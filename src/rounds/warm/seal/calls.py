"""The numbers of Linux's system calls on the two processors that Rounds knows, and a way to make one.

From the kernel's own tables: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.  From 424 on
all processors have the same numbers.
"""

from __future__ import annotations

import ctypes
import os
import platform
from functools import cache

from rounds.errors import SealError

_BOTH = """
    pidfd_send_signal 424, io_uring_setup 425, io_uring_enter 426, io_uring_register 427, open_tree 428,
    move_mount 429, fsopen 430, fsconfig 431, fsmount 432, fspick 433, pidfd_open 434, clone3 435, close_range 436,
    pidfd_getfd 438, process_madvise 440, mount_setattr 442, quotactl_fd 443, landlock_create_ruleset 444,
    landlock_add_rule 445, landlock_restrict_self 446, memfd_secret 447, process_mrelease 448, fchmodat2 452,
    statmount 457, listmount 458, setxattrat 463, open_tree_attr 467, file_setattr 469
"""
_X86_64 = """
    read 0, write 1, close 3, poll 7, mmap 9, munmap 11, brk 12, rt_sigaction 13, rt_sigprocmask 14,
    rt_sigreturn 15, ioctl 16, madvise 28, shmget 29, shmctl 31, socket 41, sendto 44, sendmsg 46, listen 50,
    clone 56, semget 64, msgget 68, fcntl 72, chmod 90, fchmod 91, chown 92, fchown 93, lchown 94, ptrace 101,
    syslog 103, capset 126, utime 132, mknod 133, personality 135, setpriority 141, sched_setparam 142,
    sched_setscheduler 144, vhangup 153, modify_ldt 154, pivot_root 155, prctl 157, adjtimex 159, chroot 161,
    acct 163, settimeofday 164, mount 165, umount2 166, swapon 167, swapoff 168, reboot 169, iopl 172, ioperm 173,
    init_module 175, delete_module 176, quotactl 179, setxattr 188, lsetxattr 189, fsetxattr 190, removexattr 197,
    lremovexattr 198, fremovexattr 199, futex 202, sched_setaffinity 203, restart_syscall 219, clock_settime 227,
    exit_group 231, utimes 235, kexec_load 246, add_key 248, request_key 249, keyctl 250, ioprio_set 251,
    migrate_pages 256, mknodat 259, fchownat 260, futimesat 261, fchmodat 268, unshare 272, move_pages 279,
    utimensat 280, perf_event_open 298, fanotify_init 300, prlimit64 302, name_to_handle_at 303,
    open_by_handle_at 304, clock_adjtime 305, sendmmsg 307, setns 308, process_vm_readv 310, process_vm_writev 311,
    kcmp 312, finit_module 313, sched_setattr 314, seccomp 317, kexec_file_load 320, bpf 321, userfaultfd 323
"""
_AARCH64 = """
    setxattr 5, lsetxattr 6, fsetxattr 7, removexattr 14, lremovexattr 15, fremovexattr 16, fcntl 25, ioctl 29,
    ioprio_set 30, mknodat 33, umount2 39, mount 40, pivot_root 41, chroot 51, fchmod 52, fchmodat 53, fchownat 54,
    fchown 55, close 57, vhangup 58, quotactl 60, read 63, write 64, ppoll 73, utimensat 88, acct 89, capset 91,
    personality 92, exit_group 94, unshare 97, futex 98, kexec_load 104, init_module 105, delete_module 106,
    clock_settime 112, syslog 116, ptrace 117, sched_setparam 118, sched_setscheduler 119, sched_setaffinity 122,
    restart_syscall 128, rt_sigaction 134, rt_sigprocmask 135, rt_sigreturn 139, setpriority 140, reboot 142,
    prctl 167, settimeofday 170, adjtimex 171, msgget 186, semget 190, shmget 194, shmctl 195, socket 198,
    listen 201, sendto 206, sendmsg 211, brk 214, munmap 215, add_key 217, request_key 218, keyctl 219, clone 220,
    mmap 222, swapon 224, swapoff 225, madvise 233, migrate_pages 238, move_pages 239, perf_event_open 241,
    prlimit64 261, fanotify_init 262, name_to_handle_at 264, open_by_handle_at 265, clock_adjtime 266, setns 268,
    sendmmsg 269, process_vm_readv 270, process_vm_writev 271, kcmp 272, finit_module 273, sched_setattr 274,
    seccomp 277, bpf 280, userfaultfd 282, kexec_file_load 294
"""
TABLES = {"x86_64": _X86_64, "aarch64": _AARCH64}
_libc = ctypes.CDLL(None, use_errno=True)


@cache
def numbers(machine: str = platform.machine()) -> dict[str, int]:
    """Return the numbers of this processor's calls; raise `SealError` for a processor that is in no table."""
    if machine not in TABLES:
        raise SealError(f"Rounds knows no system calls of the processor {machine}: nothing can be sealed here.")
    pairs = (pair.split() for pair in f"{TABLES[machine]},{_BOTH}".split(","))
    return {name: int(number) for name, number in pairs}


def call(name: str, *given: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Make a system call and return what it returns; raise `OSError` where it fails."""
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in given]
    returned = int(_libc.syscall(ctypes.c_long(numbers()[name]), *words))
    if returned < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return returned


def control(option: int, *values: int) -> int:
    """Call prctl(2) with an option and its values and return what it returns; raise `OSError` where it fails."""
    returned = int(_libc.prctl(option, *(ctypes.c_ulong(value) for value in (*values, *[0] * (4 - len(values))))))
    if returned < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl {option}: {os.strerror(number)}")
    return returned
