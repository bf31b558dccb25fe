"""Arrays in formats of others, read without trusting them: MNIST's own (IDX) and MATLAB's.

SciPy reads MATLAB's files, too, but a damaged one can end its process, and this is what patterns
need of the format: full arrays of real numbers.
"""

from __future__ import annotations

import gzip
import math
import os
import zlib
from collections.abc import Iterator
from typing import IO, Any

import numpy as np

from ..base.checks import Array
from .files import MAX_BYTES, MAX_RATIO, BadFile

IDX = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}  # its codes of types
GZIP, HDF, MATLAB = b"\x1f\x8b", b"\x89HDF", b"MATLAB 5.0"  # how files begin
MATRIX, PACKED = 14, 15  # kinds of elements of a MATLAB file
TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
FULL = range(6, 16)  # classes of full arrays of numbers; others are cells, texts, sparse and so on
LOGICAL, COMPLEX = 0x200, 0x800


def is_idx(start: bytes) -> bool:
    """Return whether a file that begins so is an IDX file, or packed, as those mostly are."""
    return start[:2] == GZIP or (start[:2] == b"\0\0" and start[2:3] != b"" and start[2] in IDX)


def read_idx(handle: IO[bytes]) -> Array:
    """Read an IDX file, allocating only what a file of this size can fill."""
    size = os.fstat(handle.fileno()).st_size
    packed = handle.read(2) == GZIP
    handle.seek(0)
    source: Any = gzip.GzipFile(fileobj=handle) if packed else handle
    start = source.read(4)
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in IDX:
        raise BadFile("is packed, and is no IDX file inside" if packed else "is no IDX file")
    if start[3] not in (2, 3, 4):
        what = "one number an item, such as labels" if start[3] == 1 else f"{start[3]} dimensions"
        raise BadFile(f"holds {what}, not patterns")
    sides = source.read(4 * start[3])
    shape = tuple(int.from_bytes(sides[k : k + 4], "big") for k in range(0, len(sides), 4))
    dtype = np.dtype(IDX[start[2]])
    wanted = math.prod(shape) * dtype.itemsize
    most = min(MAX_BYTES, MAX_RATIO * size) if packed else size
    if len(sides) < 4 * start[3] or wanted > most:
        raise BadFile(f"is truncated, or claims more than it holds: an array of shape {shape}")
    data = source.read(wanted)
    if len(data) != wanted or source.read(1):
        raise BadFile(f"is damaged: an array of shape {shape} does not have its size")
    return np.frombuffer(data, dtype).astype(dtype.newbyteorder("=")).reshape(shape)


def read_mat(handle: IO[bytes]) -> Array:
    """Return the one full array of numbers in a MATLAB file of version 5 to 7."""
    data = handle.read()
    if data.startswith(HDF) or data[:10] == b"MATLAB 7.3":
        raise BadFile("is a MATLAB file of version 7.3: save it in MATLAB with the option -v7")
    order = {b"IM": "<", b"MI": ">"}.get(data[126:128])
    if not data.startswith(MATLAB) or order is None:
        raise BadFile("is no MATLAB file of version 5 to 7")
    found = [one for one in _matrices(data[128:], order) if one is not None]
    if len(found) != 1:
        names = ", ".join(name for name, _ in found[:5]) or "none"
        raise BadFile(f"must hold exactly one array of numbers, and holds {len(found)} ({names})")
    return found[0][1]


def _matrices(data: bytes, order: str) -> Iterator[tuple[str, Array] | None]:
    """Yield name and array of each element of a file, None for what is no full array of numbers."""
    for kind, part in _elements(data, order):
        inside = [(kind, part)]
        if kind == PACKED:  # once: what is packed within is no array
            unpacked = zlib.decompressobj()
            inside = list(_elements(unpacked.decompress(part, MAX_BYTES), order))
            if not unpacked.eof:
                raise BadFile("is damaged: it is cut off within an array")
        yield from (_matrix(matrix, order) for what, matrix in inside if what == MATRIX)


def _elements(data: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """Yield the type and the bytes of each element, those of short ones within their tag."""
    at = 0
    while at < len(data):
        if len(data) - at < 8:
            raise BadFile("is damaged: it is cut off within an array")
        kind, size = (int(word) for word in np.frombuffer(data, order + "u4", 2, at))
        if kind >> 16:
            kind, size, first, step = kind & 0xFFFF, kind >> 16, at + 4, 8
        else:
            first, step = at + 8, 8 + size + (-size % 8 if kind != PACKED else 0)
        if first + size > len(data) or (step == 8 and size > 4):
            raise BadFile("is damaged: it is cut off within an array")
        yield kind, data[first : first + size]
        at += step


def _matrix(data: bytes, order: str) -> tuple[str, Array] | None:
    """Return the name and the numbers of a matrix."""
    parts = _elements(data, order)
    flags = int(np.frombuffer(next(parts)[1], order + "u4", 1)[0])
    if flags & 0xFF not in FULL:
        return None
    shape = tuple(np.frombuffer(next(parts)[1], order + "i4").tolist())
    name = next(parts)[1].decode("latin-1")
    if flags & COMPLEX:
        raise BadFile(f"holds complex numbers ({name})")
    kind, numbers = next(parts)
    if kind not in TYPES or min(shape, default=-1) < 0:
        raise BadFile(f"is damaged: {name!r} is an array of shape {shape} and type {kind}")
    dtype = np.dtype(order + TYPES[kind])
    if math.prod(shape) * dtype.itemsize != len(numbers):
        raise BadFile(f"is damaged: an array of shape {shape} does not have its size")
    found = np.frombuffer(numbers, dtype).astype(dtype.newbyteorder("="))
    return name, (found != 0 if flags & LOGICAL else found).reshape(shape, order="F")
