"""Engines: what is missing is said before anything is written, and what is no error is not."""

from __future__ import annotations

import logging
import sys
from concurrent.futures import CancelledError, InvalidStateError
from types import SimpleNamespace

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
