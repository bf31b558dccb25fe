"""What a file of a user's own defines: an experiment, a rule, a neuron, an order."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from .code import foreign
from .tasks import place


def object_in(file: str | os.PathLike[str], name: str, argument: str = "file") -> Any:
    """Return what a Python file defines under a name; None where it does not.

    The file runs as a script does, which imports what lies beside it. It and those modules are not
    to be imported by their names afterwards, so that a class travels to the workers as a value
    with all that it names there: they need not have the files.

    Parameters
    ----------
    file : str or os.PathLike
    name : str
        What the file calls it.
    argument : str
        What named the file, for errors.

    Raises
    ------
    ValueError
        If there is no such file, or it fails.

    Examples
    --------
    >>> object_in("no such file.py", "Coin")
    Traceback (most recent call last):
        ...
    ValueError: file no such file.py is no file
    """
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    if spec is None or spec.loader is None or not Path(file).is_file():
        raise ValueError(f"{argument} {file} is no file")
    module = importlib.util.module_from_spec(spec)
    folder, before = Path(file).resolve().parent, dict(sys.modules)
    if str(folder) not in sys.path:  # it stays: what runs may import
        sys.path.insert(0, str(folder))
    sys.modules[spec.name] = module  # dataclasses look there while the file runs
    importlib.invalidate_caches()  # of folders that have changed within a second
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:  # from the source: what is kept of it may be of the second before
        exec(compile(Path(file).read_bytes(), str(spec.origin), "exec"), module.__dict__)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # sys.exit(), too
        what = f"{type(error).__name__}: {error}{place(error, spec.origin)}"
        raise ValueError(f"{argument} {file} fails: {what}") from error
    finally:
        sys.dont_write_bytecode = written
        for beside in [n for n, m in sys.modules.items() if n not in before and _in(folder, m)]:
            del sys.modules[beside]
        sys.modules.pop(spec.name, None)
        if spec.name in before:
            sys.modules[spec.name] = before[spec.name]
    return getattr(module, name, None)


def _in(folder: Path, module: ModuleType) -> bool:
    """Say whether a module is the user's, and its file in a folder."""
    file = getattr(module, "__file__", None)
    return folder in Path(file or "").parents and not foreign(module.__name__)
