"""Inputs: patterns from files of any kind: arrays, text, pictures."""

from __future__ import annotations

from typing import IO, Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Array
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
from .pictures import FORMATS, read_image


def read_patterns(
    path: PathLike, *, coding: str | None = None, **image_options: Any
) -> npt.NDArray[np.int8]:
    """Read patterns from an array file, a text file or a picture.

    Parameters
    ----------
    path : str or os.PathLike
        A .npy file; a .npz file, ours or any other with exactly one array; a .csv or .txt file
        with one pattern a line, fields separated by commas or blanks, ``#`` starting a comment;
        or a picture, which is one pattern.
    coding : {None, "01"}
        With "01" the file holds 1 and 0, read as +1 and -1. Else it must hold +1 and -1, or
        bools.
    **image_options
        What `pictures.read_image` takes: ``size``, ``threshold``, ``invert``.

    Returns
    -------
    ndarray of int8, shape (P, N)
        The patterns, +1 and -1, one a row.

    Raises
    ------
    BadFile
        If there is no such file, or it holds anything but patterns.
    TypeError
        If image options are given for a file that is no picture.

    Examples
    --------
    >>> import tempfile
    >>> import hopfield as hf
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with hf.files.atomic(f"{folder}/two.csv") as handle:
    ...         _ = handle.write(b"1,0,1  # the first\\n0,0,1\\n")
    ...     hf.read_patterns(f"{folder}/two.csv", coding="01")
    array([[ 1, -1,  1],
           [-1, -1,  1]], dtype=int8)
    """
    if coding not in (None, "01"):
        raise ValueError(f'coding must be None or "01", not {coding!r}')
    suffix = as_path(path).suffix.lower()
    if suffix in FORMATS:
        return read_image(path, **image_options).reshape(1, -1)
    if image_options:
        raise TypeError(f"{', '.join(image_options)} cannot be given: {path} is not a picture")
    readers = {".npy": read_array, ".npz": _read_npz, ".csv": _read_text, ".txt": _read_text}
    if suffix not in readers:
        known = " ".join([*readers, *FORMATS])
        raise BadFile(f"{path} has the suffix {suffix!r}, which is not one of {known}")
    with reading(path) as handle:
        return _as_patterns(readers[suffix](handle), coding)


def _as_patterns(array: Array, coding: str | None) -> npt.NDArray[np.int8]:
    """Return patterns (P, N) as int8 of -1 and +1, or say which row is not one."""
    if array.dtype.kind not in NUMBERS:
        raise BadFile(f"holds an array of dtype {array.dtype}, not of numbers")
    if array.ndim not in (1, 2) or not array.size:
        raise BadFile(f"must hold rows of numbers, and holds an array of shape {array.shape}")
    rows = np.atleast_2d(array)
    if rows.dtype == bool:
        return np.where(rows, 1, -1).astype(np.int8)
    zero_one = (rows == 0) | (rows == 1)
    right = zero_one if coding else abs(rows) == 1
    if right.all():
        return np.where(rows == 1, 1, -1).astype(np.int8)
    if zero_one.all():
        raise BadFile('holds only 0 and 1: pass coding="01" to read 1 as +1 and 0 as -1')
    row, column = (int(index[0]) for index in np.nonzero(~right))
    allowed = "1 and 0" if coding else "+1 and -1"
    raise BadFile(
        f"holds {rows[row, column]:g} in row {row + 1}, column {column + 1}; "
        f"patterns hold only {allowed}"
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


def _read_text(handle: IO[bytes]) -> Array:
    rows: list[npt.NDArray[np.float64]] = []
    for number, line in enumerate(handle, start=1):
        row = _numbers(line, number)
        if not row.size:
            continue
        rows.append(row)
        if row.size != rows[0].size:
            raise BadFile(
                f"is ragged: line {number} has {row.size} fields, the first row {rows[0].size}"
            )
    if not rows:
        raise BadFile("is empty: it holds no row of numbers")
    return np.stack(rows)


def _numbers(line: bytes, number: int) -> npt.NDArray[np.float64]:
    """Return the numbers in a line of text; none in a blank one."""
    try:
        text = line.decode("utf-8-sig").partition("#")[0].strip()
        fields = text.split(",") if "," in text else text.split()
        return np.array([float(field) for field in fields])
    except ValueError as error:
        raise BadFile(f"has no row of numbers in line {number}: {str(error)[:80]}") from error
