"""Inputs: patterns from files of any kind: arrays, text, pictures, MATLAB's and MNIST's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, choice, count, describe, flag, two_states
from .files import (
    NUMBERS,
    BadFile,
    PathLike,
    as_path,
    open_archive,
    read_array,
    read_header,
    read_member,
    reading,
)
from .foreign import MATLAB, is_idx, read_idx, read_mat
from .pictures import FORMATS, MODES, check_threshold, lit, read_image

Shape = tuple[int, ...]
Values = tuple[int, int]

SIGNS, ZERO_ONE = (-1, 1), (0, 1)  # what may stand in a file for -1 and +1
DIGITS = frozenset(b"0123456789")  # a text without any is a drawing, or nothing that we read
TEXTS = ".csv", ".txt", ".dat"


class Found(NamedTuple):
    """What a file holds.

    Attributes
    ----------
    patterns : ndarray of int8, shape (P, N)
        -1/+1, and 0 for unknown where that was allowed; of uint8 in grey and in colour.
    values : (low, high) or None
        What stands for -1 and +1 in the file; None where it holds bools, +1 alone, or pixels.
    shape : (rows, columns) or (rows, columns, 3) or None
        Of each pattern, where the file says it.
    """

    patterns: Array
    values: Values | None
    shape: Shape | None


def read_patterns(
    path: PathLike,
    *,
    values: Sequence[float] = SIGNS,
    shape: Sequence[int] | None = None,
    mode: str = "binary",
    **image_options: Any,
) -> Array:
    """Read patterns from an array file, a text file or a picture.

    Parameters
    ----------
    path : str or os.PathLike
        A .npy file; a .npz or a MATLAB .mat file with exactly one array of numbers, or a .npz of
        ours; MNIST's own (IDX), also as .gz; a .csv, .txt or .dat file with one pattern a line,
        fields separated by commas or blanks, ``#`` starting a comment, or with drawings of ``#``
        (ink, +1) and ``.`` (paper, -1), an empty line between two; or a picture, which is one
        pattern. An array (P, rows, columns) is P pictures.
    values : {(-1, 1), (0, 1)}
        What stands in the file for -1 and +1. Bools, drawings and pictures need no such word.
    shape : (P, N) or (P, rows, columns), optional
        Where the file does not break its numbers so: one line of P N numbers holds P patterns, and
        a matrix with N numbers in all is one. P may be -1: as many as there are.
    mode : {"binary", "grey", "colour"}
        Of a picture, as `pictures.read_image` has it; of an array of levels 0 to 255, the levels
        as they are.
    **image_options
        What `pictures.read_image` takes: ``size`` for a picture alone, ``threshold`` and ``invert``
        for grey levels in an array, too: +1 from that level on. Those of IDX are parted by "otsu".

    Returns
    -------
    ndarray of int8, shape (P, N)
        The patterns, +1 and -1, one a row. In "grey" of uint8 and shape (P, rows, columns), in
        "colour" (P, rows, columns, 3): `pictures.Code` makes patterns of them.

    Raises
    ------
    BadFile
        If there is no such file, or it holds anything but patterns.
    ImportError
        If a picture is to be read and Pillow is not installed.
    TypeError
        If image options are given for a file that is no picture.
    ValueError
        For other ``values``, ``shape`` or ``mode``.

    Examples
    --------
    >>> import tempfile
    >>> import hopfield as hf
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with hf.files.atomic(f"{folder}/two.dat") as handle:
    ...         _ = handle.write(b"1,0,1,0,0,1")
    ...     hf.read_patterns(f"{folder}/two.dat", values=(0, 1), shape=(2, 3))
    array([[ 1, -1,  1],
           [-1, -1,  1]], dtype=int8)
    """
    wanted = two_states(values, "values")
    if wanted not in (SIGNS, ZERO_ONE):
        raise ValueError(f"values must be (-1, 1) or (0, 1), not {describe(values)}")
    found = read(path, shape=shape, mode=mode, **image_options)
    if mode != "binary":
        if found.shape is None:
            raise BadFile(f"{path} does not say rows and columns: give shape=(-1, rows, columns)")
        return found.patterns.reshape(-1, *found.shape)
    if found.values not in (None, wanted):
        holds = "-1 and +1, not 0 and 1"
        if found.values == ZERO_ONE:
            holds = "only 0 and 1: pass values=(0, 1) to read 1 as +1 and 0 as -1"
        raise BadFile(f"{path} holds {holds}")
    return found.patterns


def read(
    path: PathLike,
    *,
    shape: Sequence[int] | None = None,
    unknown: bool = False,
    mode: str = "binary",
    **image_options: Any,
) -> Found:
    """Read patterns as `read_patterns` does, and say what stood in the file.

    With ``unknown``, 0 may stand among -1 and +1: a cue.
    """
    suffix, cut = as_path(path).suffix.lower(), _sides(shape)
    choice(mode, "mode", MODES)
    if suffix in FORMATS:
        picture = read_image(path, mode=mode, **image_options)
        return Found(picture.reshape(1, -1), None, picture.shape)
    threshold = image_options.pop("threshold", None)
    invert = flag(image_options.pop("invert", False), "invert")
    if image_options:
        given = ", ".join(image_options)
        raise TypeError(f"{given} cannot be given: {path} is no picture; shape= says its neurons")
    if threshold is not None:
        check_threshold(threshold)
        if mode != "binary":
            raise ValueError(f'threshold is for mode="binary", not for "{mode}"')
    with reading(path) as handle:
        reader = _reader(handle, suffix)
        rows, its = _rows(reader(handle), cut, deep=4 if mode == "colour" else 3)
        if mode != "binary":
            levels = _levels(rows)
            return Found(255 - levels if invert else levels, None, its)
        grey = reader is read_idx and rows.dtype == np.uint8 and rows.max() > 1
        if threshold is not None or grey:
            ink = _inked(rows, its, "otsu" if threshold is None else threshold)
            return Found(np.where(ink == invert, -1, 1).astype(np.int8), None, its)
        if invert:
            raise BadFile("is no picture: give threshold=, too, to part what it holds")
        return Found(*_signs(rows, unknown), its)


def _sides(shape: Sequence[int] | None) -> Shape | None:
    """Return how a file is to be cut: (P, N) or (P, rows, columns), P perhaps -1."""
    if shape is None:
        return None
    if not isinstance(shape, (tuple, list)) or len(shape) not in (2, 3, 4):
        raise TypeError(f"shape must be (P, N) or (P, rows, columns), not {describe(shape)}")
    p = count(shape[0], "shape[0]", -1)
    return p, *(count(side, f"shape[{k}]", 1) for k, side in enumerate(shape[1:], start=1))


def _reader(handle: IO[bytes], suffix: str) -> Callable[[IO[bytes]], Array | list[Array]]:
    """Return what reads a file of this beginning, or of this suffix."""
    start = handle.read(16)
    handle.seek(0)
    if suffix not in (".npy", ".npz"):
        if is_idx(start):
            return read_idx
        if start.startswith(MATLAB) or suffix == ".mat":
            return read_mat
    readers = {".npy": read_array, ".npz": _read_npz, **dict.fromkeys(TEXTS, _read_text)}
    if suffix not in readers:
        known = " ".join([*readers, ".mat", *FORMATS])
        raise BadFile(f"has the suffix {suffix!r}, which is not one of {known}, and is no IDX file")
    return readers[suffix]


def _rows(
    found: Array | list[Array], cut: Shape | None, deep: int = 3
) -> tuple[Array, Shape | None]:
    """Return numbers as rows, cut where that is asked for, and the shape of each row."""
    n = None if cut is None else math.prod(cut[1:])
    if isinstance(found, list):  # of lines
        widths = [row.size for row in found]
        k = next((k for k, width in enumerate(widths) if width != widths[0]), None)
        if n is None and k is not None:
            raise BadFile(
                f"is ragged: row {k + 1} of numbers has {widths[k]} fields, the first {widths[0]}"
            )
        found = np.concatenate(found) if n else np.stack(found)
    if found.dtype.kind not in NUMBERS:
        raise BadFile(f"holds an array of dtype {found.dtype}, not of numbers")
    if not 1 <= found.ndim <= deep or not found.size:
        raise BadFile(f"must hold rows of numbers, and holds an array of shape {found.shape}")
    shape = found.shape[1:] if found.ndim > 2 else None
    rows = found.reshape(len(found), -1) if found.ndim > 1 else found[None]
    if cut is None or n is None:
        return rows, shape
    if rows.shape[1] != n:
        broken = rows.size % n or (rows.shape[1] % n and n % rows.shape[1])
        if broken:  # rows cut across would be no patterns that anyone wrote
            raise BadFile(f"holds {rows.size} numbers in rows of {rows.shape[1]}, not of {n} each")
        rows, shape = rows.reshape(-1, n), None
    if cut[0] not in (-1, len(rows)):
        raise BadFile(f"holds {len(rows)} patterns of {n} numbers, not {cut[0]}")
    return rows, cut[1:] if len(cut) > 2 else shape


def _levels(rows: Array) -> npt.NDArray[np.uint8]:
    """Return the levels 0 to 255 that rows (P, N) hold, or say that they are none."""
    if rows.dtype == bool:
        return 255 * rows.astype(np.uint8)
    if not ((rows >= 0) & (rows <= 255) & (rows == np.rint(rows))).all():  # also refuses NaN
        raise BadFile("holds other numbers than levels, which are whole and from 0 to 255")
    return rows.astype(np.uint8)


def _inked(rows: Array, shape: Shape | None, threshold: float | str) -> npt.NDArray[np.bool_]:
    """Return which levels in rows (P, N) are ink: from a threshold on."""
    if not np.isfinite(rows).all():
        raise BadFile("holds numbers that are not finite, which are no levels of grey")
    if threshold == "dither":
        rows = _levels(rows).reshape(-1, *(shape or rows.shape[1:]))
    return lit(rows, threshold).reshape(len(rows), -1)


def _signs(rows: Array, unknown: bool) -> tuple[npt.NDArray[np.int8], Values | None]:
    """Return rows (P, N) as -1 and +1 and what they held, or say which is no pattern."""
    if rows.dtype == bool:
        return np.where(rows, 1, -1).astype(np.int8), None
    ones, zeros, minus = rows == 1, rows == 0, rows == -1
    if not minus.any() and (ones | zeros).all():
        return np.where(ones, 1, -1).astype(np.int8), ZERO_ONE if zeros.any() else None
    right = ones | minus | (zeros if unknown or not minus.any() else False)
    if right.all():
        return rows.astype(np.int8), SIGNS
    row, column = (int(index[0]) for index in np.nonzero(~right))
    raise BadFile(
        f"holds {rows[row, column]:g} in row {row + 1}, column {column + 1}; "
        "patterns hold -1 and +1, or 0 and 1 alone"
    )


def _read_npz(handle: IO[bytes]) -> Array:
    with open_archive(handle) as archive:
        names = archive.namelist()
        if "hopfield.npy" in names:
            header = read_header(archive)
            if header["kind"] != "array":
                raise BadFile(f"holds a {header['kind']}, not patterns")
            return read_member(archive, header["member"])
        if len(names) != 1:
            found = ", ".join(name.removesuffix(".npy") for name in names[:5]) or "none"
            raise BadFile(f"must hold exactly one array, and holds {len(names)} ({found})")
        return read_member(archive, names[0].removesuffix(".npy"))


def _read_text(handle: IO[bytes]) -> Array | list[Array]:
    """Return the numbers of each line that has any; a drawing's pictures (P, rows, columns)."""
    lines = handle.read().removeprefix(b"\xef\xbb\xbf").splitlines()
    if not any(DIGITS.intersection(line) for line in lines):
        return _drawings([line.strip() for line in lines])
    rows = [_numbers(line, number) for number, line in enumerate(lines, start=1)]
    return [row for row in rows if row.size]


def _numbers(line: bytes, number: int) -> npt.NDArray[np.float64]:
    """Return the numbers in a line of text; none in a blank one."""
    try:
        text = line.decode("utf-8").partition("#")[0].strip()
        fields = text.removesuffix(",").split(",") if "," in text else text.split()
        return np.array([float(field) for field in fields])
    except ValueError as error:
        raise BadFile(f"has no row of numbers in line {number}: {str(error)[:80]}") from error


def _drawings(lines: list[bytes]) -> Array:
    """Return whether each character of drawings in # and . is ink, (P, rows, columns)."""
    found: list[list[list[bool]]] = [[]]
    for number, line in enumerate(lines, start=1):
        if set(line) - set(b"#."):
            if line.startswith(b"#"):  # a comment
                continue
            raise BadFile(f"has neither numbers nor a drawing of # and . in line {number}")
        if line:
            found[-1].append([character == ord("#") for character in line])
        elif found[-1]:
            found.append([])
    pictures = [picture for picture in found if picture]
    if not pictures:
        raise BadFile("is empty: it holds no row of numbers")
    widths = {len(row) for picture in pictures for row in picture}
    if len(widths) > 1 or len({len(picture) for picture in pictures}) > 1:
        raise BadFile("holds drawings of several sizes, or lines of several lengths")
    return np.array(pictures)
