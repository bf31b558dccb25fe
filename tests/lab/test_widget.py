"""The widget: what the front end asks of the kernel, and what Python sees and changes."""

from __future__ import annotations

import base64
import io
import json
import os
import sys

import numpy as np
import pytest

import hopfield as hf
from hopfield.lab.bits import to_bits, to_state
from hopfield.lab.choices import known
from hopfield.lab.tables import MODELS

pytest.importorskip("anywidget")
from hopfield.lab import assets

XI = hf.random_patterns(3, 100, rng=1)
NAMES = ["a", "b", "c"]
CUE = hf.blank(hf.flip(XI[0], 0.1, rng=3), slice(90, None))

built = any((folder / "widget.js").is_file() for folder in assets.BUILT)
if not (built or os.environ.get("CI")):  # where it may not be left out, it says what to run
    pytest.skip("the front end is not built: python tools/front.py build", allow_module_level=True)


class Front:
    """The front end's side of the wire: it asks, as web/src/lab/widget.ts does, and hears."""

    def __init__(self, lab):
        self.lab, self.heard = lab, []
        lab.send = lambda content, buffers=None: self.heard.append((content, buffers))

    def ask(self, name, *args):
        buffers = [memoryview(arg) for arg in args if isinstance(arg, bytes)]
        places = iter(range(len(buffers)))
        sent = [{"$buffer": next(places)} if isinstance(arg, bytes) else arg for arg in args]
        asked = json.loads(json.dumps({"id": 7, "name": name, "args": sent}))
        self.lab._handle_custom_msg(asked, buffers)
        content, back = self.heard[-1]
        assert json.loads(json.dumps(content))["id"] == 7
        return content, back

    def begin(self, cue=CUE, **settings):
        bits = np.packbits(self.lab.patterns > 0, axis=1).tobytes()
        chosen = self.lab._known["settings"] | settings
        side = round(cue.size**0.5)
        self.ask("learn", side, chosen, list(self.lab.names), bits)
        return self.ask("begin", to_bits(cue), chosen, 5)


@pytest.fixture
def front():
    return Front(hf.lab.Lab(XI, names=NAMES, cue=CUE))


RNG = np.random.default_rng(4)
GREY = RNG.uniform(-1, 1, (3, 100))
COLOURS = RNG.integers(0, 8, (3, 100))
MEANT = [  # model, settings, patterns, a cue that is known in part
    ("attention", {"beta": 64}, GREY, np.where(np.arange(100) < 90, GREY[0], 0.0)),
    ("graded", {}, XI.astype(float), CUE / 2),
    ("potts", {"q": 8}, COLOURS, np.where(np.arange(100) < 90, COLOURS[0], -1)),
    ("potts", {"q": 2}, XI > 0, np.where(CUE == 0, -1, CUE > 0)),
    ("machine", {}, XI, CUE),
]


@pytest.mark.parametrize(("model", "settings", "xi", "cue"), MEANT)
def test_every_kind_of_pattern_is_taken_seen_and_given(model, settings, xi, cue):
    front = Front(hf.lab.Lab(xi, names=NAMES, cue=cue, model=model, **settings))
    assert np.array_equal(front.lab.patterns, xi)
    assert "image/png" in front.lab._repr_mimebundle_()[0]
    made = front.lab._made
    sent = [base64.b64decode(source["bits"]) for _, source in made["patterns"]]
    front.ask("learn", 10, made["settings"], NAMES, b"".join(sent))
    cue = base64.b64decode(made["cue"]["ink"])
    unknown = base64.b64decode(made["cue"].get("unknown", ""))
    frame, _ = front.ask("begin", cue + unknown, made["settings"], 5)
    assert frame["value"]["kind"] == MODELS[model].kind
    while not front.ask("step", 100, False)[0]["value"]["why"]:
        pass
    assert front.lab.state.shape == (100,)
    near = {"atol": 0.05} if front.lab.state.dtype.kind == "f" else {"atol": 0}
    assert np.allclose(front.lab.state, xi[0], **near)
    assert np.allclose(front.lab.patterns, xi, atol=1 / 127)
    assert "image/png" in front.lab._repr_mimebundle_()[0]
    front.lab.state = xi[1]
    assert front.heard[-1][0] == {"edit": True}
    front.lab.patterns = xi[::-1]
    shown = [
        base64.b64decode(source["bits"]) for _, source in front.heard[-1][0]["show"]["patterns"]
    ]
    assert shown == sent[::-1]
    for wrong in (np.full((2, 100), 9), np.full((2, 100), np.nan), [["a"] * 100]):
        with pytest.raises((TypeError, ValueError), match=r"^patterns must"):
            front.lab.patterns = wrong
        with pytest.raises((TypeError, ValueError), match=r"^state must"):
            front.lab.state = np.full(100, np.nan)
    with pytest.raises(ValueError, match=r"^state must be \(100,\), not \(99,\)"):
        front.lab.state = xi[0][:99]


@pytest.mark.parametrize(
    ("given", "settings", "words"),
    [
        (GREY, {}, "patterns must be -1 or .1, but holds"),
        (2 * GREY, {"model": "attention"}, "patterns must be grey levels from -1 to 1, but holds"),
        (COLOURS, {"model": "potts"}, r"patterns must be colours 0 ... 3, but holds"),
        (XI, {"model": "potts"}, r"patterns must be colours 0 ... 3, but holds -1"),
        (GREY, {"model": "potts"}, r"patterns must be colours 0 ... 3, but holds"),
        (XI > 0, {"model": "potts", "cue": XI[0] * 2}, r"cue must be colours 0 ... 3, or -1 where"),
        (GREY, {"model": "attention", "cue": GREY[0] * 3}, "cue must be grey levels"),
        (np.zeros((2, 400), int), {"model": "potts", "q": 8}, "N must be 289 at most for model po"),
        (XI.repeat(4, 1), {"model": "exponential"}, "N must be 324 at most for model exponential"),
        (
            XI.repeat(36, 1),
            {"rule": "storkey"},
            "N must be 2500 at most for rule storkey, not 3600",
        ),
        (
            hf.hebb(XI),
            {"model": "dense"},
            "model must be pairs or graded, which run a memory as it",
        ),
    ],
)
def test_patterns_that_a_model_does_not_take_are_named(given, settings, words):
    with pytest.raises(ValueError, match=f"^{words}"):
        hf.lab.Lab(given, **settings)


@pytest.mark.parametrize("order", ["Shuffled", "Random", "Sequential", "Sync"])
def test_a_run_in_the_widget_equals_recall_with_the_same_seed(front, order):
    front.begin(order=order)
    while not front.ask("step", 100, False)[0]["value"]["why"]:
        pass
    found = hf.recall(hf.hebb(XI), CUE, order=getattr(hf, order)(), rng=5)
    assert np.array_equal(front.lab.state, found.state)
    assert front.lab.run.result().why == found.why


def test_python_sees_what_the_front_end_does_and_may_observe_it(front):
    seen = []
    front.lab.observe(lambda change: seen.append(change["name"]))
    front.begin()
    assert {"run", "memory"} <= set(seen)
    seen.clear()
    content, back = front.ask("step", 50, True)
    assert "state" in seen
    frame = content["value"]
    assert np.array_equal(to_state(back[frame["bits"]["$buffer"]], 100), front.lab.state)
    bits = np.packbits(XI[1:] > 0, axis=1).tobytes()
    front.ask("learn", 10, {"rule": "pseudo_inverse"}, ["b", "c"], bits)
    assert np.array_equal(front.lab.patterns, XI[1:])
    assert front.lab.names == ["b", "c"]


def test_the_digits_are_offered_where_scikit_learn_is_there(monkeypatch):
    monkeypatch.setattr("hopfield.lab.widget._known", known)  # anew for each
    offered = {one["name"] for one in hf.lab.Lab(XI)._known["pictures"]}
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    left = {one["name"] for one in hf.lab.Lab(XI)._known["pictures"]}
    assert offered - left == {f"digit {k}" for k in range(10)}
    assert {"BU", "X", "star"} <= left


def test_a_given_memory_runs_as_it_is():
    W = hf.hebb(XI[:2])
    front = Front(hf.lab.Lab(W, patterns=XI))
    assert front.lab._known["rules"][0]["name"] == "as given"
    front.begin()
    assert front.lab.memory is W
    assert np.array_equal(hf.lab.Lab(W).patterns, XI[:2])


def test_what_python_assigns_is_shown(front):
    front.lab.state = -XI[0]
    content, (bits,) = front.heard[-1]
    assert content == {"edit": True}
    assert np.array_equal(to_state(bits, 100), -XI[0])
    front.lab.patterns = other = hf.random_patterns(2, 400, rng=0) > 0
    shown = front.heard[-1][0]["show"]
    assert (shown["side"], [name for name, _ in shown["patterns"]]) == (
        20,
        ["pattern 0", "pattern 1"],
    )
    assert np.array_equal(front.lab.patterns, np.where(other, 1, -1))
    assert front.lab._made == shown


def test_an_error_is_told_and_the_lab_goes_on(front):
    front.begin()
    content, _ = front.ask("learn", 10, {"rule": "no rule"}, NAMES, bytes(39))
    assert "no rule" in content["error"]["message"]
    assert front.ask("look", False)[0]["value"]["moves"] == 0
    assert "name must be one of" in front.ask("__init__")[0]["error"]["message"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"T": 9}, "T must be from 0 to 2, not 9"),
        ({"neuron": "x"}, "neuron must be one of Sign, HeatBath"),
        ({"speed": 1}, "setting must be one of model, rule"),
        ({"names": ["a"]}, "names must be 3"),
        ({"cue": [1, 2]}, "cue must be"),
        ({"seed": -1}, "seed must be between 0"),
        ({"patterns": XI[:, :81]}, None),
    ],
)
def test_what_does_not_fit_is_named(given, words):
    what = hf.hebb(XI) if "patterns" in given else XI
    with pytest.raises(ValueError, match=words or "patterns have 81 neurons, the memory has 100"):
        hf.lab.Lab(what, **given)


def test_a_canvas_is_square_and_a_memory_alone_needs_patterns():
    with pytest.raises(ValueError, match="N must be a square number from 9 to 40000, not 7"):
        hf.lab.Lab(hf.random_patterns(2, 7, rng=1))
    with pytest.raises(ValueError, match="patterns must be given"):
        hf.lab.Lab(hf.Couplings(np.zeros((100, 100))))


def test_without_a_kernel_a_still_picture_is_shown(front):
    from PIL import Image

    data, _ = front.lab._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    drawn = np.asarray(image.convert("RGB").resize((10, 10), Image.Resampling.NEAREST))
    dark = (drawn.sum(axis=2) == 0).ravel()
    assert np.array_equal(dark, CUE > 0)
    assert np.array_equal((drawn.sum(axis=2) == 765).ravel(), CUE < 0)


def test_nothing_is_fetched_from_a_network(front):
    for text in (front.lab._esm, front.lab._css):
        assert "import(" not in text
        assert "@import" not in text
        for address in ("https://", "http://"):
            rest = text.replace("http://www.w3.org/", "")
            assert address not in rest, rest[rest.find(address) :][:60]


def test_a_notebook_that_was_run_shows_the_picture():
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    code = "import hopfield as hf\nhf.lab.Lab(hf.random_patterns(2, 100, rng=1))"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(notebook, kernel_name="python3").execute()
    still, live = (output["data"] for output in notebook.cells[0].outputs)
    view = "application/vnd.jupyter.widget-view+json"  # nbconvert takes it, and nothing beside it
    assert view not in still
    assert view in live
    assert base64.b64decode(still["image/png"]).startswith(b"\x89PNG")
    assert f';base64,{still["image/png"]}"' in still["text/html"]
    assert still["text/plain"] == "hopfield lab: 10 x 10 neurons, 2 patterns"
    state = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    style = state[live[view]["model_id"]]["state"]["_css"]
    assert 'class="hopfield-still"' in still["text/html"]
    assert ".hopfield-still { display: none !important; }" in style
