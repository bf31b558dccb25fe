"""Results: the tables of every library agree."""

from __future__ import annotations

import hopfield as hf
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
