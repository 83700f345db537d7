"""Which system calls a sealed process is refused: what Landlock does not see.

What the machine keeps apart by namespaces need not be refused: `Walls` says which of them stand.
"""

from __future__ import annotations

import errno
import platform
from dataclasses import dataclass

from rounds.warm.seal.bpf import (
    ALLOW,
    AND,
    IS_EQUAL,
    Lines,
    answer,
    assemble,
    give,
    if_any_bit,
    if_one_of,
    load,
    load_upper,
    when,
)
from rounds.warm.seal.calls import numbers

REFUSED = answer(errno.EPERM)
CLOSED = answer(errno.EACCES)
NOT_HERE = answer(errno.ENOSYS)
UNDONE = answer(0)  # `shutil.copy` stops at an error of chmod: it is told that all is well, and nothing happens
ALWAYS = (
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "process_madvise", "process_mrelease"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open", "userfaultfd", "memfd_secret"),
    *("mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick"),
    *("mount_setattr", "statmount", "listmount", "open_tree_attr", "unshare", "setns", "name_to_handle_at"),
    *("open_by_handle_at", "keyctl", "add_key", "request_key", "modify_ldt", "personality", "quotactl", "quotactl_fd"),
    *("swapon", "swapoff", "reboot", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module"),
    *("settimeofday", "adjtimex", "clock_settime", "clock_adjtime", "acct", "syslog", "vhangup", "iopl", "ioperm"),
    *("fanotify_init", "migrate_pages", "move_pages"),
)
# By path, outside of every rule of Landlock: on a file elsewhere each of them would work.
BY_PATH = ("chmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchownat", "utime", "utimes", "futimesat")
ATTRIBUTES = ("setxattr", "lsetxattr", "setxattrat", "removexattr", "lremovexattr", "file_setattr")
WAITING = (  # what it takes to wait
    *("read", "write", "close", "poll", "ppoll", "mmap", "munmap", "madvise", "brk", "futex", "exit_group", "ioctl"),
    *("pidfd_open", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "restart_syscall"),
)
SYSTEM_V = ("shmget", "shmctl", "semget", "msgget")
PRIORITIES = {"sched_setparam": 0, "sched_setscheduler": 0, "sched_setaffinity": 0, "sched_setattr": 0}
PRIORITIES |= {"setpriority": 1, "ioprio_set": 1}
NEW_NAMESPACES = 0x7E020080  # every CLONE_NEW flag: clone makes namespaces though unshare is refused
FAST_OPEN = 0x20000000  # MSG_FASTOPEN connects and passes Landlock's ports
SET_LEASE = 1024  # F_SETLEASE stops whoever opens a file that all rooms read
TYPE_INTO, CONSOLE = 0x5412, 0x541C  # TIOCSTI and TIOCLINUX type into a terminal
UNIX, INTERNET, INTERNET6, NETLINK = 1, 2, 10, 16
STREAM, DATAGRAM, TYPE_BITS = 1, 2, 0xF
TCP = 6


@dataclass(frozen=True)
class Walls:
    """What of a process stands apart: the files it sees, its processes, its network; what it does with one it shares.

    ``streams_out``: it opens streams in the network of the machine, and Landlock says to which ports.
    """

    files: bool = False
    processes: bool = False
    network: bool = False
    streams_out: bool = False
    serves: bool = False

    @property
    def streams(self) -> bool:
        """Whether streams may be opened: into a network of its own, or where Landlock says to which ports."""
        return self.network or self.streams_out or self.serves


def write_filter(walls: Walls, machine: str = platform.machine()) -> bytes:
    """Return the program that a process runs from its seal on."""
    known = numbers(machine)
    named: dict[str, Lines] = {name: give(REFUSED) for name in ALWAYS}
    named |= _of_all() | _of_sockets(walls)
    if not walls.serves:
        named |= _without(walls)
    return assemble({known[name]: lines for name, lines in named.items() if name in known}, machine)


def write_first(machine: str = platform.machine()) -> bytes:
    """Return the program of a room's first process, which waits for the end and does nothing else."""
    known = numbers(machine)
    return assemble({known[name]: give(ALLOW) for name in WAITING if name in known}, machine, REFUSED)


def _of_all() -> dict[str, Lines]:
    return {
        "clone": if_any_bit(0, NEW_NAMESPACES, REFUSED),
        "clone3": give(NOT_HERE),  # its flags lie in memory; the C library falls back to clone
        "fcntl": if_one_of(1, (SET_LEASE,), REFUSED),
        "ioctl": if_one_of(1, (TYPE_INTO, CONSOLE), REFUSED),
        "prlimit64": if_one_of(0, (0,), ALLOW, REFUSED),
        "sendto": if_any_bit(3, FAST_OPEN, CLOSED),
        "sendmsg": if_any_bit(2, FAST_OPEN, CLOSED),
        "sendmmsg": if_any_bit(3, FAST_OPEN, CLOSED),
    }


def _of_sockets(walls: Walls) -> dict[str, Lines]:
    """Decide on ``socket``; ``socketpair`` stays: multiprocessing and asyncio need it."""
    datagrams = give(ALLOW if walls.streams else CLOSED)
    streams = if_one_of(2, (0, TCP), ALLOW, answer(errno.EPROTONOSUPPORT)) if walls.streams else give(CLOSED)
    kinds = [load(1), (AND, 0, 0, TYPE_BITS), *when(IS_EQUAL, STREAM, streams)]
    kinds += [*when(IS_EQUAL, DATAGRAM, datagrams), *give(CLOSED)]
    routes = walls.network or walls.serves
    # libzmq ends the process when a netlink socket fails with EACCES; of EOPNOTSUPP it takes no notice
    netlink = give(ALLOW if routes else answer(errno.EOPNOTSUPP))
    unix = give(ALLOW if walls.files or walls.serves else CLOSED)
    lines = [load(0), *when(IS_EQUAL, UNIX, unix), *when(IS_EQUAL, NETLINK, netlink)]
    lines += [*when(IS_EQUAL, INTERNET, kinds), *when(IS_EQUAL, INTERNET6, kinds)]
    return {"socket": [*lines, *give(answer(errno.EAFNOSUPPORT))]}


def _without(walls: Walls) -> dict[str, Lines]:
    """Decide on what namespaces keep apart, where they do not."""
    named: dict[str, Lines] = {}
    if not walls.network:
        named["listen"] = give(CLOSED)  # without `bind` it opens a port of every address, and Landlock is not asked
    if not walls.files:
        named |= {name: give(UNDONE) for name in BY_PATH}
        named |= {name: give(answer(errno.EOPNOTSUPP)) for name in ATTRIBUTES}
        named["utimensat"] = _if_by_name()
    if not walls.processes:
        named |= {name: give(REFUSED) for name in SYSTEM_V}
        # libzmq names each of its threads to the scheduler, and ends the process when that is refused
        named |= {name: if_one_of(argument, (0,), ALLOW, UNDONE) for name, argument in PRIORITIES.items()}
    return named


def _if_by_name() -> Lines:
    """Leave ``futimens`` alone, whose name is NULL: its file is open already."""
    named = give(UNDONE)
    return [load_upper(1), *when(IS_EQUAL, 0, [load(1), *when(IS_EQUAL, 0, give(ALLOW)), *named]), *named]
