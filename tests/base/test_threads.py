"""How many threads share a batch, and that no result depends on it."""

from __future__ import annotations

import multiprocessing
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
    for name in ("HOPFIELD_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)


def test_they_are_as_many_as_the_cores_unless_someone_says_otherwise(monkeypatch):
    cores = 6
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(cores)), raising=False)
    monkeypatch.setattr(threads, "_quota", lambda: 1024)
    assert hf.threads() == cores
    monkeypatch.setenv("HOPFIELD_THREADS", "3")
    assert hf.threads() == 3
    assert hf.threads(5) == 5 == hf.threads()
    monkeypatch.setenv("HOPFIELD_THREADS", "7")
    assert hf.threads() == 5  # what is chosen in the program counts
    monkeypatch.setattr(threads, "_chosen", None)
    monkeypatch.setenv("HOPFIELD_THREADS", "")
    assert hf.threads() == cores
    for said, used in (("4", 4), ("3,2", 3), ("99", 6), ("no number", 6), ("0", 1)):
        monkeypatch.setenv("OMP_NUM_THREADS", said)  # as joblib and Dask tell their workers
        assert hf.threads() == used
    monkeypatch.setattr(threads, "_quota", lambda: 2)
    assert threads.cores() == 2
    assert hf.threads() == 1


@pytest.mark.parametrize(
    ("groups", "files", "cores"),
    [
        ("0::/\n", {}, 1024),
        ("0::/a/b\n", {"a/cpu.max": "250000 100000\n", "a/b/cpu.max": "max 100000\n"}, 3),
        ("0::/a\n", {"a/cpu.max": "400000 100000", "cpu.max": "100000 100000"}, 1),
        ("4:memory:/m\n3:cpu,cpuacct:/box\n", {"cpu/cpu.cfs_quota_us": "50000\n"}, 1024),
        (
            "3:cpu,cpuacct:/box\n",
            {"cpu/cpu.cfs_quota_us": "150000\n", "cpu/cpu.cfs_period_us": "100000\n"},
            2,
        ),
        (
            "1:cpu:/box\n",
            {"cpu/box/cpu.cfs_quota_us": "-1\n", "cpu/box/cpu.cfs_period_us": "100000\n"},
            1024,
        ),
    ],
)
def test_a_container_s_limit_is_heeded(tmp_path, groups, files, cores):
    (tmp_path / "groups").write_text(groups)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert threads._quota.__wrapped__(str(tmp_path), str(tmp_path / "groups")) == cores


def test_where_no_limit_can_be_read_there_is_none(tmp_path):
    assert threads._quota.__wrapped__(str(tmp_path), str(tmp_path / "nowhere")) == 1024


def test_processes_that_share_work_use_one_core_each(monkeypatch):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(threads.threads) == 1
        monkeypatch.setenv("HOPFIELD_THREADS", "3")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(threads.threads) == 3  # unless they are told


@pytest.mark.parametrize("backend", ["loky", "multiprocessing"])
def test_workers_of_joblib_use_one_core_each(backend):
    joblib = pytest.importorskip("joblib")
    found = joblib.Parallel(2, backend=backend)(joblib.delayed(threads.threads)() for _ in range(2))
    assert found == [1, 1]


def test_calls_at_the_same_time_share_the_threads():
    hf.threads(4)
    used, both = [], threading.Barrier(2, timeout=30)

    def call():
        names = set()

        def part(start):
            names.add(threading.current_thread())
            if start == 0:
                both.wait()  # until each call has what it is lent
            yield

        threads.each(part, range(3), 3)
        used.append(names)

    callers = [threading.Thread(target=call) for _ in range(2)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert threads._at_work == 0
    assert sum(len(names) for names in used) <= 4


def test_blas_has_one_thread_while_ours_share_the_work_and_then_what_it_had():
    if threads._blas() is None:
        pytest.skip("threadpoolctl is not installed, or knows no BLAS")

    def of_blas():
        return [blas.get_num_threads() for blas in threads._blas().lib_controllers]

    before = of_blas()
    with threads.one_blas_thread() as outer:
        with threads.one_blas_thread() as inner:
            assert outer
            assert inner
            assert set(of_blas()) == {1}
        assert set(of_blas()) == {1}
    assert of_blas() == before
    with threads.one_blas_thread(False) as held:
        assert not held


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
