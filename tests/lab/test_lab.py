"""The lab's Python side, run on the installed package: frames, words, files and the script."""

from __future__ import annotations

import base64
import contextlib
import io
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import hopfield as hf
from hopfield.analysis.couplings import block_means
from hopfield.lab import choices, rules, session
from hopfield.lab.bits import to_bits, to_state
from hopfield.lab.kinds import KINDS
from hopfield.lab.session import Session, completed
from hopfield.lab.tables import DEFAULT, MENUS, MODELS, NEURONS, ORDERS, SLIDERS, TIES
from hopfield.lab.words import words

BOOK = Path(__file__).parents[2] / "book"
sys.path.insert(0, str(BOOK / "_ext"))
import prepared  # noqa: E402

SIDE = 20
N = SIDE**2
NAMES = ["BU", "star", "noise"]
XI = np.concatenate(
    [
        hf.pictures.large("BU", "star").reshape(2, 20, 5, 20, 5).max(axis=(2, 4)).reshape(2, N),
        hf.random_patterns(1, N, rng=1),
    ]
)
SIGN = {"neuron": "Sign", "tie": "keep", "T": 0.5, "order": "Shuffled"}
SYNC = SIGN | {"order": "Sync"}
GIVEN = {"rule": session.GIVEN}
HOT = SIGN | {"neuron": "HeatBath", "T": 0.4}


def planes(s):
    s = np.asarray(s)
    return np.packbits([s > 0, s == 0], axis=1).tobytes()


def state(frame, n=N):
    return to_state(frame["bits"], n)


def begun(cue, settings=SIGN, xi=XI, names=NAMES, side=SIDE, seed=7):
    lab = Session()
    lab.learn(side, settings, names, np.packbits(xi > 0, axis=1).tobytes())
    return lab, lab.begin(planes(cue), settings, seed)


def run_to_rest(lab, moves=N, times=60):
    for _ in range(times):
        frame = lab.step(moves)
        if frame["why"]:
            return frame
    raise AssertionError("it did not come to rest")


def executed(source):
    """Run a script as a user would, and return its names and what it printed."""
    out, names = io.StringIO(), {"__name__": "__main__"}
    with contextlib.redirect_stdout(out):
        exec(compile(source, "lab_run.py", "exec"), names)
    return names, out.getvalue()


# ---- frames ----------------------------------------------------------------------------------


def test_states_travel_as_bits():
    s = np.array([1, -1, 0, 1, 0, -1, 1, 1, -1], dtype=np.int8)
    assert len(to_bits(s)) == 4
    assert np.array_equal(to_state(to_bits(s), 9), s)


@pytest.mark.parametrize("settings", [SIGN, SYNC, HOT, SIGN | {"order": "Random", "tie": "random"}])
def test_a_frame_is_what_the_package_gives(settings):
    cue = hf.blank(hf.flip(XI[0], 0.2, rng=2), slice(N // 2, None))
    lab, first = begun(cue, settings)
    assert np.array_equal(state(first), cue)
    assert (first["moves"], first["sweeps"], first["why"]) == (0, 0, "")
    run = hf.Run(
        hf.hebb(XI),
        cue,
        neuron=NEURONS[settings["neuron"]].make(completed(settings) | {"n": N}),
        order=ORDERS[settings["order"]].make(settings),
        rng=7,
    )
    moves = 3 if settings is SYNC else N // 2
    frame = lab.step(moves)
    run.step(frame["moves"])
    assert np.array_equal(state(frame), run.state)
    assert frame["energy"] == hf.hebb(XI).energy(run.state)
    assert frame["overlaps"] == hf.overlap(run.state, XI).tolist()
    assert frame["sweeps"] == frame["moves"] * (1 if settings is SYNC else 1 / N)


@pytest.mark.parametrize("order", ["Shuffled", "Random", "Sequential", "Sync"])
def test_what_the_cue_knows_is_held(order):
    settings = SIGN | {"order": order, "hold": "known"}
    cue = hf.blank(hf.flip(XI[0], 0.2, rng=2), slice(N // 2, None))
    lab, _ = begun(cue, settings)
    assert not lab.unstable()[: N // 2].any()
    frame = lab.step(3 if order == "Sync" else 2 * N)
    run = hf.Run(hf.hebb(XI), cue, order=ORDERS[order].make(settings), clamp=cue != 0, rng=7)
    run.step(frame["moves"])
    assert np.array_equal(state(frame), run.state)
    assert np.array_equal(state(frame)[: N // 2], cue[: N // 2])
    names, _ = executed(lab.script())
    assert np.array_equal(names["run"].state, run.state)
    lab.change(settings | {"hold": "nothing"})
    lab.change(settings)
    names, _ = executed(lab.script())
    assert np.array_equal(names["run"].state, lab.run.state)


def test_where_all_is_known_and_held_nothing_moves():
    lab, _ = begun(XI[1], SIGN | {"hold": "known"})
    frame = lab.step(10)
    assert (frame["moves"], frame["why"]) == (0, "fixed point")
    assert np.array_equal(state(frame), XI[1])


def test_many_patterns_are_measured_in_every_second_frame_only():
    xi = hf.random_patterns(60, 10_000, rng=3)
    lab, first = begun(xi[0], xi=xi, names=[str(k) for k in range(60)], side=100)
    sites = np.arange(3000, dtype=np.int32)
    lab.paint(sites.tobytes(), (-xi[0, :3000]).tobytes())
    frames = [first] + [lab.step(10) for _ in range(4)]
    assert ["energy" in frame for frame in frames] == [True, False, True, False, True]
    assert all(frame["words"] for frame in frames)


def test_rest_is_found_wherever_one_looks():
    lab, _ = begun(hf.flip(XI[0], 0.2, rng=2))
    lab.run.step(3 * N)  # where it rests, though no frame has counted a quiet sweep
    assert lab.why == ""
    assert lab.look()["why"] == "fixed point"
    lab.paint(np.array([0], dtype=np.int32).tobytes(), (-XI[0, :1]).tobytes())
    assert lab.why == ""


def test_painting_and_other_settings_do_not_begin_anew():
    lab, _ = begun(hf.flip(XI[0], 0.3, rng=2))
    frame = lab.step(250)
    before = state(frame)
    sites = np.array([3, 5], dtype=np.int32)
    painted = lab.paint(sites.tobytes(), np.array([1, 0], dtype=np.int8).tobytes())
    assert painted["moves"] == 250
    before[[3, 5]] = [1, 0]
    assert np.array_equal(state(painted), before)
    fewer = np.packbits(XI[:2] > 0, axis=1)
    for again in (lab.change(HOT), lab.learn(SIDE, SIGN, NAMES[:2], fewer)):
        assert np.array_equal(state(again), before)
        assert again["moves"] == 250
    assert lab.step(50)["moves"] == 300


def test_another_grid_ends_the_run():
    lab, _ = begun(XI[0])
    assert lab.learn(10, SIGN, ["a"], np.packbits(XI[:1, :100] > 0, axis=1)) == {}
    assert not lab.begun


# ---- models ----------------------------------------------------------------------------------


def modelled(model, side=10, seed=7, pins=None, **settings):
    """Return a lab with three patterns of a model's kind, begun at the first with 20 % wrong."""
    chosen, n = completed({"model": model} | settings), side * side
    kind, q = KINDS[MODELS[model].kind], int(chosen["q"])
    rng = np.random.default_rng(5)
    cells = {
        "ink": hf.random_patterns(3, n, rng=1),
        "grey": rng.integers(-127, 128, (3, n)),
        "colour": rng.integers(1, q + 1, (3, n)),
    }[MODELS[model].kind].astype(np.int8)
    sent = np.packbits(cells > 0, axis=1) if MODELS[model].kind == "ink" else cells
    lab = Session()
    lab.learn(side, chosen, ["a", "b", "c"], sent.tobytes())
    cue = cells[0].copy()
    cue[: n // 5] = cells[1][: n // 5]
    cue[-5:] = 0
    return lab, lab.begin(kind.write(cue), chosen, seed, pins), cue


ROWS = [
    (model, {"neuron": neuron, "order": order})
    for model, row in MODELS.items()
    for neuron in row.neurons
    for order in row.orders
]
FIELDS = [  # from one end to the other, or each of a menu
    (model, {name: value})
    for model, row in MODELS.items()
    for name in row.uses
    for value in (SLIDERS[name][1:3] if name in SLIDERS else MENUS.get(name, ()))
]
BOTH = [("sequence", {"drive": 3, "stay": 1}), ("sequence", {"drive": 3, "strength": 0.7})]


@pytest.mark.parametrize(("model", "settings"), ROWS + FIELDS + BOTH)
def test_every_model_runs_and_its_script_makes_the_same_run_to_the_bit(model, settings, tmp_path):
    pins = np.packbits(np.arange(100) >= 90).tobytes()
    lab, first, cue = modelled(model, cooling=5, **settings)
    order = lab.settings["order"]
    frames = [first, lab.step(3 if ORDERS[order].together else 130)]
    sites, values = np.array([3, 50], np.int32), cue[[60, 61]].astype(np.int8)
    lab.paint(sites.tobytes(), values.tobytes())
    lab.change(lab.settings, pins)
    held = lab.kind.cells(lab.state, lab.q)[90:95].copy()
    for _ in range(4):
        frames.append(lab.step(2 if ORDERS[order].together else 70))
    assert np.array_equal(lab.kind.cells(lab.state, lab.q)[90:95], held)
    assert all(frame["words"] for frame in frames)
    assert json.loads(json.dumps(frames[-1]["words"]))
    names, printed = executed(lab.script())
    assert np.array_equal(names["run"].state, lab.run.state)
    assert np.array_equal(names["patterns"], lab.xi)
    assert "the same state as in the lab: True" in printed
    assert len(lab.neuron(7)["values"]) == 400
    sent = b"".join(frame["bits"] for frame in frames)
    assert lab.film(sent, len(frames)).startswith(b"GIF8")
    (tmp_path / "lab.npz").write_bytes(lab.result(sent, [frame["moves"] for frame in frames]))
    trace = hf.load(tmp_path / "lab.npz").trace
    for found, neurons in (
        (trace["cue"], lab.kind.cue(cue, lab.q)),
        (trace["states"][-1], lab.state),
    ):
        assert np.allclose(found, neurons, atol=0.5 / 127)  # a canvas shows grey levels


@pytest.mark.parametrize(
    ("model", "settings", "words"),
    [
        ("dense", {}, "the memory “a”"),
        ("exponential", {}, "the memory “a”"),
        ("attention", {"beta": 64.0}, "the memory “a”, which has all the attention"),
        ("attention", {"beta": 1.0}, "a mean of stored pictures: .*33% “"),
        ("attention", {"attention": "sparsemax"}, "the memory “a”"),
        ("graded", {}, "the memory “a”"),
        ("graded", {"gain": 0.5}, "All neurons are grey"),
        ("potts", {}, "the memory “a”"),
        ("machine", {}, "the memory “a”"),
        ("machine", {"hold": "known"}, "the memory “a”|spurious"),
        ("pairs", {"neuron": "Anneal", "T": 0.4}, "the memory “a”"),
        ("potts", {"neuron": "PottsAnneal", "T": 0.1}, "the memory “a”"),
    ],
)
def test_what_a_model_falls_into(model, settings, words):
    lab, _, _ = modelled(model, **settings)
    assert re.search(words, run_to_rest(lab, 100, 400)["words"])


def test_a_sequence_goes_on_stays_as_long_as_was_chosen_and_begins_again():
    lab, _, _ = modelled("sequence", stay=1)
    nearest = []
    for _ in range(7):
        nearest.append(int(np.argmax(lab.step(1)["overlaps"])))
    assert nearest == [1, 2, 0, 1, 2, 0, 1]
    assert lab.why == "3-cycle"
    assert lab.look()["words"].startswith("The sequence begins again every 3 moves")
    assert lab.step(4)["moves"] == 11  # what goes round goes on
    lab, _, _ = modelled("sequence", stay=3)
    for _ in range(12):
        nearest.append(int(np.argmax(lab.step(1)["overlaps"])))
    assert nearest[-12:] == [1, 1, 1, 2, 2, 2, 0, 0, 0, 1, 1, 1]
    lab, _, _ = modelled("sequence", stay=1, ends="stays")
    assert run_to_rest(lab, 1)["words"].startswith("It fell into the memory “c”")


def test_a_sequence_that_pulls_too_weakly_stays_and_one_that_is_too_long_is_lost():
    lab, _, _ = modelled("sequence", strength=0.8)
    assert run_to_rest(lab, 1)["words"].startswith("It fell into the memory “a”")
    xi = hf.random_patterns(30, 16, rng=3)
    settings = {"model": "sequence", "stay": 1}
    lab, _ = begun(xi[0], settings, xi, [str(k) for k in range(30)], side=4)
    assert run_to_rest(lab, 1)["words"].startswith("The sequence is lost: ")
    assert "not the 30 of the sequence" in lab.look()["words"]


def test_a_steeper_pull_recalls_a_longer_sequence():
    xi, ends = hf.random_patterns(40, 100, rng=3), {}
    for drive in (2, 4):
        settings = {"model": "sequence", "stay": 1, "drive": drive}
        lab, _ = begun(xi[0], settings, xi, [str(k) for k in range(40)], side=10)
        ends[drive] = lab.step(39)["overlaps"][39]
    assert ends[2] < 0.5
    assert ends[4] == 1


def test_cooling_says_its_temperature_and_begins_where_it_was_set():
    lab, _, _ = modelled("pairs", neuron="Anneal", T=1.0, cooling=5)
    told = [lab.step(100)["words"] for _ in range(4)]
    temperatures = [float(re.search(r"T = (\d\.\d\d)", words)[1]) for words in told]
    assert temperatures == pytest.approx([1.0, 0.8, 0.6, 0.4])


def test_attention_sends_the_weights_of_the_patterns():
    lab, first, _ = modelled("attention")
    assert first["attention"] == lab.memory.weights(lab.run.state).tolist()
    assert sum(first["attention"]) == pytest.approx(1)
    assert "attention" not in modelled("dense")[1]


def test_another_setting_makes_the_memory_anew_and_goes_on():
    lab, _, _ = modelled("pairs")
    before = lab.step(30)
    frame = lab.change(lab.settings | {"model": "dense", "degree": 6})
    assert np.array_equal(state(frame, 100), state(before, 100))
    assert frame["moves"] == 30
    assert frame["energy"] == hf.dense(lab.xi, 6).energy(lab.run.state)
    for other in ("sequence", "pairs", "machine", "dense"):
        lab.change(lab.settings | {"model": other})
        lab.step(2)
    with pytest.raises(ValueError, match="stored anew"):
        lab.change(lab.settings | {"model": "potts"})
    assert np.array_equal(executed(lab.script())[0]["run"].state, lab.run.state)


def test_a_machine_shows_its_filters_and_repairs_what_is_not_held():
    lab, _, _ = modelled("machine", hidden=20)
    shown = lab.weights()
    image = np.frombuffer(shown["values"], np.float32).reshape(shown["k"], shown["k"])
    assert np.allclose(image[1:11, 12:22].ravel(), lab.memory.w[:, 1])
    assert "20 hidden neurons" in shown["words"]
    cue = lab.xi[0].copy()
    cue[50:] = 0
    lab.begin(planes(cue), lab.settings | {"hold": "known"}, 7)
    end = run_to_rest(lab, 2, 100)
    assert "the memory “a”" in end["words"]
    assert np.array_equal(state(end, 100), lab.xi[0])
    assert np.array_equal(executed(lab.script())[0]["run"].state, lab.run.state)


def test_a_model_that_needs_more_patterns_says_how_many():
    with pytest.raises(ValueError, match="store 2 patterns or more first: 1 stored is too few"):
        Session().learn(10, {"model": "sequence"}, ["a"], np.packbits(XI[:1, :100] > 0))
    for model in MODELS:
        with pytest.raises(ValueError, match=r"store .* first: 0 stored is too few for"):
            Session().learn(10, {"model": model}, [], b"")


@pytest.mark.parametrize("rule", ["pseudo_inverse", "perceptron", "adatron", "probability_flow"])
def test_a_rule_that_cannot_store_so_many_says_what_to_do(rule):
    xi = hf.random_patterns(30, 9, rng=1)
    with pytest.raises(ValueError, match=f"^the rule {rule} cannot store these 30 patterns"):
        begun(xi[0], SIGN | {"rule": rule}, xi, [str(k) for k in range(30)], side=3)


# ---- what may flip, weights ------------------------------------------------------------------


def test_neurons_about_to_flip_are_those_whose_field_says_so():
    cue = hf.flip(XI[0], 0.2, rng=2)
    for settings in (SIGN, HOT):
        lab, _ = begun(cue, settings)
        packed = lab.look(overlay=True)["unstable"]
        shown = np.unpackbits(np.frombuffer(packed, np.uint8), count=N).astype(bool)
        assert np.array_equal(shown, cue * hf.hebb(XI).field(cue) < 0)
        assert shown.any()
    lab, _ = begun(XI[2])
    assert not np.frombuffer(lab.look(overlay=True)["unstable"], np.uint8).any()


def test_weights_are_single_ones_or_means_over_equal_blocks():
    small, _ = begun(XI[0, :100], xi=XI[:, :100], side=10)
    single = small.weights()
    assert (single["k"], single["block"]) == (100, 1)
    w = np.frombuffer(single["values"], np.float32).reshape(100, 100)
    assert np.allclose(w, hf.hebb(XI[:, :100]).dense().weights)
    lab, _ = begun(XI[0])
    means = lab.weights()
    assert (means["k"], means["block"]) == (100, 4)
    values = np.frombuffer(means["values"], np.float32).reshape(100, 100)
    assert np.allclose(values, block_means(hf.hebb(XI), 100))


@pytest.mark.parametrize("model", ["dense", "sequence", "potts"])
def test_a_memory_without_pairs_of_neurons_says_that_it_has_no_weights(model):
    lab = modelled(model)[0]
    assert lab.weights()["k"] == 0
    assert lab.weights()["words"]


@pytest.mark.parametrize("rule", hf.learning.RULES)
def test_every_rule_runs_in_the_lab(rule):
    lab = Session()
    xi = hf.random_patterns(3, 100, rng=1)
    lab.learn(10, {"rule": rule}, NAMES, np.packbits(xi > 0, axis=1).tobytes())
    lab.begin(planes(hf.flip(xi[0], 0.1, rng=2)), SIGN | {"rule": rule}, 7)
    end = run_to_rest(lab, 100)
    assert end["why"] == "fixed point"
    assert lab.weights()["k"] == (0 if lab.memory.linear() is None else 100)


# ---- words -----------------------------------------------------------------------------------


def test_what_it_fell_into():
    lab, first = begun(hf.flip(XI[0], 0.2, rng=2))
    assert first["words"].startswith("Nothing has moved yet. The cue is nearest to “BU”")
    assert lab.step(40)["words"].startswith("Still moving. Nearest so far: “BU”, overlap 0.")
    end = run_to_rest(lab)
    assert end["why"] == "fixed point"
    assert end["words"] == "It fell into the memory “BU”: every neuron agrees, and none can move."
    for _ in range(3):  # it stays what it is
        assert lab.step(1)["words"] == end["words"]

    memory, first = begun(XI[0])
    assert first["why"] == memory.step(1)["why"] == "fixed point"
    assert first["words"] == "This is the memory “BU”: every neuron agrees, and none can move."

    inverse, _ = begun(hf.flip(-XI[2], 0.2, rng=2))
    assert run_to_rest(inverse)["words"].startswith("It fell into the inverse of “noise”")


def test_mixtures_are_told_with_their_names():
    xi = hf.random_patterns(7, N, rng=5)
    lab, _ = begun(np.sign(xi[1] - xi[4] + xi[6]), xi=xi[[1, 4, 6]], names=["b", "e", "g"])
    words = run_to_rest(lab)["words"]
    assert words.startswith("It fell into a mixture: the majority of")
    assert "“b”" in words
    assert "\N{MINUS SIGN}“e”" in words


def test_a_spurious_state_is_called_so():
    xi = hf.random_patterns(40, 100, rng=2)
    names, words = [f"p{k}" for k in range(40)], set()
    for cue in hf.flip(xi[:12], 0.3, rng=3):
        lab, _ = begun(cue, xi=xi, names=names, side=10)
        words.add(run_to_rest(lab, 100)["words"].split(".")[0])
    assert "It fell into a spurious state that nobody stored" in words


def test_all_at_once_it_may_go_round():
    xi = np.array([[1, -1] * 50])
    cue = np.where(np.arange(100) < 50, 1, -1) * xi[0]
    lab, _ = begun(cue, SYNC, xi=xi, names=["stripes"], side=10)
    whole = hf.recall(hf.hebb(xi), cue, order=hf.Sync())
    assert (whole.period, whole.sweeps) == (2, 4)
    ends = [lab.step(1)["why"] for _ in range(6)]
    assert ends == [""] * 3 + ["2-cycle"] * 3  # found where `recall` finds it, and it stays so
    assert words(lab).startswith("It alternates between two states for ever")


def test_at_a_temperature_it_never_rests():
    lab, _ = begun(XI[0], HOT)
    for _ in range(20):
        frame = lab.step(N)
        assert frame["why"] == ""
    assert frame["words"].startswith("At a temperature it never comes to rest. Nearest: “BU”")


def test_what_is_not_known_is_said():
    nothing, _ = begun(np.zeros(N))
    assert run_to_rest(nothing)["words"].startswith("It stands still: nothing is known")
    half, first = begun(hf.blank(XI[0], slice(0, 100)))
    assert first["words"].endswith("100 neurons are still unknown.")
    assert "unknown" not in run_to_rest(half)["words"]


# ---- files and the script --------------------------------------------------------------------


def eventful():
    """Return a lab after a run with everything in it."""
    lab, first = begun(hf.blank(hf.flip(XI[0], 0.3, rng=4), slice(0, 90)))
    frames = [first, lab.step(70), lab.step(61)]
    few = np.array([3, 5, 399], dtype=np.int32)
    lab.paint(few.tobytes(), np.array([1, 0, -1], dtype=np.int8).tobytes())
    many = np.arange(0, 300, 2, dtype=np.int32)
    lab.paint(many.tobytes(), np.full(many.size, -1, dtype=np.int8).tobytes())
    frames.append(lab.step(100))
    lab.change(HOT)
    frames.append(lab.step(333))
    lab.learn(SIDE, SIGN, NAMES[1:], np.packbits(XI[1:] > 0, axis=1))
    lab.change(SYNC)
    frames.append(lab.step(1))
    lab.change(SIGN | {"order": "Random", "tie": "random"})
    frames.append(lab.step(123))
    return lab, frames


@pytest.mark.parametrize("make", [eventful, lambda: begun(XI[1]), lambda: begun(np.zeros(N), HOT)])
def test_the_script_makes_the_same_run(make):
    lab, _ = make()
    names, printed = executed(lab.script())
    assert np.array_equal(names["run"].state, lab.run.state)
    assert np.array_equal(names["patterns"], lab.xi)
    assert "the same state as in the lab: True" in printed
    assert max(map(len, lab.script().splitlines())) < 140


def test_the_script_is_not_the_same_for_another_seed():
    lab, _ = begun(hf.flip(XI[0], 0.3, rng=4), HOT)
    lab.step(300)
    other = lab.script().replace("rng=7)", "rng=8)")
    assert "the same state as in the lab: False" in executed(other)[1]


def test_a_name_with_line_breaks_does_not_break_the_script():
    lab, _ = begun(XI[0], names=["a\nimport nothing_of_the_kind", "“b”\0", "\\"])
    assert "True" in executed(lab.script())[1]


def test_the_file_holds_the_run(tmp_path):
    lab, frames = eventful()
    path = tmp_path / "lab.npz"
    bits = b"".join(frame["bits"] for frame in frames)
    path.write_bytes(lab.result(bits, [frame["moves"] for frame in frames]))
    r = hf.load(path)
    assert isinstance(r, hf.Recall)
    assert np.array_equal(r.state, lab.run.state)
    assert np.array_equal(r.trace["patterns"], XI[1:])
    assert np.array_equal(r.trace["cue"], lab.cue)
    assert r.trace["moves"].tolist() == [frame["moves"] for frame in frames]
    assert np.array_equal(r.trace["states"], [state(frame) for frame in frames])


def test_the_film_has_a_frame_for_each_state():
    from PIL import Image

    lab, frames = eventful()
    film = Image.open(io.BytesIO(lab.film(b"".join(f["bits"] for f in frames), len(frames))))
    assert film.format == "GIF"
    bits = [frame["bits"] for frame in frames]
    changes = sum(a != b for a, b in itertools.pairwise(bits))
    assert film.n_frames == 1 + changes > 4  # equal ones in a row are one, shown longer
    last = np.asarray(film.convert("L"))
    assert last.shape == (300, 300)


@pytest.mark.parametrize("rule", ["hebb", "pseudo_inverse"])
@pytest.mark.parametrize("site", [0, 7, N - 1])
def test_a_neuron_tells_its_field_and_what_it_adds_to_the_others(rule, site):
    lab = Session()
    lab.learn(SIDE, {"rule": rule}, NAMES, np.packbits(XI > 0, axis=1).tobytes())
    cue = hf.blank(hf.flip(XI[0], 0.2, rng=2), slice(0, 5))
    lab.begin(planes(cue), SIGN | {"rule": rule}, 7)
    told = lab.neuron(site)
    assert told["field"] == pytest.approx(lab.memory.field(cue)[site])
    W = block_means(lab.memory, N)
    assert np.allclose(np.frombuffer(told["values"], np.float32), W[:, site], atol=1e-6)


# ---- what the page knows before Python runs --------------------------------------------------


def test_the_pictures_are_those_of_the_package():
    known = choices.known()
    json.dumps(known, allow_nan=False)
    found = {}
    for picture in known["pictures"]:
        n = picture["side"] ** 2
        bits = np.frombuffer(base64.b64decode(picture["bits"]), np.uint8)
        found[picture["name"]] = np.where(np.unpackbits(bits, count=n), 1, -1)
    assert list(found) == ["checkerboard", "X", "A", "BU", "BC", "star"] + [
        f"digit {k}" for k in range(10)
    ]
    assert np.array_equal(found["BC"], hf.pictures.large("BC")[0])
    assert np.array_equal(found["digit 9"], hf.pictures.digits(10)[9])


def test_the_rules_are_those_of_the_table():
    told = choices.rules()
    assert [rule["name"] for rule in told] == list(hf.learning.RULES)
    hebb = next(rule for rule in told if rule["name"] == "hebb")
    assert hebb["implicit"]
    assert len(hebb["capacity"]) == len(choices.SIDES) == 198
    assert hebb["capacity"][10 - choices.SIDES[0]] == pytest.approx(
        hf.learning.RULES["hebb"].capacity(100), rel=1e-3
    )
    assert hebb["breaks"] == pytest.approx(0.1379, abs=1e-4)
    assert {rule["breaks"] for rule in told if rule is not hebb} == {None}
    assert set(rules.ABOUT) == set(hf.learning.RULES)
    assert set(rules.BEYOND) < set(hf.learning.RULES)
    assert hebb["heat"][10] == pytest.approx(hf.theory.ags.critical(0.5)[0], rel=1e-3)
    assert hebb["heat"][-1] == 0
    assert choices.finite(float("inf")) is None
    json.dumps(told, allow_nan=False)


def test_every_menu_is_a_table():
    known = choices.known()
    for menu, rows in MENUS.items():
        assert [choice["name"] for choice in known["menus"][menu]] == list(rows)
        assert all(choice["text"] for choice in known["menus"][menu])
    menus = {*MENUS, *SLIDERS, "rule"}
    assert menus == set(known["settings"])
    assert {name for model in known["models"] for name in model["uses"]} < menus
    assert {name for names in known["uses"].values() for name in names} < menus
    assert {model["kind"] for model in known["models"]} == set(KINDS)


def test_a_model_says_what_it_keeps_where_theory_knows():
    known = {model["name"]: model["keeps"] for model in choices.models()}
    at_10 = 10 - choices.SIDES[0]
    assert known["dense"]["4"]["capacity"][10 - choices.SIDES[0]] == pytest.approx(
        hf.theory.dense.capacity(100, 4), 1e-3
    )
    assert known["sequence"]["1,2"]["breaks"] == pytest.approx(0.269, abs=1e-3)
    assert known["sequence"]["1,2"]["capacity"] == known["sequence"]["2,2"]["capacity"] == []
    assert known["sequence"]["1,3"]["capacity"][at_10] == pytest.approx(
        100**2 * hf.theory.sequence.critical(degree=3)[0], 1e-3
    )
    assert known["sequence"]["1,3"]["breaks"] is known["sequence"]["2,2"]["breaks"] is None
    assert known["potts"]["4"]["breaks"] == pytest.approx(0.8276, abs=1e-3)
    assert known["attention"][""]["capacity"] == []
    assert known["exponential"][""]["capacity"][4 - choices.SIDES[0]] == 2**8
    for name, side in (("exponential", 18), ("machine", 32), ("attention", 200)):
        assert known[name][""]["side"] == side
    assert [known["potts"][q]["side"] for q in "248"] == [35, 25, 17]


@pytest.mark.parametrize(
    ("model", "settings", "kept", "lost"),
    [
        ("pairs", {}, 0.7, 1.2),
        ("dense", {"degree": 2}, 0.7, 1.2),
        ("dense", {"degree": 3}, 0.5, 0.8),
        ("dense", {"degree": 4}, 0.4, 0.6),
        ("dense", {"degree": 8}, 0.3, 0.5),
        ("exponential", {}, 0.15, 0.35),
    ],
)
def test_a_temperature_counts_in_the_field_at_a_stored_pattern(model, settings, kept, lost):
    for T, keeps in ((kept, True), (lost, False)):
        lab, *_ = modelled(model, side=18, neuron="HeatBath", T=T, **settings)
        lab.begin(lab.kind.write(lab.xi[0]), lab.settings, 7)
        assert (lab.step(20 * 324)["overlaps"][0] > 0.7) == keeps


def test_cooling_in_a_dense_memory_says_the_temperature_that_was_chosen():
    lab, first, _ = modelled("dense", neuron="Anneal", T=0.4)
    assert "Nothing has moved" in first["words"]
    assert lab.temperature == 0.4
    assert "T = 0.4" in lab.step(30)["words"]


def test_every_tie_is_one_of_the_package():
    for tie in TIES:
        hf.Sign(tie=tie)


@pytest.mark.parametrize("neuron", NEURONS)
@pytest.mark.parametrize("order", ORDERS)
def test_what_a_row_writes_is_what_it_makes(neuron, order):
    for model in ("pairs", "dense"):
        settings = DEFAULT | {"model": model, "neuron": neuron, "order": order, "n": 100}
        for part in (NEURONS[neuron], ORDERS[order]):
            assert eval(f"hf.{part.code(settings)}") == part.make(settings)


def test_the_session_answers_by_name_alone():
    lab, _ = begun(XI[0])
    assert lab.answer("look", [])["moves"] == 0
    with pytest.raises(ValueError, match="name must be one of"):
        lab.answer("_go", [])


def test_a_given_memory_is_run_as_it_is():
    memory = hf.hebb(XI[:1])
    lab = Session(memory)
    lab.learn(SIDE, GIVEN, NAMES, np.packbits(XI > 0, axis=1).tobytes())
    lab.begin(planes(XI[1]), SIGN | GIVEN, 7)
    assert lab.memory is memory
    with pytest.raises(ValueError, match="no memory of 400 neurons was given"):
        begun(XI[0])[0].learn(SIDE, GIVEN, NAMES, np.packbits(XI > 0, axis=1).tobytes())


# ---- what is prepared for the chapters -------------------------------------------------------

ENDS = {  # what each state's words promise
    "01_network": "fell into",
    "02_orthogonality": "the memory “pattern 0”",
    "03_one_pattern": "the memory “pattern”",
    "04_five_neurons": "the inverse of “X”",
    "05_letters": "a mixture: the majority of −“checkerboard” \\+“X” \\+“A”",
    "06_pictures": "the memory “BU”",
    "07_two_patterns": "a mixture: the majority of",
    "08_capacity": "the memory “pattern 0”",
    "09_temperature": r"Nearest: “pattern \d”, overlap (1.00|0.9\d)",
    "10_learning": "a mixture: the majority of",
    "11_sparse": "the memory “pattern 0”",
    "12_sequences": "The sequence begins again|On its way, now nearest to “pattern",
    "13_graded": "the memory “pattern 0”",
    "14_energies": r"overlap 0\.[345]\d",
    "15_dense": "the memory “pattern 0”",
    "16_attention": "the memory “waves”",
    "17_boltzmann": r"Nearest: “digit [068]”, overlap (0\.[89]\d|1\.00)",
    "18_brain": "the memory “room 0”",
}


def begun_at(name, more=(), **settings):
    """Open a chapter's state with the lab's Python side; return it and the moves of a sweep."""
    told = prepared.states()[name]["lab"]
    n = told["side"] ** 2
    bits = [base64.b64decode(source["bits"]) for _, source in told["patterns"]]
    bits += [np.packbits(x > 0).tobytes() for x in more]
    names = [name for name, _ in told["patterns"]] + ["more"] * len(more)
    ink = base64.b64decode(told["cue"]["ink"])
    two = MODELS[told["settings"]["model"]].kind == "ink"
    unknown = base64.b64decode(told["cue"].get("unknown", "")) or bytes(len(ink) * two)
    chosen = completed(told["settings"] | settings)
    lab = Session()
    lab.learn(told["side"], chosen, names, b"".join(bits))
    lab.begin(ink + unknown, chosen, told["seed"])
    return lab, 1 if ORDERS[chosen["order"]].together else n


def opened(name, more=(), **settings):
    """Return what a chapter's state ends in, in words."""
    lab, sweep = begun_at(name, more, **settings)
    for _ in range(200 if sweep == 1 else 40):
        if lab.step(sweep)["why"]:
            break
    return lab.look()["words"]


def test_the_machine_of_its_chapter_draws_each_digit_that_fits_what_is_held():
    lab, _ = begun_at("17_boltzmann")
    drawn = [int(np.argmax(lab.step(20)["overlaps"])) for _ in range(150)]
    assert {0, 6, 8} <= set(drawn)
    assert sum(k in (0, 6, 8) for k in drawn) > 120


def test_a_state_is_prepared_for_each_chapter():
    """Each chapter that has a box of the lab has one."""
    shown = {p.stem: p.read_text("utf-8").count("```{lab}\n") for p in BOOK.glob("[0-9]*.md")}
    assert list(prepared.STATES) == list(ENDS) == [name for name in sorted(shown) if shown[name]]
    assert set(shown.values()) <= {0, 1}


@pytest.mark.parametrize("name", ENDS)
def test_a_chapters_state_does_what_its_words_say(name):
    assert re.search(ENDS[name], opened(name))


def test_heat_frees_the_mixture_of_the_chapter_on_energies_and_a_low_gain_makes_all_grey():
    assert re.search(r"Nearest: “pattern \d”, overlap (1.00|0.9\d)", opened("14_energies", T=0.4))
    assert "All neurons are grey" in opened("13_graded", gain=0.5)


@pytest.mark.parametrize("name", ["04_five_neurons", "05_letters"])
def test_keeping_ties_undoes_what_the_tie_rule_did(name):
    assert "the memory “X”" in opened(name, tie="keep")


@pytest.mark.parametrize(
    ("name", "memory", "lost", "kept"),
    [
        ("10_learning", "the memory “H”", "hebb", "pseudo_inverse"),
        ("11_sparse", "the memory “pattern 0”", "hebb", "covariance"),
    ],
)
def test_another_rule_keeps_what_hebbs_loses(name, memory, lost, kept):
    assert memory not in opened(name, rule=lost)
    assert memory in opened(name, rule=kept)


def test_forty_patterns_more_are_too_many_for_the_chapter_on_capacity():
    assert "the memory" not in opened("08_capacity", hf.random_patterns(40, 400, rng=3))


def test_hebbs_rule_loses_what_the_dense_memory_of_its_chapter_keeps():
    assert "the memory" not in opened("15_dense", degree=2)
    assert "the memory" not in opened("15_dense", model="pairs")


FIRST_MOVE = """
import sys

sys.modules.update(dict.fromkeys(("numba", "scipy")))  # as in a browser
from hopfield.lab.page import answer
from hopfield.lab.tables import DEFAULT

answer("learn", [3, DEFAULT, ["a", "b", "c"], bytes([200, 0, 21, 128, 99, 0])])
answer("begin", [bytes([90, 0, 0, 0]), DEFAULT, 1])
answer("step", [1, False])
print(*sys.modules)
"""


def test_the_first_move_waits_for_nothing_that_it_does_not_need():
    done = subprocess.run([sys.executable, "-c", FIRST_MOVE], capture_output=True, check=True)
    loaded = done.stdout.decode().split()
    later = ("boltzmann", "models", "show.", "io", "lab.script", "lab.landscape", "lab.couplings")
    colours = "hopfield.show.palette"
    ours = [name for name in loaded if name.startswith("hopfield.") and name != colours]
    assert "hopfield.core.recall" in ours
    assert [name for name in ours if name.removeprefix("hopfield.").startswith(later)] == []
    assert {"numpy.ma", "html"} & set(loaded) == set()
    laws = [name for name in ours if name.startswith("hopfield.theory.")]
    assert len(laws) < 4  # what the learning rules know of their capacity
