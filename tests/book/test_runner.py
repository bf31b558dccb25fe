"""What runs the page's cells, without the page: samples, notebook commands, figures and errors."""

from __future__ import annotations

import builtins
import importlib
import re
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

import hopfield as hf

LIVE = Path(__file__).parents[2] / "book" / "_static" / "live"


class Page:
    """A page's Python: what its cells print, draw and raise."""

    def __init__(self, runner):
        self.runner = runner

    def run(self, code, sample=0, part="cell"):
        self.text, self.figures = "", []
        self.answer = self.runner.run(code, "Cell 1", 1, part, sample, self.hear)
        return self.text

    def hear(self, kind, value):
        if kind == "text":
            self.text += value
        else:
            self.figures.append(value)


@pytest.fixture
def page(monkeypatch):
    for module, name in ((sys, "stdout"), (sys, "stderr"), (builtins, "input")):
        monkeypatch.setattr(module, name, getattr(module, name))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.syspath_prepend(LIVE)
    for name in ("figures", "samples", "runner"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    runner = importlib.import_module("runner")
    plt = pytest.importorskip("matplotlib.pyplot")
    before = plt.get_backend()
    plt.switch_backend("module://runner")
    yield Page(runner)
    plt.close("all")
    plt.switch_backend(before)
    sys.modules["samples"].remove()


def test_a_fresh_sample_adds_one_number_to_every_seed_of_the_package_and_of_numpy(page):
    code = (
        "import numpy as np, hopfield as hf\n"
        "print(hf.random_patterns(1, 12, rng={0}).tolist(), hf.recall(hf.hebb([1, -1, 1]),\n"
        "      [[0, 0, 0]] * 9, neuron=hf.HeatBath(T=2), rng={0}).state.tolist(),\n"
        "      np.random.default_rng({0}).integers(10**9),\n"
        "      np.random.default_rng([{0}, 7]).random())\n"
        "np.random.seed({0}); print(np.random.random())"
    )
    own = page.run(code.format(7))
    assert page.run(code.format(7), sample=3) == page.run(code.format(3007))
    assert page.run(code.format(7), sample=3) != own
    assert page.run(code.format(7)) == own


def test_the_page_s_own_sample_is_what_the_package_gives_anywhere(page):
    code = "import hopfield as hf\nprint(hf.random_patterns(1, 12, rng=7).tolist())"
    shown = page.run(code)
    sys.modules["samples"].remove()
    assert shown == f"{hf.random_patterns(1, 12, rng=7).tolist()}\n"


def test_code_that_takes_no_seed_says_so(page):
    page.run("import numpy as np\nnp.random.default_rng(1)\nnp.random.default_rng(2)")
    assert page.answer == {"value": 2}
    page.run("np.random.default_rng()\nnp.random.default_rng(np.random.PCG64(1))")
    assert page.answer == {"value": 0}


@pytest.mark.parametrize("command", ["%matplotlib inline", "!pip install numpy", "%%time", "!a 'b"])
def test_a_notebook_s_command_is_left_out_with_a_word(page, command):
    shown = page.run(f"a = 7\n{command}\nif a:\n    {command}\n    print(a % 4)")
    assert page.answer == {"value": 0}
    word = f"({command} is a notebook's command; it is left out here)\n"
    assert shown == f"{word}{word}3\n"


def test_what_looks_like_a_command_but_is_python_stays(page):
    assert page.run('print("""\n%x\n!y""", 7\n% 4)') == "\n%x\n!y 3\n"


@pytest.mark.parametrize("code", ["x = = 1", "f(", "%a\nx = = 1", "'''", "\n\nif 1:\n"])
def test_other_errors_of_syntax_stay_errors(page, code):
    page.run(code)
    assert "SyntaxError" in page.answer["error"]["message"] or code.endswith(":\n")
    assert "Traceback" not in page.answer["error"]["traceback"]
    assert page.answer["error"]["line"] in range(1, code.count("\n") + 2)


def test_plt_show_shows_what_is_drawn_and_warns_of_nothing(page):
    draws = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"
    draws += "open = plt.get_fignums()"
    assert page.run(draws) == ""
    assert [figure[:5] for figure in page.figures] == [b"<?xml"]
    assert page.run("print(open)\nplt.plot([1]);\nplt.show(block=True)\nplt.plot([2]);") == "[]\n"
    assert len(page.figures) == 2


def test_a_cell_that_is_run_ahead_leaves_no_name_behind(page):
    page.run("a = 1")
    assert page.run("a = a + 1\nb = 5\nprint(a)", part="ahead") == "2\n"
    assert page.run("print(a, 'b' in globals())") == "1 False\n"


@pytest.mark.parametrize(
    ("drawing", "start"),
    [
        ("plt.plot([1, 2])", b"<?xml"),  # lines are sharp at any size
        ("plt.imshow([[0, 1], [1, 0]])", b"\x89PNG"),
        ("plt.pcolormesh([[0, 1], [1, 0]])", b"\x89PNG"),
        ("plt.plot(np.random.default_rng(1).random(9000), '.')", b"\x89PNG"),  # a cloud
    ],
)
def test_lines_come_as_svg_and_images_and_clouds_as_png(page, drawing, start):
    page.run(f"import numpy as np, matplotlib.pyplot as plt\n{drawing};")
    assert [figure[: len(start)] for figure in page.figures] == [start]


def test_an_svg_is_as_large_as_its_png_and_holds_nothing_of_when_it_was_drawn(page):
    draw = (
        "import matplotlib.pyplot as plt\nplt.figure(figsize=(7.2, 4.4)).subplots().plot([1, 2]);"
    )
    page.run(draw)
    (first,) = page.figures
    width, height = re.search(rb'<svg [^>]*width="(\d+)" height="(\d+)"', first).groups()
    page.runner.figures.vector = lambda _: None
    page.run(draw)
    (png,) = page.figures
    wide, high = struct.unpack(">II", png[16:24])
    assert abs(int(width) - wide) <= 2
    assert abs(int(height) - high) <= 2
    assert b"<metadata" not in first
    assert len(first) < 20_000


def test_an_error_while_a_figure_is_drawn_is_a_few_lines_without_internals(page):
    page.run("import matplotlib.pyplot as plt\nplt.title('$\\\\frac{$');")
    error = page.answer["error"]
    assert "Expected" in error["message"]
    assert "while the figure was drawn" in error["traceback"]
    assert "File" not in error["traceback"]
    assert len(error["traceback"].splitlines()) < 12


def test_an_error_within_a_library_shows_the_page_s_lines_alone(page):
    page.run("import numpy as np\n\nnp.linalg.inv(np.zeros((2, 2)))")
    error = page.answer["error"]
    assert error["line"] == 3
    assert error["message"] == "numpy.linalg.LinAlgError: Singular matrix"
    assert error["traceback"].count("line ") == 1
    page.run("import json\njson.loads('{')")
    assert page.answer["error"]["traceback"].count("line 2") == 1


def test_numpy_is_itself_again_afterwards():
    assert np.random.default_rng.__module__ != "samples"
