"""Open a text file, plain or packed with gzip: the bytes inside, and how far its reading has come."""

from __future__ import annotations

import gzip
import os
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, cast

PACKED = ".gz"


def open_bytes(path: Path) -> BinaryIO:
    """Open a file for reading its bytes; those inside, where it is packed."""
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix.lower() == PACKED else path.open("rb")


def open_text(path: Path, encoding: str, errors: str = "strict") -> TextIOWrapper:
    """Open a file for reading its text, line ends as they stand."""
    return TextIOWrapper(open_bytes(path), encoding=encoding, errors=errors, newline="")


def share_read(file: TextIOWrapper, size: int) -> float:
    """Return the part of the bytes on disk that was read."""
    return os.lseek(file.fileno(), 0, os.SEEK_CUR) / size


def suffix_of(path: Path) -> str:
    """Return the suffix of a file in small letters, of a packed one that of the file inside."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return suffixes[-2] if suffixes[-1:] == [PACKED] and len(suffixes) > 1 else (suffixes or [""])[-1]


def stem_of(path: Path) -> str:
    """Return the name of a file without its suffix, of a packed one without both."""
    return Path(path.stem).stem if path.suffix.lower() == PACKED else path.stem
