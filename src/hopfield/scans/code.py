"""The code that counts: of a user's experiment all that it refers to, part by part.

Two experiments may have one name, one version and one set of parameters; what they count differs
with their code, and with the functions, constants and modules of the user's that it names.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import sys
from collections.abc import Iterator
from dataclasses import fields
from functools import cached_property, lru_cache
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from ..experiments.base import Experiment

_OURS = __package__.split(".")[0]
_NOT_COUNTING = {"version", "about", "axes", "source", "theory", "lines"}
_INSTALLED = {"site-packages", "dist-packages"}  # a user's code is elsewhere
_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...))


def code_of(cls: type[Experiment]) -> dict[str, str]:
    """Return a hash of each part of a user's experiment; none of ours, whose version says enough.

    Parts are what its classes define, and the functions, classes and values of the user's modules
    that these name, directly or through each other. Comments are none. Not seen: installed
    packages, files that are read, and names that are made up at run time.

    Examples
    --------
    >>> from hopfield.experiments import Crosstalk
    >>> code_of(Crosstalk)
    {}
    """
    if foreign(cls.__module__):
        return {}
    walk = _Walk(cls.__module__)
    walk.visit(cls)
    return {name: _hash(text) for name, text in sorted(walk.parts.items())}


class _Walk:
    """Parts found so far, each as a text that is alike where the part is."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.parts: dict[str, str] = {}
        self.seen: dict[int, tuple[str, Any]] = {}  # by identity; what is seen stays alive

    def visit(self, thing: Any) -> str:
        """Take a function or a class of the user's for a part, and return its name."""
        name = f"{thing.__module__}.{thing.__qualname__}"
        if foreign(thing.__module__):
            return name
        if id(thing) not in self.seen:
            name = name.removeprefix(f"{self.home}.")
            while name in self.parts:
                name += "'"
            self.seen[id(thing)], self.parts[name] = (name, thing), ""
            self.parts[name] = (self._class if isinstance(thing, type) else self._function)(thing)
        return self.seen[id(thing)][0]

    def _class(self, cls: type) -> str:
        left: set[str] = set()
        if issubclass(cls, Experiment):
            left = _NOT_COUNTING | {field.name for field in fields(cls)}
        for name, value in vars(cls).items():
            made = isinstance(value, FunctionType) and value.__code__.co_filename == "<string>"
            special = name.startswith("__") and name.endswith("__")
            if isinstance(value, FunctionType):
                special = special and made
            if not (special or name in left or name == "_abc_impl"):
                self._value(f"{self.seen[id(cls)][0]}.{name}", value)
        return " ".join(self.visit(base) for base in cls.__bases__)

    def _function(self, function: FunctionType) -> str:
        self._names(function.__globals__, function.__code__)
        name = self.seen[id(function)][0]
        for variable, cell in zip(
            function.__code__.co_freevars, function.__closure__ or (), strict=True
        ):
            if variable != "__class__":
                self._value(f"{name}.{variable}", _content(cell))
        defaults = self.text((function.__defaults__, function.__kwdefaults__))
        return _source(function.__code__) + defaults

    def _names(self, there: dict[str, Any], code: CodeType) -> None:
        """Visit what a code names of a module, and of those modules that it names."""
        for name in sorted({name for part in _codes(code) for name in part.co_names} & {*there}):
            value = there[name]
            if not isinstance(value, ModuleType):
                self._value(f"{there.get('__name__')}.{name}".removeprefix(f"{self.home}."), value)
            elif not foreign(value.__name__) and id(value) not in self.seen:
                self.seen[id(value)] = value.__name__, value
                self._names(vars(value), code)
                del self.seen[id(value)]

    def _value(self, name: str, value: Any) -> None:
        text = self.text(value)
        if not isinstance(value, (FunctionType, type)):  # which are parts by their own names
            while self.parts.get(name, text) != text:
                name += "'"
            self.parts[name] = text

    def text(self, value: Any) -> str:
        """Return a text for a value, alike in every process."""
        if isinstance(value, (FunctionType, type)):
            return self.visit(value)
        if isinstance(value, ModuleType):
            return value.__name__
        if type(value) in _PLAIN:
            return repr(value)
        if id(value) in self.seen:
            return "again"
        self.seen[id(value)] = "", value
        try:
            return self._made(value)
        except Exception:  # whatever its own class may raise
            return f"unseen {type(value).__qualname__}"
        finally:
            del self.seen[id(value)]

    def _made(self, value: Any) -> str:
        """Return the text of what is made of other things."""
        kind = type(value).__name__
        if isinstance(value, MethodType):
            return self.text((value.__func__, value.__self__))
        if isinstance(value, (staticmethod, classmethod, property, cached_property)):
            functions = [
                getattr(value, name, None) for name in ("__func__", "fget", "fset", "func")
            ]
            return f"{kind} {self.text(functions)}"
        if hasattr(value, "__wrapped__"):  # cached, or compiled
            return f"{kind} {self.text(value.__wrapped__)}"
        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind != "O":
            held = hashlib.sha256(value.tobytes()).hexdigest()
            return f"{value.dtype} {value.shape} {held}"
        if isinstance(value, np.ndarray):
            return self.text(value.tolist())
        if type(value) in (list, tuple, set, frozenset, dict):
            items = value.items() if isinstance(value, dict) else value
            texts = [self.text(item) for item in items]
            return f"{kind}({', '.join(sorted(texts) if 'set' in kind else texts)})"
        if inspect.isbuiltin(value):
            return f"{value.__module__}.{value.__qualname__}"
        if isinstance(reduced := value.__reduce_ex__(4), str):
            return reduced
        makes, arguments, *state = reduced
        rest = [list(part) if isinstance(part, Iterator) else part for part in state]
        return self.text((makes, tuple(arguments), *rest))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@lru_cache
def foreign(module: str) -> bool:
    """Say whether a module is no user's: ours, Python's, or installed."""
    top = module.partition(".")[0]
    if top == _OURS or top in sys.stdlib_module_names:
        return True
    file = getattr(sys.modules.get(module) or sys.modules.get(top), "__file__", None)
    return bool(_INSTALLED & {*Path(file or "").parts})


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not yet filled
        return None


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a code and those inside it."""
    yield code
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _codes(part)


def _source(code: CodeType) -> str:
    """Return a function's source without comments; what it was compiled to, where that is lost.

    A file may have been edited since it was imported: what runs is what counts.
    """
    try:
        tree, codes = _parsed("".join(inspect.findsource(code)[0]))
        lines = [c.co_firstlineno for c in codes if _compiled(c) == _compiled(code)]
        if lines:
            line = code.co_firstlineno if code.co_firstlineno in lines else lines[0]
            return "\n".join(ast.unparse(node) for node in ast.walk(tree) if _line(node) == line)
    except (OSError, TypeError, ValueError, SyntaxError, IndexError):
        pass
    return f"{sys.version_info[:2]} {_compiled(code)}"


@lru_cache(8)
def _parsed(source: str) -> tuple[ast.Module, list[CodeType]]:
    tree = ast.parse(source)
    return tree, [*_codes(compile(tree, "", "exec", dont_inherit=True))]


def _line(node: ast.AST) -> int | None:
    """Return where a function begins, as its code has it: at its first decorator."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return node.lineno if isinstance(node, ast.Lambda) else None


def _compiled(code: CodeType) -> str:
    """Return what a code does, wherever it stands."""
    consts = [_compiled(c) if isinstance(c, CodeType) else _const(c) for c in code.co_consts]
    names = code.co_names, code.co_varnames, code.co_freevars
    return f"{code.co_name} {code.co_code.hex()} {names} {consts}"


def _const(value: Any) -> str:
    return str(sorted(map(repr, value))) if isinstance(value, frozenset) else repr(value)
