"""How many threads share a batch, and that no result depends on it."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import numpy as np
import pytest

import hopfield as hf
from hopfield.base import threads
from tests.bad import refuses


@pytest.fixture(autouse=True)
def _as_they_were(monkeypatch):
    monkeypatch.setattr(threads, "_chosen", None)
    monkeypatch.delenv("HOPFIELD_THREADS", raising=False)


def test_they_are_as_many_as_the_cores_unless_someone_says_otherwise(monkeypatch):
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert hf.threads() == min(cores, 1024)
    monkeypatch.setenv("HOPFIELD_THREADS", "3")
    assert hf.threads() == 3
    assert hf.threads(5) == 5 == hf.threads()
    monkeypatch.setenv("HOPFIELD_THREADS", "7")
    assert hf.threads() == 5  # what is chosen in the program counts
    monkeypatch.setattr(threads, "_chosen", None)
    monkeypatch.setenv("HOPFIELD_THREADS", "")
    assert hf.threads() == min(cores, 1024)


@pytest.mark.parametrize("bad", [0, -1, 1025, 10**30])
def test_numbers_of_threads_that_are_none_are_refused(bad):
    refuses(lambda: hf.threads(bad), ValueError, "^k must be between 1 and 1024, not ")
    assert threads._chosen is None


@pytest.mark.parametrize("bad", [1.5, "2", True, [2]])
def test_what_is_no_number_of_threads_is_refused(bad):
    refuses(lambda: hf.threads(bad), TypeError, "^k must be an integer, not ")


@pytest.mark.parametrize("bad", ["0", "-1", "two", "1.5", "²", "99999", " 2"])
def test_a_variable_that_holds_no_number_of_threads_is_refused(bad, monkeypatch):
    monkeypatch.setenv("HOPFIELD_THREADS", bad)
    sentence = f"^HOPFIELD_THREADS must be a number from 1 to 1024, not '{bad}'"
    refuses(hf.threads, ValueError, sentence)


@pytest.mark.parametrize("k", [1, 2, 3, 50])
def test_no_number_of_threads_changes_a_result(k):
    memory, cues = hf.hebb(hf.random_patterns(4, 30, rng=1)), hf.random_patterns(20, 30, rng=2)
    ends = []
    for n in (1, k):
        hf.threads(n)
        for order in (hf.Shuffled(), hf.Sync()):
            options = {"neuron": hf.HeatBath(0.5), "order": order, "sweeps": 4}
            r = hf.recall(memory, cues, rng=3, **options)
            ends.append((r.state, r.energy, r.updates))
    for a, b in zip(ends[:2], ends[2:], strict=True):
        assert all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("shares", [1, 2, 8])
def test_each_part_is_run_once(shares):
    seen, used = [], set()

    def run(start):
        used.add(threading.get_ident())
        for k in range(start, start + 10):
            seen.append(k)
            yield

    threads.each(run, range(0, 50, 10), shares)
    assert sorted(seen) == list(range(50))
    assert len(used) <= shares


@pytest.mark.parametrize("shares", [1, 2])
def test_what_one_part_raises_stops_the_others_where_they_can_be_stopped(shares):
    made = []

    def run(start):
        for k in range(10_000):
            if start == 0 and k == 3:
                raise KeyboardInterrupt
            made.append(start)
            yield

    with pytest.raises(KeyboardInterrupt):
        threads.each(run, range(4), shares)
    assert made.count(0) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_control_c_is_heard_where_signals_do_not_interrupt_a_wait():
    ended = []

    def part(start):
        for _ in range(2000):
            time.sleep(0.01)
            yield
        ended.append(start)

    signal.siginterrupt(signal.SIGINT, False)  # as packages do that handle it themselves
    late = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    late.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            threads.each(part, range(2), 2)
    finally:
        signal.siginterrupt(signal.SIGINT, True)
        late.join()
    assert not ended


def test_an_error_in_a_part_comes_out():
    def part(start):
        yield
        if start == 2:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        threads.each(part, range(4), 3)
