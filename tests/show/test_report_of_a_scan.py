"""Pictures and pages of what a scan found."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import hopfield as hf
from hopfield import reports
from hopfield.cli.app import main
from hopfield.experiments import Experiment, count
from hopfield.scans import read
from tests.scans.coin import Coin, expected, stored


def test_a_picture_has_a_point_for_each_value_and_the_theory():
    cls = hf.experiments.Retrieval
    ax = reports.draw(hf.scan(cls, N=[50, 80], alpha=hf.grid(0.02, 0.2, 4), repeats=3))
    assert [text.get_text() for text in ax.get_legend().get_texts()][:1] == ["theory"]
    assert ax.get_xlabel(), ax.get_ylabel() == ("alpha", "overlap")
    assert sorted(len(c[0].get_xdata()) for c in ax.containers) == [4, 4]


def test_other_seeds_of_a_point_are_one_point_of_a_picture(tmp_path):
    path = tmp_path / "coin.db"
    for seed in (0, 1):
        hf.scan(Coin, bias=[0.2, 0.5], repeats=32, out=path, rng=seed)
    both = expected(32)[0] + expected(32, seed=1)[0]
    (bars,) = reports.draw(read(path)).containers
    assert bars[0].get_ydata()[0] == both.estimate("heads").value
    page = reports.page(read(path), "coin")
    assert page.count("<td>64</td>") == 2
    assert "{:.5g} [{:.5g}, {:.5g}]".format(*both.estimate("heads")) in page
    assert "seeds 0, 1" in page


def test_a_page_has_the_theory_beside_what_was_counted(tmp_path):
    found = hf.scan(hf.experiments.Crosstalk, N=50, alpha=[0.1, 0.2], repeats=3)
    page = reports.page(found, "crosstalk")
    assert "<th>replicas</th><th>unstable</th><th>theory</th><th>ties</th>" in page
    law = hf.experiments.Crosstalk(50, 0.2).theory()
    assert f"]</td><td>{law:.5g}</td><td>" in page


def test_another_experiment_of_the_same_name_has_not_our_theory(tmp_path):
    @dataclass(frozen=True)
    class Crosstalk(Experiment):
        size: int = 1

        def run(self, rng):
            return count(unstable=rng.random())

    page = reports.page(hf.scan(Crosstalk, size=[1, 2], repeats=3), "mine")
    assert "<th>unstable</th></tr>" in page


def test_a_grid_of_two_parameters_is_a_map_with_the_lines_of_the_theory():
    cls = hf.experiments.Retrieval
    axes = {"alpha": hf.grid(0.05, 0.2, 4), "T": hf.grid(0, 0.9, 4)}
    found = hf.scan(cls, N=40, sweeps=4, repeats=2, **axes)
    ax = reports.draw(found)
    assert ax.collections[0].get_array().size == 16
    assert [line.get_label() for line in ax.lines] == ["$T_M$", "$T_c$"]
    ends = [line.get_ydata()[0] for line in ax.lines]
    assert ends == pytest.approx([0.5423, 0.2164], abs=1e-4)


def test_a_page_holds_figures_table_parameters_versions_and_citation(tmp_path):
    path = stored(tmp_path / "coin.db")
    assert main(["report", str(path)]) == 0
    page = path.with_suffix(".html").read_text()
    assert page.count("data:image/png;base64,") == 2
    assert page.count("<tr>") == 7
    assert f"hopfield {hf.__version__}" in page
    assert "@software{hopfield" in page
