"""Points have strong ids, grids plain numbers, and blocks nest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, strategies as st

import hopfield as hf
from hopfield.scans.tasks import Block, gaps, identity, largest, place, stream, work
from tests.scans.coin import Coin


def test_a_point_has_the_same_id_however_it_is_written():
    ids = {identity(e, 0) for e in (Coin(), Coin(0.5), Coin(bias=0.5, sides=2))}
    made = hf.scan(Coin, bias=np.array([0.5]), sides=(np.int64(2),), repeats=1).points
    assert ids == {made[0].row.id}
    assert hf.scan(Coin, bias=[1], repeats=1).points[0].row.parameters["bias"] == 1.0
    assert identity(Coin(0.0), 0) == identity(Coin(-0.0), 0)


@dataclass(frozen=True)
class Newer(Coin):
    version = 2


Newer.__name__ = "Coin"


def test_parameters_versions_and_seeds_make_other_ids():
    others = identity(Newer(), 0), identity(Coin(), 1), identity(Coin(0.6), 0)
    assert len({identity(Coin(), 0), *others}) == 4


def test_an_id_is_for_ever():
    assert identity(hf.experiments.Crosstalk(N=100), 0) == "54e8783b534ad0ff21bff66f0f66628f"
    assert stream("0" * 31 + "7", 3).integers(2**32) == 3126384070


def test_a_grid_holds_plain_numbers():
    assert hf.grid(0.05, 0.25, 21)[2] == 0.07
    assert hf.grid(1, 3, 3) == (1, 2, 3)
    assert [type(x) for x in hf.grid(np.int64(100), 500, 3)] == [int] * 3
    assert hf.grid(1, 2, 3) == (1.0, 1.5, 2.0)
    with pytest.raises(ValueError, match="count must be 2 or more"):
        hf.grid(0, 1, 1)


@given(st.integers(0, 10**6), st.integers(1, 10**5), st.integers(1, 10**4))
def test_a_block_starts_at_a_multiple_of_its_length_and_fits(first, room, most):
    size = largest(first, room, most)
    assert size & (size - 1) == 0
    assert first % size == 0
    assert size <= min(room, most)


@given(st.integers(1, 300), st.randoms())
def test_gaps_are_what_no_block_holds(stop, random):
    at, blocks, free = 0, [], set(range(stop))
    while at < stop:
        size = largest(at, stop - at, random.randint(1, 64))
        if random.random() < 0.5:
            blocks.append((at, size))
            free -= set(range(at, at + size))
        at += size
    assert {r for a, b in gaps(iter(blocks), stop) for r in range(a, b)} == free


def test_a_worker_with_another_version_is_refused():
    with pytest.raises(RuntimeError, match=r"has hopfield .*, the driver 0\.0: install one"):
        work([(Coin(), Block(identity(Coin(), 0), 0, 1))], "0.0")


def test_code_that_came_by_value_is_placed_by_what_its_module_knows():
    """As cloudpickle 3.1.3 sends it, here with any version: each file has one and the same name."""

    def came(text, **knows):
        exec(compile(text, "<dynamic-code>", "exec"), knows)
        return knows["run"]

    def placed(run):
        with pytest.raises(ZeroDivisionError) as caught:
            run()
        return place(caught.value)

    fails = "def run():\n    1 / 0"
    other = came(fails, __file__="/a/other.py")
    mine = came("\n\ndef run():\n    other()", __file__="/a/mine.py", other=other)
    assert placed(mine) == ", mine.py line 4"
    assert placed(came(fails, __file__="/a/its.py")) == ", its.py line 2"
    assert placed(came(fails)) == ", line 2"  # typed in a notebook
