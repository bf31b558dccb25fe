"""The code that counts is part of an experiment: it is seen wherever it stands."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass

import pytest

import hopfield as hf
from hopfield.scans import merge
from hopfield.scans.code import code_of

FILE = """
import functools
import numpy as np
from dataclasses import dataclass, field
from hopfield.experiments import Experiment, Crosstalk, count
import beside

K = 1
TABLE = {"a": [1, 2], "b": np.arange(3)}

def twice(x):
    return 2 * x  # as the name says

@functools.cache
def kept(x):
    return x + 1

def made(y):
    def inner(x):
        return x + y
    return inner

add = made(3)

class Tool:
    size = 4
    def use(self):
        return self.size

tool = Tool()

@dataclass(frozen=True)
class Base(Experiment):
    extra = 5
    def help(self):
        return self.extra

@dataclass(frozen=True)
class Mine(Base):
    p: int = 1
    about = "x"
    def run(self, rng):
        parts = [twice(i) for i in TABLE["a"]]
        return count(x=float(K + sum(parts) + kept(1) + add(2) + Tool().use() + tool.use()
                             + self.help() + beside.f(1) + self.put() + beside.deep.G))
    @staticmethod
    def put():
        return 7
    def theory(self):
        return 0.5
"""
BESIDE = """
import beside_deep as deep
C = 3
def f(x):
    return x + C
"""
DEEP = "G = 8\n"


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """Import the experiment of a file and its helpers, some words changed, and return its class."""
    monkeypatch.syspath_prepend(tmp_path)

    def mine(*change, name="mine"):
        for stem, text in (("beside", BESIDE), ("beside_deep", DEEP), ("mine", FILE)):
            monkeypatch.delitem(sys.modules, stem, raising=False)
            (tmp_path / f"{stem}.py").write_text(text.replace(*change) if change else text)
        spec = importlib.util.spec_from_file_location(name, tmp_path / "mine.py")
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module.Mine

    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return mine


CHANGES = {
    "K": ("K = 1", "K = 100"),
    "TABLE": ("arange(3)", "arange(4)"),
    "twice": ("return 2 * x", "return 3 * x"),
    "kept": ("return x + 1", "return x + 2"),
    "made.<locals>.inner.y": ("made(3)", "made(4)"),
    "Tool.size": ("size = 4", "size = 5"),
    "Base.extra": ("extra = 5", "extra = 6"),
    "Base.help": ("return self.extra", "return -self.extra"),
    "Mine.put": ("return 7", "return 8"),
    "beside.C": ("C = 3", "C = 4"),
    "beside.f": ("x + C", "x - C"),
    "beside_deep.G": ("G = 8", "G = 9"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_run_refers_to_is_seen(mine, name):
    before, after = code_of(mine()), code_of(mine(*CHANGES[name]))
    assert before.keys() == after.keys()
    assert [part for part in before if before[part] != after[part]] == [name]


@pytest.mark.parametrize(
    "change", [("  # as the name says", ""), ("return 0.5", "return 0.6"), ('"x"\n', '"y"\n')]
)
def test_what_counts_nothing_makes_no_other_code(mine, change):
    assert code_of(mine()) == code_of(mine(*change))


def test_the_code_is_the_same_wherever_it_was_found(mine, tmp_path):
    here = mine()
    assert code_of(here) == code_of(mine(name="another"))
    here().run(None)  # which fills what it keeps
    assert code_of(here) == code_of(mine())


def test_what_runs_counts_though_its_file_was_edited_since(mine, tmp_path):
    before = mine()
    codes = code_of(before)
    (tmp_path / "mine.py").write_text(FILE.replace("return 2 * x", "return 3 * x"))
    edited = code_of(before)
    assert edited != code_of(mine("return 2 * x", "return 3 * x"))
    (tmp_path / "mine.py").write_text("# a line more\n" + FILE)
    assert code_of(before) == codes


def test_a_function_without_a_source_has_a_code_all_the_same():
    def made(text):
        knows = {"__name__": "typed", "base": hf.experiments.Experiment}
        exec(f"class Typed(base):\n    def run(self, rng):\n        return {text}", knows)
        return code_of(knows["Typed"])

    assert made("1") == made("1") != made("2")


@dataclass(frozen=True)
class Other(hf.experiments.Retrieval):
    """An experiment that is named like one of ours."""


@dataclass(frozen=True)
class Changed(hf.experiments.Retrieval):
    def patterns(self, rng):
        return super().patterns(rng)


Other.__name__ = Changed.__name__ = "Retrieval"
SMALL = {"N": 40, "alpha": 0.1}


@pytest.mark.parametrize("own", [Other, Changed])
def test_an_experiment_named_like_ours_never_shares_its_rows(tmp_path, own):
    one, two, out = (tmp_path / name for name in ("a.db", "b.db", "c.db"))
    hf.scan(hf.experiments.Retrieval, repeats=4, out=one, **SMALL)
    with pytest.raises(ValueError, match="one is hopfield's own, and one is not; raise its"):
        hf.scan(own, repeats=8, out=one, **SMALL)
    hf.scan(own, repeats=8, out=two, **SMALL)
    with pytest.raises(ValueError, match=r"b\.db holds counts of another Retrieval, version 1"):
        hf.scan(hf.experiments.Retrieval, repeats=9, out=two, **SMALL)
    for pair in ((one, two), (two, one)):
        with pytest.raises(ValueError, match="one is hopfield's own, and one is not"):
            merge(out, *pair)
        assert not out.exists()
    before = one.read_bytes()
    with pytest.raises(ValueError, match="one is hopfield's own, and one is not"):
        merge(one, two)
    assert one.read_bytes()[100:] == before[100:]


def test_a_constant_beside_the_class_is_never_averaged_over(mine, tmp_path):
    hf.scan(mine(), repeats=2, out=tmp_path / "s.db")
    with pytest.raises(ValueError, match=r"its code has changed \(K\); raise its `version`"):
        hf.scan(mine("K = 1", "K = 100"), repeats=4, out=tmp_path / "s.db")
