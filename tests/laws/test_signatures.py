"""Signatures, by inspection; and what an import loads, and needs."""

from __future__ import annotations

import inspect
import pydoc
import subprocess
import sys

import pytest

import hopfield as hf
from hopfield.base.saved import known

HEAVY = ("numba", "scipy", "matplotlib", "PIL", "sklearn", "typer", "rich")


def test_the_package_has_few_public_names_and_they_are_all_there():
    names = [name for name in hf.__all__ if not inspect.ismodule(getattr(hf, name))]
    assert len(names) <= 45
    assert all(getattr(hf, name) is not None for name in names)


def test_help_tells_of_what_is_imported_only_when_needed():
    text = pydoc.plain(pydoc.render_doc(hf))
    assert all(f"\n    {name}(" in text for name in ("cite", "diagnose", "grid", "scan"))
    assert {"cite", "reports", "scan", "tour"} < set(dir(hf))


@pytest.mark.parametrize("name", ["random_patterns", "flip", "uniform_weights"])
def test_what_draws_asks_for_rng_by_name(name):
    rng = inspect.signature(getattr(hf, name)).parameters["rng"]
    assert rng.kind is rng.KEYWORD_ONLY
    assert rng.default is rng.empty


@pytest.mark.parametrize("function", [hf.recall, hf.landscape.basins, hf.blank, hf.replace])
def test_what_may_draw_takes_rng_by_name(function):
    rng = inspect.signature(function).parameters["rng"]
    assert rng.kind is rng.KEYWORD_ONLY
    assert rng.default is None


def test_recall_and_run_take_the_same_network():
    recall, run = inspect.signature(hf.recall).parameters, inspect.signature(hf.Run).parameters
    assert list(recall) == [
        "memory",
        "cue",
        "neuron",
        "order",
        "clamp",
        "sweeps",
        "updates",
        "record",
        "rng",
    ]
    assert list(run) == [name for name in recall if name not in ("sweeps", "updates")]
    assert all(p.kind is p.KEYWORD_ONLY for p in list(recall.values())[2:])


def _subclasses(cls):
    for sub in cls.__subclasses__():
        if sub.__module__.startswith("hopfield."):
            yield sub
        yield from _subclasses(sub)


@pytest.mark.parametrize("memory", sorted(_subclasses(hf.Memory), key=lambda c: c.__name__))
def test_every_memory_has_the_methods_of_a_memory(memory):
    for method in ("field", "numerators", "gradient", "energy", "open"):
        assert list(inspect.signature(getattr(memory, method)).parameters) == ["self", "s"]
    for method in ("form", "linear", "parts"):
        assert list(inspect.signature(getattr(memory, method)).parameters) == ["self"]
    assert list(inspect.signature(memory.signed).parameters) == ["self", "low", "high"]
    own = memory.parts is not hf.Memory.parts  # else it is the base of others
    assert (memory.__name__ in known()) == own


@pytest.mark.parametrize(
    "neuron", [hf.Sign, hf.HeatBath, hf.Linear, hf.Graded, hf.Potts, hf.Anneal]
)
def test_every_neuron_is_called_with_field_state_and_rng(neuron):
    assert list(inspect.signature(neuron.__call__).parameters) == ["self", "h", "s", "rng"]
    assert list(inspect.signature(neuron.settled).parameters) == ["self", "h", "s"]


@pytest.mark.parametrize(
    "order", [hf.Sync, hf.Shuffled, hf.Random, hf.Sequential, hf.Given, hf.Blocks, hf.Flow]
)
def test_every_order_is_called_with_n_and_rng(order):
    assert list(inspect.signature(order.__call__).parameters) == ["self", "n", "rng"]


@pytest.mark.parametrize("rule", hf.learning.RULES)
def test_every_rule_takes_patterns_and_options_by_name(rule):
    first, *rest = inspect.signature(hf.learning.RULES[rule].learn).parameters.values()
    assert first.name == "patterns"
    assert all(p.kind is p.KEYWORD_ONLY for p in rest)


def _python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_package_loads_nothing_heavy():
    heavy = *HEAVY, *(f"hopfield.{room}" for room in ("theory", "pictures", "optimise", "plots"))
    code = f"import sys, hopfield; print([m for m in {heavy} if m in sys.modules])"
    assert _python(code).strip() == "[]"


def test_the_core_works_with_numpy_alone():
    _python(f"""
import sys
for name in {HEAVY}:
    sys.modules[name] = None
import hopfield as hf
xi = hf.random_patterns(5, 300, rng=1)
for memory in (hf.hebb(xi), hf.hebb(xi).dense()):
    for order in (hf.Shuffled(), hf.Sync()):
        r = hf.recall(memory, hf.flip(xi[0], 0.1, rng=2), order=order, rng=3)
        assert r.why == "fixed point" and hf.overlap(r.state, xi[0]) == 1, r
for rule in hf.learning.RULES.values():
    assert rule.learn(xi[:2, :40]).stable(xi[:2, :40]).all(), rule.source
""")


def public_modules(module=hf):
    """Yield each module that is to be seen: the package's, and those inside them."""
    for name in module.__all__:
        inside = getattr(module, name)
        if inspect.ismodule(inside) and inside.__name__.startswith("hopfield."):
            yield inside
            yield from public_modules(inside)


def test_what_a_module_lists_is_what_it_offers_not_what_it_imports():
    seen = {module.__name__: dir(module) for module in public_modules()}
    assert {"hopfield.theory.ags", "hopfield.core.patterns", "hopfield.models.optimise"} <= set(
        seen
    )
    for module in public_modules():
        assert sorted(module.__all__) == dir(module)
        assert not {"np", "npt", "annotations", "Any"} & set(dir(module))
        assert all(hasattr(module, name) for name in dir(module))
