"""An experiment in a file of a user's own."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from ..experiments.base import Experiment
from .tasks import place


def class_in(file: str | os.PathLike[str], name: str, argument: str = "file") -> type[Experiment]:
    """Return the experiment of a name that a Python file defines.

    The file runs as a module that is not to be imported by its name afterwards, so that the class
    travels to the workers as a value: they need not have the file.

    Parameters
    ----------
    file : str or os.PathLike
    name : str
        The class's.
    argument : str
        What named the file, for errors.

    Raises
    ------
    ValueError
        If there is no such file, it fails, or it has no such experiment.

    Examples
    --------
    >>> class_in("no such file.py", "Coin")
    Traceback (most recent call last):
        ...
    ValueError: file no such file.py is no file
    """
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    if spec is None or spec.loader is None or not Path(file).is_file():
        raise ValueError(f"{argument} {file} is no file")
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(spec.name)
    sys.modules[spec.name] = module  # dataclasses look there while the file runs
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # sys.exit(), too
        what = f"{type(error).__name__}: {error}{place(error, spec.origin)}"
        raise ValueError(f"{argument} {file} fails: {what}") from error
    finally:
        del sys.modules[spec.name]
        if before is not None:
            sys.modules[spec.name] = before
    found = getattr(module, name, None)
    if not (isinstance(found, type) and issubclass(found, Experiment)):
        raise ValueError(f"{argument} {file} has no hopfield.experiments.Experiment {name}")
    return found
