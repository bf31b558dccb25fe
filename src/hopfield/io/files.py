"""Files: one documented, versioned format, written atomically and never unpickled.

The format is described in docs/file-format.md; a class that wants to be saved registers with
`savable`.
"""

from __future__ import annotations

import json
import math
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ..base.saved import TYPES as TYPES, known, savable as savable

if TYPE_CHECKING:  # which takes its time, and is not always needed
    import zipfile

__all__ = ["BadFile", "atomic", "atomic_path", "load", "reading", "savable", "save"]
__dir__ = __all__.copy

FORMAT = "hopfield"
VERSION = 1
MAX_BYTES = 8 * 2**30
MAX_RATIO = 1032  # of what deflate can make of a byte
MAX_DEPTH = 50

PathLike: TypeAlias = str | os.PathLike[str]
Array: TypeAlias = npt.NDArray[Any]
NUMBERS = "biuf"  # dtype kinds: neither objects, nor text, nor records


class BadFile(ValueError):
    """A file that cannot be read or written, or does not hold what it should."""


def save(path: PathLike, thing: Any) -> None:
    """Write an array, a memory, a result, or a list or dict of such, all of it or nothing.

    Parameters
    ----------
    path : str or os.PathLike
        The file to write, under exactly this name; an existing file is replaced.
    thing : ndarray, savable object, list, tuple, dict, number, text or None
        Arrays hold numbers, bools or text, dicts have text keys; savable are sparse matrices and
        objects of a class in ``TYPES``.

    Raises
    ------
    TypeError
        If ``thing``, or something inside it, cannot be saved.
    BadFile
        If the file cannot be written.

    Examples
    --------
    >>> import numpy as np, tempfile
    >>> from hopfield import files
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files.save(f"{folder}/patterns.npz", np.array([[1, -1, 1]], dtype=np.int8))
    ...     files.load(f"{folder}/patterns.npz")
    array([[ 1, -1,  1]], dtype=int8)
    """
    members: dict[str, Array] = {}
    packed = _pack(thing, "thing", members, 0)
    if not isinstance(packed, dict):
        packed = {"kind": "value", "value": packed}
    import zipfile

    try:
        header = json.dumps({"format": FORMAT, "version": VERSION, **packed})
    except ValueError:  # Python writes no integer of 5,000 digits
        raise TypeError("thing cannot be saved: it holds an integer of too many digits") from None
    members["hopfield"] = np.array(header)
    if sum(array.nbytes for array in members.values()) > MAX_BYTES - 2**20:
        raise TypeError(f"thing cannot be saved: it is larger than {MAX_BYTES // 2**30} GiB")
    with (
        atomic(path) as handle,
        zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name, array in members.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def load(path: PathLike) -> Any:
    """Read back what `save` wrote.

    Nothing in the file is evaluated or unpickled.

    Parameters
    ----------
    path : str or os.PathLike
        A file written by `save`.

    Returns
    -------
    object
        An equal copy of what was saved.

    Raises
    ------
    BadFile
        If the file is missing, damaged, of another format or version, or holds what a class
        of this version refuses.
    ImportError
        If the file holds a sparse matrix and SciPy is not installed.

    Examples
    --------
    >>> from hopfield import files
    >>> files.load("nowhere.npz")
    Traceback (most recent call last):
        ...
    hopfield.io.files.BadFile: nowhere.npz does not exist
    """
    with reading(path) as handle, open_archive(handle) as archive:
        return _unpack(read_header(archive), archive, 0)


@contextmanager
def atomic(path: PathLike) -> Iterator[IO[bytes]]:
    """Open a binary file that appears under its name only when it was written to the end.

    Parameters
    ----------
    path : str or os.PathLike
        The file to write; whatever goes wrong, an existing one stays as it was.

    Yields
    ------
    file
        A binary file open for writing.

    Raises
    ------
    BadFile
        If the file cannot be written.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from hopfield import files
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with files.atomic(f"{folder}/note.txt") as handle:
    ...         _ = handle.write(b"done")
    ...     pathlib.Path(folder, "note.txt").read_text()
    'done'
    """
    with atomic_path(path) as temporary, open(temporary, "wb") as handle:
        yield handle


@contextmanager
def atomic_path(path: PathLike) -> Iterator[Path]:
    """Like `atomic`, for writers that want a file name: one with the same suffix and folder.

    Parameters
    ----------
    path : str or os.PathLike
        The file to write; whatever goes wrong, an existing one stays as it was.

    Yields
    ------
    pathlib.Path
        An empty temporary file to overwrite; it becomes ``path`` at the end.

    Raises
    ------
    BadFile
        If the file cannot be written.

    Examples
    --------
    >>> import os, tempfile
    >>> from hopfield import files
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with files.atomic_path(f"{folder}/note.txt") as temporary:
    ...         _ = temporary.write_text("done")
    ...     os.listdir(folder)
    ['note.txt']
    """
    target = Path(os.path.realpath(as_path(path)))
    if not target.name:
        raise BadFile(f"{path} cannot be written: it is a directory")
    temporary = target.with_name(f".{secrets.token_hex(8)}{target.suffix}")
    try:
        if target.is_dir():
            raise BadFile(f"{path} cannot be written: it is a directory")
        if target.exists() and not target.is_file():
            raise BadFile(f"{path} cannot be written: it is not an ordinary file")
        # "x" rather than tempfile: the new file then has the permissions of any new file.
        open(temporary, "xb").close()
        if target.exists():
            shutil.copymode(target, temporary)
        yield temporary
        with open(temporary, "r+b") as handle:
            os.fsync(handle.fileno())
        os.replace(temporary, target)
    except OSError as error:
        raise BadFile(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def reading(path: PathLike) -> Iterator[IO[bytes]]:
    """Open an ordinary file for reading; whatever goes wrong becomes one sentence about it.

    Parameters
    ----------
    path : str or os.PathLike
        The file to read.

    Yields
    ------
    file
        A binary file open for reading. A BadFile raised meanwhile is a sentence without its
        subject, which is put before it: the path.

    Raises
    ------
    BadFile
        If the file is missing, a directory, unreadable or damaged.

    Examples
    --------
    >>> from hopfield import files
    >>> with files.reading("/"):
    ...     pass
    Traceback (most recent call last):
        ...
    hopfield.io.files.BadFile: / is a directory
    """
    place = as_path(path)
    try:
        _check_ordinary(place)
        with open(place, "rb") as handle:
            yield handle
    except BadFile as error:
        error.args = (f"{path} {error}",)
        raise
    except ImportError:
        raise
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror or error}") from error
    # zipfile, zlib, the parser of NumPy's headers and Pillow raise nearly anything.
    except Exception as error:
        raise BadFile(f"{path} cannot be read: {type(error).__name__}: {error}") from error


def _check_ordinary(place: Path) -> None:
    if place.is_dir():
        raise BadFile("is a directory")
    if not place.exists():
        raise BadFile("does not exist")
    if not place.is_file():
        raise BadFile("is not an ordinary file")
    if place.stat().st_size > MAX_BYTES:
        raise BadFile(f"is larger than {MAX_BYTES // 2**30} GiB")


def as_path(path: PathLike) -> Path:
    name = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(name, str):
        raise TypeError(f"path must be a str or an os.PathLike, not {type(path).__name__}")
    if "\0" in name:
        raise BadFile(f"path {name!r} holds a null character")
    return Path(name)


# ---- packing -------------------------------------------------------------------------------


def _pack(value: Any, where: str, members: dict[str, Array], depth: int) -> Any:
    """Turn a value into JSON, moving its arrays to `members`."""
    if depth > MAX_DEPTH:
        raise TypeError(f"{where} cannot be saved: it is nested more than {MAX_DEPTH} deep")

    def inner(item: Any, step: str) -> Any:
        return _pack(item, where + step, members, depth + 1)

    def member(array: Array) -> str:
        name = f"a{len(members)}"
        members[name] = array
        return name

    if isinstance(value, np.generic):
        value = value.item()
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"kind": "float", "value": str(value)}
    if kind in (np.ndarray, np.memmap) and value.dtype.kind in NUMBERS + "U":
        return {"kind": "array", "member": member(value)}
    if kind is list:
        return [inner(item, f"[{i}]") for i, item in enumerate(value)]
    if kind is tuple:
        return {"kind": "tuple", "items": [inner(item, f"[{i}]") for i, item in enumerate(value)]}
    if kind is dict and all(type(key) is str for key in value):
        return {"kind": "dict", "items": {k: inner(v, f"[{k!r}]") for k, v in value.items()}}
    if known().get(kind.__name__) is kind:
        parts = {name: inner(part, f".{name}") for name, part in value.parts().items()}
        return {"kind": kind.__name__, "parts": parts}
    if _is_sparse(value) and value.ndim == 2 and value.dtype.kind in NUMBERS:
        rows = value.tocsr()
        return {
            "kind": "sparse",
            "shape": [int(length) for length in rows.shape],
            "matrix": _is_sparse(value, matrix=True),
            **{name: member(getattr(rows, name)) for name in ("data", "indices", "indptr")},
        }
    what = f"of type {kind.__name__}"
    if isinstance(value, np.ndarray):
        what += f" and dtype {value.dtype}"
    elif kind is dict:
        what = "a dict with other keys than text"
    raise TypeError(
        f"{where} cannot be saved: it is {what}, not a number, text, an array of these, a list, "
        "tuple or dict of such, a sparse matrix, or of a class in files.TYPES"
    )


def _is_sparse(value: Any, matrix: bool = False) -> bool:
    scipy_sparse = sys.modules.get("scipy.sparse")
    if scipy_sparse is None:
        return False
    return bool((scipy_sparse.isspmatrix if matrix else scipy_sparse.issparse)(value))


# ---- unpacking -----------------------------------------------------------------------------


@contextmanager
def open_archive(handle: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    import zipfile

    start = handle.read(4)
    try:
        archive = zipfile.ZipFile(handle)
    except zipfile.BadZipFile as error:
        cut = start == b"PK\x03\x04"
        raise BadFile("is truncated or damaged" if cut else "is not a zip file") from error
    with archive:
        claimed = sum(info.file_size for info in archive.infolist())
        if claimed > MAX_BYTES:
            raise BadFile(f"claims to hold more than {MAX_BYTES // 2**30} GiB")
        if claimed > MAX_RATIO * handle.seek(0, os.SEEK_END):  # members that share their bytes
            raise BadFile("claims to hold more than a file of its size can")
        yield archive


def read_header(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Read and check the header, returning the packed thing."""
    if "hopfield.npy" not in archive.namelist():
        raise BadFile("was not written by hopfield: it has no header")
    header = json.loads(str(read_member(archive, "hopfield")))
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise BadFile(f"is of another format than {FORMAT!r}")
    version = header.get("version")
    if type(version) is not int or version < 1:
        raise BadFile(f"has a header with the impossible version {version!r}")
    if version > VERSION:
        raise BadFile(
            f"was written by a newer hopfield: version {version}, this one reads up to {VERSION}"
        )
    return header


def _unpack(packed: Any, archive: zipfile.ZipFile, depth: int) -> Any:
    """Rebuild a value from its JSON, the inverse of `_pack`."""
    if depth > MAX_DEPTH:
        raise BadFile(f"is nested more than {MAX_DEPTH} deep")

    def inner(item: Any) -> Any:
        return _unpack(item, archive, depth + 1)

    if isinstance(packed, list):
        return [inner(item) for item in packed]
    if not isinstance(packed, dict):
        return packed
    kind: Any = packed.get("kind")
    if kind == "value":
        return inner(packed["value"])
    if kind == "float":
        return float(packed["value"])
    if kind == "array":
        return read_member(archive, packed["member"])
    if kind == "tuple":
        return tuple(inner(item) for item in packed["items"])
    if kind == "dict":
        return {key: inner(item) for key, item in packed["items"].items()}
    if kind == "sparse":
        return _sparse(packed, archive)
    classes = known()
    if kind not in classes and kind not in FORMER:
        raise BadFile(f"holds a {kind!r}, which this version does not know")
    parts = {name: inner(part) for name, part in packed["parts"].items()}
    try:
        return FORMER[kind](**parts) if kind in FORMER else classes[kind](**parts)
    except (TypeError, ValueError) as error:
        raise BadFile(f"holds a {kind} that cannot be rebuilt: {error}") from error


def _overlaps(
    patterns: Any,
    separation: str = "square",
    degree: int = 0,
    coding: str = "bipolar",
    self_coupling: bool = False,
) -> Any:
    """Rebuild what was one class for Hebb's memories and dense ones."""
    from ..core.hebbian import DenseMemory, Hebbian

    if separation == "square":
        return Hebbian(patterns, coding=coding, self_coupling=self_coupling)
    return DenseMemory(patterns, separation, degree=degree)


def _packed(masks: Array, unset: int, size: int) -> Any:
    """Rebuild patterns in bits, which were held in words of 16."""
    from ..base.bits import BitMatrix

    return BitMatrix(np.ascontiguousarray(masks).view(np.uint64), unset, size)


def _couplings(width: int = 1, **parts: Any) -> Any:
    """Rebuild couplings that said how many sites are one neuron, not which neuron."""
    from ..core.couplings import Couplings
    from ..core.neurons import Potts

    named: dict[str, Any] = {"neuron": Potts(width)} if width > 1 else {}
    return Couplings(**parts, **named)


def _recall(why: Any, **parts: Any) -> Any:
    """Rebuild a result that told of its period in words alone."""
    from ..core.recall import Recall

    words = np.asarray(why)
    period = np.where(words == "fixed point", 1, 0)
    for k, word in np.ndenumerate(words):
        if word.endswith("-cycle"):
            period[k] = int(word.removesuffix("-cycle"))
    return Recall(**{"why": why, "period": period if words.ndim else int(period), **parts})


# What older files hold, by the name that it had -> what rebuilds it.
FORMER: dict[str, Callable[..., Any]] = {
    "Overlaps": _overlaps,
    "Packed": _packed,
    "Couplings": _couplings,
    "Recall": _recall,
}


def _sparse(packed: dict[str, Any], archive: zipfile.ZipFile) -> Any:
    try:
        from scipy import sparse
    except ImportError as error:
        raise ImportError("reading a sparse matrix needs SciPy: pip install scipy") from error
    make: Callable[..., Any] = sparse.csr_matrix if packed["matrix"] else sparse.csr_array
    arrays = tuple(read_member(archive, packed[name]) for name in ("data", "indices", "indptr"))
    rows = make(arrays, shape=tuple(packed["shape"]))
    # SciPy's loops trust the indices: a wrong one reads outside the array.
    rows.check_format(full_check=True)
    return rows


def read_member(archive: zipfile.ZipFile, name: str) -> Array:
    try:
        info = archive.NameToInfo.pop(f"{name}.npy")  # once: a header may not ask for it again
    except KeyError as error:
        raise BadFile(f"is incomplete: the array {name!r} is missing or named twice") from error
    with archive.open(info) as handle:
        array = read_array(handle, info.file_size)
        handle.read(1)  # the checksum is compared where the end is reached
        return array


def read_array(handle: IO[bytes], size: int | None = None) -> Array:
    """Read one array, allocating only what a file of this size can fill."""
    if size is None:
        size = os.fstat(handle.fileno()).st_size
    version = np.lib.format.read_magic(handle)
    if version == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(handle)
    elif version == (2, 0):
        shape, _, dtype = np.lib.format.read_array_header_2_0(handle)
    else:
        raise BadFile(f"holds an array of the unknown .npy version {version}")
    if dtype.kind not in NUMBERS + "U":
        raise BadFile(f"holds an array of dtype {dtype}, not of numbers")
    if math.prod(shape) * dtype.itemsize != size - handle.tell():
        raise BadFile(f"is damaged: an array of shape {shape} does not have its size")
    handle.seek(0)
    array: Array = np.lib.format.read_array(handle, allow_pickle=False)
    return array
