"""Results: the tables of every library agree."""

from __future__ import annotations

import pytest

import hopfield as hf
from hopfield.scans import Results
from tests.scans.coin import GRID, Coin


def test_tables_for_pandas_parquet_and_xarray_agree(tmp_path):
    import pyarrow.parquet

    found = hf.scan(Coin, repeats=20, **GRID)
    frame, cube = found.to_pandas(), found.to_xarray()
    found.to_parquet(tmp_path / "coin.parquet")
    assert frame.to_dict("records") == found.table()
    assert pyarrow.parquet.read_table(tmp_path / "coin.parquet").to_pylist() == found.table()
    assert float(cube.heads.sel(bias=0.8, sides=3)) == found.table()[-1]["heads"]
    assert dict(cube.sizes) == {"bias": 3, "sides": 2}


def test_a_notebook_shows_a_table_of_the_first_points():
    found = hf.scan(Coin, bias=hf.grid(0.1, 0.9, 25), repeats=4)
    shown = found._repr_html_()
    assert shown.count("<tr>") == 13
    assert "<th>bias</th><th>heads</th>" in shown
    estimate = found.points[0].counts.estimate("heads")
    assert f"<td>0.1</td><td>{estimate.value:.4g}" in shown
    assert "the first 12 of 25" in shown
    assert Results(())._repr_html_().count("<tr>") == 1


def test_points_are_chosen_by_what_they_have(tmp_path):
    found = hf.scan(Coin, repeats=2, **GRID)
    assert len(found.where(sides=2).points) == 3
    assert len(found.where(sides=2, bias=[0.2, 0.8]).points) == 2
    assert found.where() == found
    for wrong, words in (({"side": 2}, "did you mean 'sides'"), ({"sides": 4}, "sides is 2, 3")):
        with pytest.raises(ValueError, match=words):
            found.where(**wrong)
