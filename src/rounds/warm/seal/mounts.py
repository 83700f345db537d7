"""A file system of its own for one process: what its seal names, at the places where it lies, and nothing else.

Each path is taken hold of first, then an empty tmpfs becomes the root and they are put into it: no path that is not
named can be looked up, so that neither `stat` nor `chmod` nor a socket's path leads outside.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable, Iterator

from rounds.warm.seal.calls import call
from rounds.warm.seal.value import Seal

_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REC, _PRIVATE, _DETACH = 1, 2, 4, 8, 0x4000, 1 << 18, 2
_HERE = -100  # AT_FDCWD
_CLONE, _CLOSE, _RECURSIVE = 1, 0o2000000, 0x8000  # OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC, AT_RECURSIVE
_EMPTY_FROM = 4  # MOVE_MOUNT_F_EMPTY_PATH
_ATTR_RDONLY, _ATTR_NOSUID = 1, 2
BASE = b"/tmp"  # covered while the new root is made; the old one is let go afterwards
LINKS = ("/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32")  # of one folder /usr, on most systems
MADE_ANEW = ("/proc", "/dev/pts", "/dev/ptmx", "/dev/shm")  # noqa: S108
_SHORTCUTS = (("/proc/self/fd", "/dev/fd"), ("fd/0", "/dev/stdin"), ("fd/1", "/dev/stdout"), ("fd/2", "/dev/stderr"))


def make_root(seal: Seal, with_lists: bool) -> None:
    """Make the seal's file system this process's root; it has a mount namespace of its own, and the right to mount.

    Folders that may be listed only are put in ``with_lists``: where Landlock closes what lies in them.
    """
    _mount(None, b"/", None, _REC | _PRIVATE)
    held = list(_take_hold(seal, seal.lists if with_lists else ()))
    links = [(os.readlink(path), path) for path in LINKS if os.path.islink(path)]
    _mount(b"tmpfs", BASE, b"tmpfs", _NOSUID | _NODEV, b"mode=755,size=1m")
    os.chdir(BASE)
    for target, path in (*links, *_SHORTCUTS):
        _make_folder(os.path.dirname(_inside(path)) or ".")
        os.symlink(target, _inside(path))
    for path, tree, is_writable in held:
        _put(path, tree, is_writable)
    _add_own(seal)
    _enter(BASE)


def _take_hold(seal: Seal, lists: Iterable[str]) -> Iterator[tuple[str, int, bool]]:
    """Yield each path with a copy of what is mounted there; those above come before those below."""
    wanted = dict.fromkeys((*lists, *seal.reads), False) | dict.fromkeys(seal.writes, True)
    for path in sorted(map(os.path.abspath, wanted), key=lambda path: path.count("/")):
        if path.startswith(MADE_ANEW) or path in LINKS:
            continue
        try:
            tree = call("open_tree", _HERE, os.fsencode(path), _CLONE | _CLOSE | _RECURSIVE)
        except (FileNotFoundError, PermissionError, NotADirectoryError):
            continue  # not there, or not for this account: it stays closed
        yield path, tree, wanted[path]


def _put(path: str, tree: int, is_writable: bool) -> None:
    """Put a tree at its place below the new root."""
    target = _inside(path)
    if stat.S_ISDIR(os.fstat(tree).st_mode):
        _make_folder(target)
    elif not os.path.exists(target):
        _make_folder(os.path.dirname(target))
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY))
    call("move_mount", tree, b"", _HERE, os.fsencode(target), _EMPTY_FROM)
    os.close(tree)
    _set_attributes(target, _ATTR_NOSUID | (0 if is_writable else _ATTR_RDONLY), _RECURSIVE)


def _make_folder(path: str) -> None:
    if not os.path.isdir(path):  # a look costs a tenth of a try
        os.makedirs(path)


def _set_attributes(target: str, on: int, recursive: int = 0) -> None:
    call("mount_setattr", _HERE, os.fsencode(target), recursive, struct.pack("=QQQQ", on, 0, 0, 0), 32)


def _add_own(seal: Seal) -> None:
    """Add what each room has of its own: processes, pseudo-terminals, shared memory, temporary files."""
    for name in ("proc", "dev/shm", "dev/pts", "tmp"):
        _make_folder(name)
    _mount(b"proc", b"proc", b"proc", _NOSUID | _NODEV | _NOEXEC | _RDONLY)
    _mount(b"devpts", b"dev/pts", b"devpts", _NOSUID | _NOEXEC, b"newinstance,ptmxmode=0666,mode=620")
    os.symlink("pts/ptmx", "dev/ptmx")
    size = f"mode=1777,size={seal.shared_mb}m".encode()
    _mount(b"tmpfs", b"dev/shm", b"tmpfs", _NOSUID | _NODEV, size)
    if seal.tmp and not os.listdir("tmp"):  # what is allowed below /tmp would be covered
        call("move_mount", _clone(_inside(seal.tmp)), b"", _HERE, b"tmp", _EMPTY_FROM)
    for path in filter(os.path.isdir, map(_inside, seal.hides)):
        _mount(b"tmpfs", os.fsencode(path), b"tmpfs", _NOSUID | _NODEV | _RDONLY, b"mode=000,size=4k")
    _set_attributes(os.fsdecode(BASE), _ATTR_RDONLY)


def _clone(path: str) -> int:
    return call("open_tree", _HERE, os.fsencode(path), _CLONE | _CLOSE | _RECURSIVE)


def _inside(path: str) -> str:
    """Return a path as it is called from the new root, in which this process works."""
    return path.lstrip("/")


def _enter(root: bytes) -> None:
    """Make a mount the root and let go of the old one, without a folder for it (pivot_root(2), Notes)."""
    os.chdir(root)
    call("pivot_root", b".", b".")
    call("umount2", b".", _DETACH)
    os.chdir("/")


def _mount(source: bytes | None, target: bytes, kind: bytes | None, flags: int, data: bytes | None = None) -> None:
    call("mount", source, target, kind, flags, data)
