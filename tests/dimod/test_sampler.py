"""dimod's own suites for samplers, and energies that are its own."""

from __future__ import annotations

import subprocess
import sys
import unittest

import dimod
import dimod.testing
import numpy as np
import pytest
from hypothesis import given, strategies as st

import hopfield as hf
from hopfield.dimod import HopfieldSampler, from_bqm, to_bqm


@dimod.testing.load_sampler_bqm_tests(HopfieldSampler)
class TestTheSuiteForSamplers(unittest.TestCase):
    def test_its_interface(self):
        dimod.testing.assert_sampler_api(HopfieldSampler())


def models(vartype):
    number = st.integers(-5, 5)
    return st.integers(2, 8).flatmap(
        lambda n: st.builds(
            lambda h, J, c: dimod.BinaryQuadraticModel(
                dict(enumerate(h)),
                {(i, j): J[i][j] for i in range(n) for j in range(i)},
                c,
                vartype,
            ),
            st.lists(number, min_size=n, max_size=n),
            st.lists(st.lists(number, min_size=n, max_size=n), min_size=n, max_size=n),
            number,
        )
    )


@given(st.one_of(models("SPIN"), models("BINARY")))
def test_a_model_there_and_back_has_its_energies_exactly(bqm):
    memory, constant = from_bqm(bqm)
    back = to_bqm(memory)
    n = bqm.num_variables
    bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    own = bits if bqm.vartype is dimod.BINARY else 2 * bits - 1
    energies = bqm.energies((own, list(bqm.variables)))
    assert np.array_equal(memory.energy(2 * bits - 1) + constant, energies)
    assert np.array_equal(back.energies((bits, list(range(n)))) + constant, energies)


def wells(n=12):
    rng = np.random.default_rng(0)
    return dimod.BinaryQuadraticModel(
        {}, {(i, j): int(rng.choice([-1, 1])) for i in range(n) for j in range(i)}, "SPIN"
    )


@pytest.mark.parametrize("method", ["anneal", "temper"])
@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
def test_the_lowest_state_is_found(method, vartype):
    bqm = wells().change_vartype(vartype)
    found = HopfieldSampler().sample(bqm, num_reads=20, method=method, seed=1)
    assert found.vartype is bqm.vartype
    assert found.first.energy == dimod.ExactSolver().sample(bqm).first.energy
    again = HopfieldSampler().sample(bqm, num_reads=20, method=method, seed=1)
    assert np.array_equal(found.record.sample, again.record.sample)


def test_the_heat_bath_has_the_law_of_its_temperature():
    bqm = dimod.BinaryQuadraticModel({"a": 0.3}, {("a", "b"): -0.5}, "SPIN")
    found = HopfieldSampler().sample(
        bqm, num_reads=4000, method="heat bath", temperatures=[0.8], sweeps=20, seed=2
    )
    law = dimod.ExactSolver().sample(bqm)
    weights = np.exp(-law.record.energy / 0.8)
    mean = weights @ law.record.energy / weights.sum()
    variance = weights @ (law.record.energy - mean) ** 2 / weights.sum()
    assert abs(found.record.energy.mean() - mean) < 3.3 * np.sqrt(variance / 4000)


def test_swaps_between_temperatures_are_measured():
    found = HopfieldSampler().sample(wells(), num_reads=4, method="temper", sweeps=100, seed=1)
    acceptance = np.array(found.info["acceptance"])
    assert acceptance.size == len(found.info["temperatures"]) - 1
    assert ((acceptance > 0) & (acceptance <= 1)).all()


def test_a_start_is_kept_where_it_is_the_lowest():
    bqm = dimod.BinaryQuadraticModel({}, {(0, 1): -1, (1, 2): -1}, "SPIN")
    start = {0: -1, 1: -1, 2: -1}
    found = HopfieldSampler().sample(
        bqm,
        initial_states=start,
        initial_states_generator="tile",
        temperatures=[0],
        num_reads=3,
        seed=1,
    )
    assert [*map(dict, found.samples())] == [start] * 3


def test_large_models_are_held_by_their_couplings():
    n = 3000
    bqm = dimod.BinaryQuadraticModel({}, {(i, (i + 1) % n): 1 for i in range(n)}, "SPIN")
    found = HopfieldSampler().sample(bqm, sweeps=50, seed=1)
    assert found.first.energy < -0.9 * n


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "quantum"}, "^method must be one of anneal, heat bath, temper"),
        ({"sweeps": 0}, "^sweeps must be 1 or more"),
        ({"temperatures": [1, 2]}, "^temperatures must be a row that never rises"),
        ({"method": "temper", "temperatures": [2, 1]}, "^temperatures must be .* rise"),
        ({"method": "heat bath", "temperatures": [2, 1]}, "^temperatures must be one"),
        ({"temperatures": [-1]}, "^temperatures must be 0 or more"),
    ],
)
def test_bad_input_is_said_in_a_sentence(options, said):
    with pytest.raises(ValueError, match=said):
        HopfieldSampler().sample(wells(4), **options)


def test_what_it_does_not_know_is_left_out_with_a_warning():
    with pytest.warns(dimod.SamplerUnknownArgWarning):
        HopfieldSampler().sample(wells(4), beta_range=(0, 1), seed=1)


def test_a_memory_that_is_not_quadratic_is_no_model():
    with pytest.raises(ValueError, match=r"^memory must be quadratic"):
        to_bqm(hf.dense([[1, -1, 1, 1]]))


def test_the_package_does_not_load_dimod():
    code = "import hopfield as hf, sys; hf.optimise; assert 'dimod' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_dimod_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "dimod", None)
    monkeypatch.delitem(sys.modules, "hopfield.dimod", raising=False)
    with pytest.raises(ImportError, match="install the extra 'optimise' of hopfield"):
        import hopfield.dimod  # noqa: F401


def test_an_annealing_goes_through_all_its_temperatures():
    hot = np.r_[np.full(1500, 1e6), 0.0]  # the last alone lets it settle
    found = HopfieldSampler().sample(wells(), temperatures=hot, num_reads=20, seed=1)
    flips = 1 - 2 * np.eye(12)
    for sample in found.record.sample:
        order = list(found.variables)
        moved = wells().energies((sample * flips, order))
        assert (moved >= wells().energies((sample[None], order))).all()
