"""The plan: messages hold the work that they should, and `until` goes on as far as it must."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import hopfield as hf
from hopfield.experiments import Counts, Experiment, count
from hopfield.scans.plan import MESSAGE, Job, Plan
from hopfield.scans.tasks import Done
from tests.scans.coin import GRID, Coin, counts


@pytest.mark.parametrize("cost", [1e-3, 0.02, 0.3, 7.0])
@pytest.mark.parametrize("times", [1, 10])
def test_messages_hold_the_work_that_they_should_once_it_is_known(cost, times):
    plan = Plan({id: Job(id, Coin(), 1000) for id in "abc"}, None, 1000)
    length, works = times * MESSAGE, []
    while message := plan.take(times):
        done = [Done(block, Counts(), cost * block.size, "", "", 0.0) for block in message]
        assert all(block.size == 1 or block.size * cost <= MESSAGE for block in message)
        works.append(sum(task.seconds for task in done))
        plan.finish(done)
    assert sum(works) == pytest.approx(3000 * cost)
    assert max(works) <= max(length + MESSAGE, cost)
    assert len(works) <= sum(works) / min(length, 0.8 * max(length, cost)) + 24


def test_until_waits_for_what_is_rare():
    found = hf.scan(hf.experiments.Retrieval, N=100, alpha=0.02, until=0.02)
    assert found.points[0].replicas >= 150


def test_until_goes_on_to_the_error_bar_and_not_by_luck(tmp_path):
    one = hf.scan(Coin, until=0.04, out=tmp_path / "a.db", **GRID)
    assert all(p.counts.estimate("heads").bar <= 0.04 for p in one.points)
    replicas = [p.replicas for p in one.points]
    assert max(replicas) < 2000
    assert replicas[0] < replicas[2]  # a share of 0.2 needs fewer than one of 0.5
    path = tmp_path / "b.db"
    for stop in (40, 100, 100, 100):  # stopped after so many replicas
        with pytest.raises(KeyboardInterrupt):
            hf.scan(Coin, until=0.04, out=path, progress=_stop_after(stop), **GRID)
    two = hf.scan(Coin, until=0.04, out=path, **GRID)
    assert counts(two) == counts(one)


def _stop_after(replicas):
    first = []

    def progress(now):
        first.append(now.done)
        if now.done > first[0] + replicas:
            raise KeyboardInterrupt

    return progress


def test_until_counts_successes_and_has_a_ceiling():
    found = hf.scan(Coin, until=200, bias=0.2).points[0].counts.shares["heads"]
    assert 200 <= found[0] < 400
    assert hf.scan(Coin, until=np.int64(200), bias=0.2).points[0].counts.shares["heads"] == found
    assert hf.scan(Coin, until=0.001, repeats=64, bias=0.2).points[0].replicas == 64


@dataclass(frozen=True)
class Misnamed(Experiment):
    about = "nothing"

    def run(self, rng):
        return count(x=rng.random())


def test_until_refuses_what_would_never_end():
    with pytest.raises(ValueError, match="nothing here counts successes"):
        hf.scan(Misnamed, until=100)
    with pytest.raises(ValueError, match="about must be one of x, not 'nothing'"):
        hf.scan(Misnamed, until=0.1)


def test_progress_tells_how_far_it_is():
    seen = []

    def progress(now):
        seen.append((now.done, now.total, now.bar, now.engine))

    hf.scan(Coin, repeats=40, progress=progress, **GRID)
    assert seen[0][:2] == (0, 240)
    assert seen[-1][:2] == (240, 240)
    assert 0 < seen[-1][2] < 0.2
    assert seen[-1][3] == "this process"
