"""Engines: what is missing is said before anything is written."""

from __future__ import annotations

import sys

import pytest

import hopfield as hf
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
