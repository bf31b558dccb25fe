"""NumPy's integers are taken as Python's: what is checked goes on as what the check returned."""

from __future__ import annotations

import ast
import doctest
import importlib
import io
import pkgutil
import textwrap
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import hopfield as hf

CHECKS = {"count", "whole", "number", "scalar", "part", "temperature", "between", "_colours"}
ASKED = {"isinstance", "hasattr", "isfinite", "choice"}  # what kind of thing a value is
# A number is one of the things that it may be, or what it is given as is asked, too.
OTHER_KINDS = {
    ("ready", "on"),
    ("_time", "t"),
    ("_positive", "x"),
    ("grid", "start"),
    ("grid", "stop"),
    ("check_threshold", "threshold"),
    ("_scaling", "scaling"),
}
FILES = sorted(Path(hf.__file__).parent.rglob("*.py"))
THERE = {
    "hopfield.torch": find_spec("torch"),  # its own run has it: `make torch`
    "hopfield.lab.widget": (Path(__file__).parents[2] / "web/dist/widget.js").is_file(),
}


class Loads(ast.NodeVisitor):
    """The lines in which a name is read, but for checks, errors and what it is compared with."""

    def __init__(self, name):
        self.name, self.lines = name, []

    def visit_Raise(self, node):
        pass

    def visit_Compare(self, node):
        constants = all(isinstance(c, ast.Constant) for c in node.comparators)
        alike = isinstance(node.ops[0], (ast.Is, ast.IsNot, ast.Eq, ast.NotEq))
        if not (constants and alike):
            self.generic_visit(node)

    def visit_Call(self, node):
        if checked(node) == self.name or called(node) in ASKED:
            for argument in node.args[1:]:
                self.visit(argument)
        else:
            self.generic_visit(node)

    def visit_Name(self, node):
        if node.id == self.name and isinstance(node.ctx, ast.Load):
            self.lines.append(node.lineno)


def called(node):
    """Return the name of the function that is called."""
    return getattr(node.func, "id", None)


def checked(node):
    """Return the name that a call checks, if it is such a call."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Name):
        return None
    return node.args[0].id if called(node) in CHECKS else None


def read_unchecked(text):
    """Return (function, name) for each number that is read as it was given, though checked."""
    found = []
    for function in ast.walk(ast.parse(text)):
        if not isinstance(function, ast.FunctionDef):
            continue
        inside = list(ast.walk(function))
        bound = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for name in {name for node in inside if (name := checked(node))} - bound:
            loads = Loads(name)
            for statement in function.body:
                loads.visit(statement)
            if loads.lines and (function.name, name) not in OTHER_KINDS:
                found.append((function.name, name))
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_checked_number_is_read_as_the_check_returned_it(file):
    if file.name == "checks.py":
        return
    assert read_unchecked(file.read_text(encoding="utf-8")) == []


def test_a_number_that_is_read_as_given_is_found():
    bad = "def f(n):\n    if count(n, 'n', 1) < 3:\n        return n\n    return 2 * n"
    good = "def f(n):\n    n = count(n, 'n', 1)\n    return 2 * n"
    assert read_unchecked(bad) == [("f", "n")]
    assert read_unchecked(good) == []


# ---- the examples, with NumPy's smallest integers in place of Python's -------------------------

HERE = {"scans", "lessons", "cli", "show"}  # whose examples draw, or take long


class Small(ast.NodeTransformer):
    """Whole numbers given to functions become NumPy's, of 8 bits where they fit."""

    def visit_Call(self, node):
        self.generic_visit(node)
        root = node.func
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name) and root.id not in {"np", "range", "round", "int", "float"}:
            node.args = [self.small(a) for a in node.args]
            for keyword in node.keywords:
                keyword.value = self.small(keyword.value)
        return node

    def visit_comprehension(self, node):
        self.generic_visit(node)
        if isinstance(node.iter, ast.Tuple):
            node.iter.elts = [self.small(element) for element in node.iter.elts]
        return node

    def small(self, node):
        value = node.value if isinstance(node, ast.Constant) else None
        if type(value) is not int or not 0 <= value < 2**63:
            return node
        kind = np.min_scalar_type(value).name
        return ast.parse(f"__import__('numpy').{kind}({value})", mode="eval").body


def small(source):
    return ast.unparse(Small().visit(ast.parse(source)))


def examples():
    """Yield the examples of each public function and class."""
    finder = doctest.DocTestFinder()
    for module in modules():
        for name, thing in sorted(vars(module).items()):
            mine = getattr(thing, "__module__", None) == module.__name__
            if name.startswith("_") or not mine or not callable(thing):
                continue
            space = dict(vars(module))
            whole = f"{module.__name__.removeprefix('hopfield.')}.{name}"
            for test in finder.find(thing, whole, module=module, globs=space):
                if any(small(e.source) != ast.unparse(ast.parse(e.source)) for e in test.examples):
                    yield test


def modules():
    for found in pkgutil.walk_packages(hf.__path__, "hopfield."):
        room = found.name.split(".")[1]
        apart = room in HERE | {"__main__"} or ".kernels" in found.name
        if not apart and THERE.get(found.name, True):
            yield importlib.import_module(found.name)


EXAMPLES = list(examples())


@pytest.mark.parametrize("test", EXAMPLES, ids=lambda test: test.name)
def test_an_example_is_the_same_with_numpys_small_integers(test):
    for example in test.examples:
        example.source = small(example.source) + "\n"
    said = io.StringIO()
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    runner = doctest.DocTestRunner(optionflags=flags, verbose=False)
    runner.run(test, out=said.write)
    assert runner.failures == 0, textwrap.indent(said.getvalue(), "  ")


def test_the_examples_do_pass_such_integers():
    assert "numpy').uint8(3)" in small("hf.models.one_hot([2, 0, -1], 3)")
    passed = {test.name for test in EXAMPLES}
    assert {"theory.potts.critical", "theory.mixtures.energy", "models.potts.potts"} <= passed


def test_what_numpys_integers_once_overflowed():
    assert hf.theory.mixtures.energy(np.uint64(3)) == pytest.approx(-0.375)
    assert hf.theory.potts.critical(np.uint8(250))[0] == pytest.approx(2837.2, abs=0.05)
    assert hf.models.potts([[0, 1, 2]], np.uint64(3)).n == 9
    assert hf.theory.visits.all_visited_random(200, np.uint8(200), 900) == (
        hf.theory.visits.all_visited_random(200, 200, 900)
    )
