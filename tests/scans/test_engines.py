"""Engines: what is missing is said before anything is written, and what is no error is not."""

from __future__ import annotations

import logging
import sys
from concurrent.futures import CancelledError, InvalidStateError
from types import SimpleNamespace

import numpy as np
import pytest

import hopfield as hf
from hopfield.scans.engines import Here, engine
from tests.scans.coin import Coin


@pytest.mark.parametrize(
    ("on", "package"),
    [("all", "joblib"), (2, "joblib"), ("local", "distributed"), ("tcp://a:1", "distributed")],
)
def test_a_missing_package_is_found_before_a_store_is_made(tmp_path, monkeypatch, on, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=f"need.* {package}: install the extra 'scan' of"):
        hf.scan(Coin, repeats=3, on=on, out=tmp_path / "x.db")
    assert not list(tmp_path.iterdir())
    assert hf.scan(Coin, repeats=3).points[0].replicas == 3


@pytest.mark.parametrize(
    ("error", "said"),
    [(CancelledError(), 0), (InvalidStateError(), 0), (ValueError("no"), 1)],
)
def test_a_result_that_comes_while_its_future_is_cancelled_is_no_error(caplog, error, said):
    client = SimpleNamespace(
        get_versions=lambda: {
            "client": {"packages": {"distributed": "1"}},
            "scheduler": {"packages": {"distributed": "1"}},
            "workers": {},
        },
        run=lambda function: {},
        get_executor=lambda pure: Here(),
        dashboard_link="",
    )
    with engine(client, print):
        logging.getLogger("tornado.application").error("Exception in callback", exc_info=error)
    assert len(caplog.records) == said


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (True, "on must be an integer, not True"),
        (0, "on must be between 1 and 4096, not 0"),
        (2.0, "on must be a number of processes.* not 2.0"),
        ([1], r"on must be a number of processes.* not \[1\]"),
        ("", "on must be .* such as tcp://host:8786, not ''"),
        ("127.0.0.1:9", "on must be .* such as tcp://host:8786, not '127.0.0.1:9'"),
        ("tcp://127.0.0.1:9", "no Dask scheduler answers at tcp://127.0.0.1:9"),
    ],
)
def test_who_cannot_work_leaves_no_store(tmp_path, on, words):
    with pytest.raises((ConnectionError, ImportError, TypeError, ValueError), match=words):
        hf.scan(Coin, repeats=3, on=on, out=tmp_path / "x.db")
    assert not list(tmp_path.iterdir())


def test_a_number_of_processes_may_be_numpys():
    assert [hf.scan(Coin, repeats=3, on=np.int64(k)).points[0].replicas for k in (1, 2)] == [3, 3]


def test_processes_of_a_scan_use_one_core_each(monkeypatch):
    monkeypatch.setenv("HOPFIELD_THREADS", "4")  # for the cores that all of them share
    with engine(2, print) as made:
        assert made.executor.submit(hf.threads).result() == 1
