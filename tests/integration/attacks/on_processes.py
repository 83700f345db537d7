"""Attacks on other processes, on the kernel's doors to privileges, and on what came along at the fork."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys

from tests.integration.attacks.trick import At, trick

LIBC = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"
NEW_USER, NEW_MOUNTS, NEW_NET = 0x10000000, 0x00020000, 0x40000000


def call(number: int, *arguments: object) -> int:
    """Make a system call; raise `OSError` when it is refused."""
    said = int(LIBC.syscall(number, *arguments))
    if said < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return said


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(4000)


@trick
def read_the_hubs_environment(at: At) -> object:
    return b"=" in read(f"/proc/{at['hub_pid']}/environ") and "read"


@trick
def read_the_own_servers_environment(at: At) -> object:
    return b"TOKEN" in read(f"/proc/{at['server_pid']}/environ") and "read"


@trick
def see_other_processes(at: At) -> object:
    there = [name for name in os.listdir("/proc") if name.isdigit()]
    return len(there) > 40 and f"{len(there)} processes"


@trick
def read_the_arguments_of_others(at: At) -> object:
    return read(f"/proc/{at['hub_pid']}/cmdline")


@trick
def go_through_anothers_root(at: At) -> object:
    return os.listdir(f"/proc/{at['server_pid']}/root/")


@trick
def go_through_anothers_descriptors(at: At) -> object:
    return os.listdir(f"/proc/{at['server_pid']}/fd")


@trick
def read_anothers_memory(at: At) -> object:
    maps = read(f"/proc/{at['server_pid']}/maps").split(b"\n")[0]
    start = int(maps.split(b"-")[0], 16)
    with open(f"/proc/{at['server_pid']}/mem", "rb") as memory:
        memory.seek(start)
        return memory.read(8)


@trick
def signal_the_hub(at: At) -> object:
    os.kill(at["hub_pid"], 0)
    return "could have ended it"


@trick
def signal_anothers_server(at: At) -> object:
    os.kill(at["other_pid"], 0)
    return "could have ended it"


@trick
def signal_the_own_server(at: At) -> object:
    os.kill(at["server_pid"], 0)
    return "could have ended it"


@trick
def trace_a_server(at: At) -> object:
    if LIBC.ptrace(16, at["other_pid"], 0, 0):  # PTRACE_ATTACH
        raise OSError
    LIBC.ptrace(17, at["other_pid"], 0, 0)
    return "attached"


@trick
def read_by_process_vm(at: At) -> object:
    here = ctypes.create_string_buffer(8)
    local = struct.pack("QQ", ctypes.addressof(here), 8)
    maps = read("/proc/self/maps").split(b"-")[0]
    remote = struct.pack("QQ", int(maps, 16), 8)
    return call(310 if X86 else 270, at["other_pid"], local, 1, remote, 1, 0)


@trick
def take_a_descriptor_of_another(at: At) -> object:
    handle = os.pidfd_open(at["server_pid"])
    return call(438, handle, 1, 0)


@trick
def change_the_limits_of_another(at: At) -> object:
    return resource.prlimit(at["other_pid"], resource.RLIMIT_NOFILE)


@trick
def change_the_priority_of_another(at: At) -> object:
    before = os.getpriority(os.PRIO_PROCESS, at["other_pid"])
    os.setpriority(os.PRIO_PROCESS, at["other_pid"], before + 1)
    return os.getpriority(os.PRIO_PROCESS, at["other_pid"]) != before and "slowed down"


@trick
def pin_another_to_a_processor(at: At) -> object:
    before = os.sched_getaffinity(at["other_pid"])
    os.sched_setaffinity(at["other_pid"], {min(before)})
    changed = os.sched_getaffinity(at["other_pid"]) != before
    os.sched_setaffinity(at["other_pid"], before)
    return changed and "pinned"


@trick
def read_the_first_process_of_the_room(at: At) -> object:
    return read("/proc/1/environ") or read("/proc/1/maps")


@trick
def make_namespaces_by_unshare(at: At) -> object:
    if LIBC.unshare(NEW_USER):
        raise OSError
    return "made"


@trick
def make_namespaces_by_clone(at: At) -> object:
    child = call(56 if X86 else 220, NEW_USER | 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    return f"process {child}"


@trick
def make_namespaces_by_clone3(at: At) -> object:
    child = call(435, struct.pack("11Q", NEW_USER, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0), 88)
    if child == 0:
        os._exit(0)
    return f"process {child}"


@trick
def mount_something(at: At) -> object:
    os.makedirs("attack-mount", exist_ok=True)
    if LIBC.mount(b"none", b"attack-mount", b"tmpfs", 0, None):
        raise OSError
    return "mounted"


@trick
def mount_by_the_new_calls(at: At) -> object:
    return call(430, b"tmpfs", 0)


@trick
def unmount_what_hides(at: At) -> object:
    for path in (at["state"], "/dev/shm", "/proc", "/tmp"):
        if LIBC.umount2(os.fsencode(path), 2) == 0:
            return path
    return ""


@trick
def enter_the_namespaces_of_another(at: At) -> object:
    handle = os.open(f"/proc/{at['hub_pid']}/ns/net", os.O_RDONLY)
    if LIBC.setns(handle, 0):
        raise OSError
    return "entered"


@trick
def change_the_root(at: At) -> object:
    os.chroot(".")
    return "changed"


@trick
def open_a_file_by_its_handle(at: At) -> object:
    return call(304 if X86 else 265, -100, struct.pack("II", 8, 1) + bytes(8), 0)


@trick
def use_the_keyring(at: At) -> object:
    return call(248 if X86 else 217, b"user", b"attack", b"x", 1, -4)


@trick
def load_a_program_into_the_kernel(at: At) -> object:
    return call(321 if X86 else 280, 0, struct.pack("4I", 2, 4, 8, 1) + bytes(56), 72)


@trick
def watch_by_perf(at: At) -> object:
    return call(298 if X86 else 241, struct.pack("2I", 1, 112) + bytes(104), 0, -1, -1, 0)


@trick
def set_up_io_uring(at: At) -> object:
    return call(425, 4, ctypes.create_string_buffer(120))


@trick
def set_up_userfaultfd(at: At) -> object:
    return call(323 if X86 else 282, 1)


@trick
def become_root_or_another(at: At) -> object:
    if os.geteuid() == 0:
        os.setuid(65534)
        return "setuid works"
    os.setuid(0)
    return "root"


@trick
def keep_a_capability(at: At) -> object:
    held = next(line for line in read("/proc/self/status").decode().split("\n") if line.startswith("CapEff"))
    return int(held.split()[1], 16) and held


@trick
def use_a_descriptor_that_came_along(at: At) -> object:
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            continue
        if target.startswith(at["state"]) and at["account"] not in target:
            found.append(target)
    return found


@trick
def find_a_token_in_the_environment(at: At) -> object:
    said = read("/proc/self/environ").decode(errors="replace") + str(dict(os.environ))
    mirrored = said[::-1]
    known = any(secret in mirrored for secret in at["mirrored_secrets"])
    tokens = [name for name in os.environ if "TOKEN" in name and os.environ[name]]
    return (known and "a secret in the environment") or tokens


@trick
def find_a_secret_in_the_own_memory(at: At) -> object:
    """Look for secrets by their mirror image, which is all that the attacker's own text holds."""
    with open("/proc/self/maps", encoding="utf-8") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
        for line in maps:
            where, rights = line.split()[:2]
            start, end = (int(part, 16) for part in where.split("-"))
            if "rw" not in rights or end - start > 100_000_000 or "[v" in line:
                continue
            memory.seek(start)
            mirrored = memory.read(end - start)[::-1]
            if any(secret.encode() in mirrored for secret in at["mirrored_secrets"]):
                return f"in {line.split()[-1]}"
    return ""


@trick
def find_hidden_checks_in_memory(at: At) -> object:
    return [name for name, module in list(sys.modules.items()) if hasattr(module, "HIDDEN")]


@trick
def attach_to_shared_memory_of_others(at: At) -> object:
    segment = LIBC.shmget(at["shm_key"], 16, 0)
    return segment >= 0 and f"segment {segment}"
