"""Pictures and pages of what a scan found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
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


@dataclass(frozen=True)
class Mine(Experiment):
    """An experiment of a user's, with a theory, lines, and dollars wherever there is a text."""

    N: int = 100
    T: float = 0.0
    alpha: float = 0.1
    rule: str = "a$b$"
    about = "over$lap_$"
    axes = ("alpha", "T")

    def run(self, rng):
        return count(**{self.about: self.theory() or 0.0, "other": rng.random()})

    def theory(self):
        return self.alpha * (1 - self.T) + self.N if self.rule != "none" else None

    def lines(self):
        return {"$T_M$": 1 - self.alpha, "bad $x_$": self.alpha if self.alpha < 0.3 else None}


GRID = {"alpha": hf.grid(0.1, 0.4, 4), "T": hf.grid(0, 0.9, 4)}


def legends(ax):
    shown = [ax.get_legend(), *ax.figure.legends]
    return [text.get_text() for legend in shown if legend for text in legend.get_texts()]


def test_the_theory_of_a_users_experiment_is_drawn_also_from_its_file(tmp_path):
    path = tmp_path / "mine.db"
    hf.scan(Mine, alpha=GRID["alpha"], rule=["a$b$", "none"], repeats=2, out=path)
    ax = reports.draw(read(path))
    (law,) = [line for line in ax.lines if line.get_zorder() == 1.5 and len(line.get_xdata())]
    assert list(law.get_xdata()) == [0.1, 0.2, 0.3, 0.4]
    assert list(law.get_ydata()) == [Mine(alpha=alpha).theory() for alpha in GRID["alpha"]]
    assert r"theory (rule = a\$b\$)" in legends(ax)
    page = reports.page(read(path), "a $x_$")
    assert f"<td>{Mine(alpha=0.2).theory():.5g}</td>" in page
    assert reports.draw(read(path), y="other").get_ylabel() == "other"


def test_the_lines_of_a_users_map_are_drawn_also_from_its_file(tmp_path):
    path = tmp_path / "mine.db"
    hf.scan(Mine, repeats=2, out=path, **GRID)
    ax = reports.draw(read(path))
    assert [line.get_label() for line in ax.lines] == ["$T_M$", r"bad \$x_\$"]
    assert list(ax.lines[0].get_ydata()) == [0.9, 0.8, 0.7, 0.6]
    assert np.isnan(ax.lines[1].get_ydata()).tolist() == [False, False, True, True]
    reports.save(tmp_path / "mine.png", ax)


def test_dollars_are_shown_as_they_are(tmp_path):
    ax = reports.draw(hf.scan(Mine, rule=["a$b$", "$x_$"], T=[0.1, 0.2], repeats=2), x="T")
    reports.save(tmp_path / "mine.svg", ax)
    assert ax.get_ylabel() == r"over\$lap_\$"
    assert r"rule = \$x_\$" in legends(ax)


@pytest.mark.parametrize(("t", "maps"), [(GRID["T"], 3), ([0.0, 0.5], 0)])
def test_three_parameters_make_panels_with_one_legend(tmp_path, t, maps):
    found = hf.scan(Mine, N=[1, 2, 3], alpha=GRID["alpha"], T=t, repeats=2)
    ax = reports.draw(found)
    panels = [a for a in ax.figure.axes if a.get_title()]
    assert [a.get_title() for a in panels] == ["N = 1", "N = 2", "N = 3"]
    assert ax is panels[0]
    images = [image for a in panels for image in a.collections if image.get_array() is not None]
    assert len(images) == maps
    assert len({image.get_clim() for image in images}) == (1 if maps else 0)
    if not maps:
        assert len(legends(ax)) == len(set(legends(ax))) == 3
    reports.save(tmp_path / "mine.png", ax)
    one = reports.draw(found.where(N=2))
    assert [a for a in one.figure.axes if a.get_title()] == []


def test_many_values_have_shades_and_a_bar_instead_of_a_legend():
    ax = reports.draw(hf.scan(Mine, alpha=[0.1, 0.2, 0.3], T=hf.grid(0, 1, 21), repeats=2))
    assert legends(ax) == ["theory"]
    assert ax.figure.axes[1].get_ylabel() == "T"
    assert len({bars[0].get_color() for bars in ax.containers}) == 21


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        ({"N": range(1, 14), "alpha": [0.1, 0.2], "T": hf.grid(0, 1, 14)}, "N has 13 values"),
        (
            {"N": [1, 2], "alpha": [0.1, 0.2], "T": hf.grid(0, 1, 9), "rule": ["a", "b", "c"]},
            "T and rule make 27 curves",
        ),
    ],
)
def test_what_no_figure_can_hold_is_refused_with_what_to_do(grid, words):
    with pytest.raises(ValueError, match=f"{words}, too many for one figure: choose some of them"):
        reports.draw(hf.scan(Mine, repeats=1, **grid))


@pytest.mark.parametrize(
    "call", [lambda: reports.draw(5), lambda: reports.page(5, "t"), lambda: reports.page(None, "")]
)
def test_what_are_no_results_is_refused(call):
    with pytest.raises(TypeError, match=r"results must be what hopfield\.scan or .* returns, not"):
        call()
