"""Where compiled kernels are kept: in the user's cache directory, by version.

Numba keeps them beside the source, and compares that file alone; a kernel here is made of
several files.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from numba import config
from numba.core import caching
from numba.misc.appdirs import AppDirs


def _late_blas() -> None:
    """Have Numba load SciPy where BLAS is called, not at its first compilation, to look for it.

    That is nearly half of what a first call takes.
    """
    from numba.np import linalg

    ensure, linalg.ensure_blas = linalg.ensure_blas, lambda: None
    try:
        from numba.np import arraymath as arraymath
    finally:
        linalg.ensure_blas = ensure


if find_spec("scipy"):
    try:
        _late_blas()
    except (ImportError, AttributeError):  # another Numba
        pass


def cached(compiled: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a compiled function be kept on disk, where there is a disk to keep it on."""
    try:
        compiled.targetoptions["no_cfunc_wrapper"] = True  # C never calls it
        compiled._cache = _Cache(function)
    except (RuntimeError, OSError, AttributeError, TypeError):  # no such folder, or another Numba
        pass
    kept: Callable[..., Any] = compiled
    return kept


def sources() -> list[Path]:
    """Return the files that kernels are made of: those that they take numbers from, too."""
    engine = Path(__file__).parents[1]
    return sorted([*engine.rglob("*.py"), *(engine.parent / "base").glob("*.py")])


@cache
def _source() -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in sources())).hexdigest()


class _Locator(caching._CacheLocator):  # type: ignore[misc]
    def __init__(self, function: Callable[..., Any]) -> None:
        self._line, self._py_file = function.__code__.co_firstlineno, function.__code__.co_filename

    def get_cache_path(self) -> str:
        root = config.CACHE_DIR or AppDirs("hopfield", appauthor=False).user_cache_dir
        return os.path.join(root, f"kernels-{_source()[:16]}")

    def get_source_stamp(self) -> str:
        return _source()

    def get_disambiguator(self) -> str:
        return str(self._line)

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> _Locator | None:
        locator = cls(function)
        try:
            locator.ensure_cache_path()
        except OSError:
            return None
        return locator


class _Files(caching.CompileResultCacheImpl):  # type: ignore[misc]
    _locator_classes = (_Locator,)


class _Sealed(caching.IndexDataCacheFile):  # type: ignore[misc]
    """Files that begin with a digest of the rest: machine code that is damaged ends the process."""

    @contextmanager
    def _open_for_write(self, path: str) -> Iterator[BytesIO]:
        yield (held := BytesIO())
        with super()._open_for_write(path) as file:
            file.write(_digest(held.getvalue()) + held.getvalue())

    def _load_index(self) -> dict[Any, str]:
        held = BytesIO(_opened(self._index_path))
        if not held.getvalue() or pickle.load(held) != self._version:  # another Numba's
            return {}
        stamp, names = pickle.load(held)
        return names if stamp == self._source_stamp else {}

    def _load_data(self, name: str) -> Any:
        data = _opened(self._data_path(name))
        return pickle.loads(data) if data else None


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data).digest()


def _opened(path: str) -> bytes:
    """Return what a file holds behind its digest; nothing where there is none, or it is damaged."""
    data = Path(path).read_bytes() if os.path.exists(path) else b""
    size = len(_digest(b""))
    return data[size:] if data[:size] == _digest(data[size:]) else b""


class _Cache(caching.FunctionCache):  # type: ignore[misc]
    _impl_class = _Files

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        stamp, name = self._impl.locator.get_source_stamp(), self._impl.filename_base
        self._cache_file = _Sealed(self._cache_path, name, stamp)

    def load_overload(self, *args: Any) -> Any:
        try:
            return super().load_overload(*args)
        except Exception:  # a file that is cut short, or not ours
            return None

    def save_overload(self, *args: Any) -> None:
        try:
            super().save_overload(*args)
        except Exception:  # nor can it be mended, or the disk is full, or gone
            pass
