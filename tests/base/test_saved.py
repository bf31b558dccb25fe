"""The registry of what can be saved: every memory, neuron, order and result is in it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

import pytest

import hopfield as hf
from hopfield.base import saved


def test_every_class_of_the_core_that_holds_a_network_is_known():
    known = saved.known()
    for cls in (
        hf.Hebbian,
        hf.DenseMemory,
        hf.Couplings,
        hf.Bias,
        hf.Sign,
        hf.HeatBath,
        hf.Linear,
        hf.Graded,
        hf.Potts,
        hf.Anneal,
        hf.Sync,
        hf.Shuffled,
        hf.Random,
        hf.Sequential,
        hf.Given,
        hf.Blocks,
        hf.Flow,
        hf.Recall,
    ):
        assert known[cls.__name__] is cls
        assert cls.parts.__doc__


def test_parts_are_arguments():
    for cls in saved.known().values():
        assert callable(cls.parts)
        assert list(inspect.signature(cls.parts).parameters) == ["self"]


def test_a_value_is_rebuilt_of_its_fields(tmp_path):
    @saved.value
    @dataclass(frozen=True)
    class Knob:
        angle: float
        name: str = "left"

    try:
        assert Knob(0.5).parts() == {"angle": 0.5, "name": "left"}
        hf.save(tmp_path / "k.npz", Knob(0.5, "right"))
        assert hf.load(tmp_path / "k.npz") == Knob(0.5, "right")
    finally:
        saved.TYPES.pop("Knob")


def test_a_name_that_is_taken_is_refused():
    class Sign:
        def parts(self):
            return {}

    with pytest.raises(ValueError, match="cls Sign cannot be made savable: that name is already"):
        saved.savable(Sign)
    assert saved.TYPES["Sign"] is hf.Sign
    assert saved.savable(hf.Sign) is hf.Sign  # a notebook's cell run twice

    class Partless:
        pass

    with pytest.raises(TypeError, match=r"cls Partless needs a method parts\(\)"):
        saved.savable(Partless)


def test_a_subclass_under_its_own_name_is_not_saved_as_its_base(tmp_path):
    class Loud(hf.Sign):
        pass

    with pytest.raises(TypeError, match="it is of type Loud"):
        hf.save(tmp_path / "n.npz", Loud())


def test_a_result_comes_back_from_a_file(tmp_path):
    memory, cues = hf.hebb(hf.random_patterns(3, 20, rng=1)), hf.random_patterns(4, 20, rng=2)
    kept = [hf.record.energy(), hf.record.states("update")]
    for r in (
        hf.recall(memory, cues, rng=3, record=kept),
        hf.recall(memory, cues[0], rng=3, record=hf.record.energy()),
        hf.recall(memory, cues[0], order=hf.Sync(), sweeps=1),
    ):
        hf.save(tmp_path / "r.npz", r)
        again = hf.load(tmp_path / "r.npz")
        assert repr(again) == repr(r)
        for name, value in r.parts().items():
            other = getattr(again, name)
            if isinstance(value, dict):
                assert all((other[k] == value[k]).all() for k in value)
            else:
                assert (other == value) if value is None else (other == value) is not False
                assert type(other) is type(value)
