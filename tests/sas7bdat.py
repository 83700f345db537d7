"""Write a small SAS data file (.sas7bdat, 32 bit, one page), for there is no free program that writes one.

It holds what pandas reads; ReadStat asks for more parts.  Numbers are doubles, texts have a fixed width.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MAGIC = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
HEADER, PAGE, MIX = 1024, 16384, 0x0200
ENCODINGS = {"utf-8": 20, "cp1252": 62, "cp1255": 65}


@dataclass(frozen=True)
class Variable:
    """One variable: a number when its width is 0, else a text of that many bytes."""

    name: str
    width: int = 0
    label: str = ""
    format: str = ""

    @property
    def size(self) -> int:
        return self.width or 8


def write_sas7bdat(path: Path, variables: Sequence[Variable], rows: Sequence[Sequence[object]], encoding: str) -> Path:
    """Write the rows; a number that is None becomes SAS's missing value."""
    header = bytearray(HEADER)
    header[:32] = MAGIC
    header[37], header[39], header[70] = 1, ord("1"), ENCODINGS[encoding]
    header[84:92], header[92:100], header[156:164] = b"SAS FILE", b"TEST    ", b"DATA    "
    struct.pack_into("<3I", header, 196, HEADER, PAGE, 1)
    path.write_bytes(bytes(header) + _page(variables, rows, encoding))
    return path


def _page(variables: Sequence[Variable], rows: Sequence[Sequence[object]], encoding: str) -> bytes:
    blocks = _subheaders(variables, len(rows), encoding)
    page, place, end = bytearray(PAGE), 24, PAGE
    struct.pack_into("<4H", page, 16, MIX, len(rows) + len(blocks), len(blocks), 0)
    for block in blocks:
        end -= len(block)
        page[end : end + len(block)] = block
        struct.pack_into("<2I2B", page, place, end, len(block), 0, 0)
        place += 12
    place += place % 8
    for row in rows:
        data = b"".join(_cell(v, value, encoding) for v, value in zip(variables, row, strict=True))
        page[place : place + len(data)] = data
        place += len(data)
    assert place <= end
    return bytes(page)


def _cell(variable: Variable, value: object, encoding: str) -> bytes:
    if variable.width:
        return str(value).encode(encoding).ljust(variable.width)
    missing = bytes.fromhex("0000000000feffff")
    return missing if value is None else struct.pack("<d", float(str(value)))


def _subheaders(variables: Sequence[Variable], rows: int, encoding: str) -> list[bytes]:
    texts, places = bytearray(56), []  # the first bytes belong to the text block itself and to the program's name
    for variable in variables:
        for text in (variable.name, variable.label, variable.format):
            raw = text.encode(encoding)
            places.append((len(texts), len(raw)))
            texts += raw + b"\0" * (-len(raw) % 4)
    struct.pack_into("<H", texts, 0, len(texts))
    size = bytearray(480)
    struct.pack_into("<I", size, 0, 0xF7F7F7F7)
    struct.pack_into("<2I", size, 20, sum(v.size for v in variables), rows)
    struct.pack_into("<2I", size, 36, len(variables), 0)
    struct.pack_into("<I", size, 60, rows)
    count = struct.pack("<3I", 0xF6F6F6F6, len(variables), 0)
    text = struct.pack("<I", 0xFFFFFFFD) + bytes(texts)
    names = struct.pack("<I8x", 0xFFFFFFFF) + b"".join(struct.pack("<4H", 0, *p, 0) for p in places[::3]) + bytes(8)
    blocks = [bytes(size), count, text, names, _attributes(variables)]
    return [*blocks, *(_format(places[3 * i + 1], places[3 * i + 2]) for i in range(len(variables)))]


def _attributes(variables: Sequence[Variable]) -> bytes:
    block, place = bytearray(struct.pack("<I8x", 0xFFFFFFFC)), 0
    for variable in variables:
        block += struct.pack("<2IHBx", place, variable.size, 4, 2 if variable.width else 1)
        place += variable.size
    return bytes(block) + bytes(8)


def _format(label: tuple[int, int], form: tuple[int, int]) -> bytes:
    block = bytearray(52)
    struct.pack_into("<I", block, 0, 0xFFFFFBFE)
    struct.pack_into("<6H", block, 34, 0, *form, 0, *label)
    return bytes(block)
