"""Neurons: their laws, their rules, subclasses of them and neurons of one's own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tables import ANNEALED, GRADED, NEURONS, UNITS

import hopfield as hf
from hopfield import testing
from hopfield.base.forms import Rule
from hopfield.base.streams import Streams
from hopfield.core.neurons import TwoState, decide, threshold_neuron
from tests.bad import refuses

XI = hf.random_patterns(3, 40, rng=1)
M = hf.hebb(XI)
CUES = hf.flip(XI, 0.2, rng=2)
EVERY = NEURONS | GRADED | UNITS | ANNEALED


@given(st.data())
def test_a_decision_is_what_it_says(data):
    low, high = data.draw(st.sampled_from([(-1.0, 1.0), (0.0, 1.0), (-0.25, 3.0)]))
    middle = (low + high) / 2
    h, theta = (data.draw(st.sampled_from([-1.0, 0.0, 0.5])) for _ in "ab")
    s = data.draw(st.sampled_from([low, middle, high, middle + 0.1, low - 5]))
    tie = data.draw(st.sampled_from([-1, 0, 1]))
    new = decide(np.array([h]), np.array([s]), theta, tie, low, high)[0]
    if h != theta:
        assert new == (high if h > theta else low)
    elif tie:
        assert new == (high if tie > 0 else low)
    elif s == middle:
        assert new == s  # not known, and no reason to be
    else:
        assert new == (high if s > middle else low)


def test_a_neuron_may_be_called_by_hand_with_any_seed():
    h, s = np.zeros(2000), np.ones(2000)
    for neuron in (hf.Sign(tie="random"), hf.HeatBath(0.5), hf.HeatBath(0)):
        ends = [neuron(h, s, rng) for rng in (7, np.random.default_rng(7), [7, 1])]
        ends.append(neuron(h, s, Streams.spawn(np.random.default_rng(1), 1)[0]))
        for end in ends:
            assert set(end) == {-1, 1}
            assert abs(end.mean()) < 4 / np.sqrt(2000)
        assert np.array_equal(neuron(h, s, 7), ends[0])
        assert not np.array_equal(neuron(h, s, None), neuron(h, s, None))


@pytest.mark.parametrize("name", [name for name in EVERY if name not in UNITS])
def test_a_single_field_is_answered_as_one_of_many(name):
    neuron = EVERY[name]
    for h, s in ((1.0, 1.0), (0.0, 1.0), (0, 0), (-1.0, 1.0), (np.float64(0), np.float64(-1))):
        alone, (many,) = neuron(h, s, 5), neuron([h], [s], 5)
        assert np.ndim(alone) == 0
        assert alone == many
        assert neuron.settled(h, s) == neuron.settled([h], [s])[0]
    if not neuron.random:
        assert neuron(1.0, 1.0, None) == neuron([1.0], [1.0], None)[0]


def test_the_heat_bath_is_high_as_often_as_glauber_says():
    h = np.repeat(np.linspace(-2, 2, 9), 20_000).reshape(9, -1)
    for low, high, T in ((-1, 1, 0.7), (0, 1, 0.7), (-0.5, 2, 3.0)):
        up = hf.HeatBath(T, low, high)(h, np.full(h.shape, low), 5) == high
        p = 1 / (1 + np.exp(-(high - low) * h[:, 0] / T))
        assert (np.abs(up.mean(axis=1) - p) < 4 * np.sqrt(p * (1 - p) / 20_000) + 1e-4).all()


@pytest.mark.parametrize("name", EVERY)
def test_a_neuron_is_a_value_and_comes_back_from_a_file(name, tmp_path):
    neuron = EVERY[name]
    hf.save(tmp_path / "n.npz", neuron)
    again = hf.load(tmp_path / "n.npz")
    assert again == neuron
    assert type(again) is type(neuron)
    assert hash(again) == hash(neuron)
    assert repr(again) == repr(neuron)
    assert type(neuron)(**neuron.parts()) == neuron


def test_neurons_that_differ_are_not_equal():
    every = list(dict.fromkeys([*EVERY.values(), hf.Sign(-1, 2), hf.Potts(4), hf.Graded(1)]))
    assert len(every) == len(EVERY) + 3
    assert hf.Sign() == hf.Sign(-1.0, 1) != hf.HeatBath(0)


def test_a_neuron_says_its_rule_in_numbers():
    assert hf.Sign().rule() == Rule(-1, 1, "fixed", tie=0)
    assert hf.Sign(0, 1, tie="up").rule() == Rule(0, 1, "fixed", tie=1)
    assert hf.Sign(tie="down").rule().tie == -1
    assert hf.Sign(tie="random").rule().law == hf.HeatBath(0).rule().law == "coin"
    assert hf.HeatBath(0.5, 0, 2).rule() == Rule(0, 2, "heat", scale=0.25)


# ---- subclasses and neurons of one's own -----------------------------------------------------


class Renamed(hf.Sign):
    """Sign under another name."""

    def __repr__(self):
        return "Renamed()"


class Firm(hf.Sign):
    """A threshold of a quarter."""

    @property
    def bounds(self):
        return ((0.25, 0),)


class Spread(hf.HeatBath):
    """Thresholds that are drawn evenly from -T to T."""

    bounds = ((-1.0, 0), (1.0, 0))

    def draw(self, rng, shape):
        return self.T * (2 * rng.random(shape) - 1), np.zeros(shape, np.int8)


class Down(hf.Sign):
    """A neuron that goes against its field."""

    def __call__(self, h, s, rng):
        return super().__call__(-h, s, rng)

    def settled(self, h, s):
        return super().settled(-h, s)


class Tired(hf.Sign):
    """A neuron that never says that it is at rest, whatever its field is."""

    random = True

    def settled(self, h, s):
        return np.zeros(np.shape(h), bool)


class Raised:
    """A threshold of 5, to be mixed in."""

    bounds = ((5.0, 0),)


class Against:
    """An answer against the field, to be mixed in."""

    def __call__(self, h, s, rng):
        return super().__call__(-h, s, rng)

    def settled(self, h, s):
        return super().settled(-h, s)


class HighSign(Raised, hf.Sign):
    """Sign, that what is mixed in changes."""


class AgainstSign(Against, hf.Sign):
    """The same."""


class Cooling(hf.HeatBath):
    """A temperature that falls after the first sweep."""

    def at(self, sweep):
        return hf.HeatBath(self.T if sweep == 0 else 0.01)


class Unsure(hf.Sign):
    """Sign that says it draws, so that no cycle is claimed."""

    random = True


def test_what_is_mixed_in_or_changes_in_time_is_run_as_what_it_is():
    for neuron in (HighSign(), Cooling(5.0), Unsure()):
        assert neuron.rule() == Rule(-1, 1, "own")
    assert not threshold_neuron(AgainstSign())
    for order in (hf.Shuffled(), hf.Sync()):
        r = hf.recall(M, CUES, neuron=HighSign(), order=order, rng=1)
        assert (r.state == -1).all()
        r = hf.recall(hf.Bias(1.0, 5), np.ones(5), neuron=AgainstSign(), order=order, rng=1)
        assert (r.state == -1).all()
        r = hf.recall(M, CUES, neuron=Cooling(5.0), order=order, sweeps=9, rng=1)
        annealed = hf.Anneal([5.0, *8 * [0.01]])
        assert np.array_equal(
            r.state, hf.recall(M, CUES, neuron=annealed, order=order, sweeps=9, rng=1).state
        )
    flip_flop = hf.Couplings([[0, 1], [1, 0]])
    r = hf.recall(flip_flop, [1, -1], neuron=Unsure(), order=hf.Sync(), sweeps=9, rng=1)
    assert r.why == "ran out of sweeps"


@dataclass(frozen=True)
class Labelled(hf.Sign):
    """A dataclass that checks nothing when it is made."""

    label: str = ""

    def __post_init__(self):
        pass


def test_a_dataclass_of_ones_own_need_not_call_what_checks_the_states():
    assert Labelled(label="a").rule() == hf.Sign().rule()
    a, b = (hf.recall(M, CUES, neuron=n, rng=1) for n in (Labelled(label="a"), hf.Sign()))
    assert np.array_equal(a.state, b.state)


def test_a_subclass_keeps_the_rule_that_it_does_not_change():
    assert Renamed().rule() == hf.Sign().rule()
    assert threshold_neuron(Renamed())
    for order in (hf.Shuffled(), hf.Sync()):
        a, b = (hf.recall(M, CUES, neuron=n(), order=order, rng=1) for n in (Renamed, hf.Sign))
        assert np.array_equal(a.state, b.state)
        assert a.kernel == b.kernel


def test_a_subclass_that_draws_or_answers_otherwise_loses_the_rule():
    for neuron in (Firm(), Spread(0.5), Tired()):
        assert neuron.rule() == Rule(-1, 1, "own")
        assert threshold_neuron(neuron)
    assert not threshold_neuron(Down())


def test_a_subclass_is_run_as_what_it_is():
    h = np.array([0.3, 0.2, -0.3])
    assert Firm()(h, np.ones(3), None).tolist() == [1, -1, -1]
    free = hf.Bias(h)
    for order in (hf.Sequential(), hf.Sync()):
        r = hf.recall(free, [1, 1, 1], neuron=Firm(), order=order)
        assert (r.state.tolist(), r.why) == ([1, -1, -1], "fixed point")
        r = hf.recall(free, [1, 1, 1], neuron=Down(), order=order)
        assert (r.state.tolist(), r.why) == ([-1, -1, 1], "fixed point")
        r = hf.recall(free, [1, 1, 1], neuron=Tired(), order=order, sweeps=5)
        assert (r.state.tolist(), r.why, r.sweeps) == ([1, 1, -1], "ran out of sweeps", 5)
        low = hf.recall(M.recode(0, 1), CUES > 0, neuron=Down(0, 1), order=order, sweeps=3, rng=1)
        assert set(low.state.flat) <= {0, 1}
    wide = hf.Bias(np.linspace(-1, 1, 5), 5)
    r = hf.recall(wide, -np.ones((4000, 5)), neuron=Spread(1.0), sweeps=1, rng=1)
    assert np.abs((r.state == 1).mean(axis=0) - [0, 0.25, 0.5, 0.75, 1]).max() < 0.03


class Asked(hf.Potts):
    """Answers as `Potts` does, but is asked for each move."""

    def __call__(self, h, s, rng):
        return super().__call__(h, s, rng)


@pytest.mark.parametrize("T", [0.0, 0.4, 1e-300])
@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Random(), hf.Sequential(), hf.Sync()])
@pytest.mark.parametrize("several", [False, True])
def test_neurons_of_several_sites_that_move_in_turn_do_what_each_would(T, order, several):
    q, draws = 9, np.random.default_rng(1)
    memory = hf.models.potts(draws.integers(q, size=(3, 12)), q) + hf.Bias(1e-3 * np.arange(108))
    cues = hf.models.one_hot(draws.integers(-1, q, size=(5, 12)), q)
    keep = [hf.record.states("update"), hf.record.energy("update")] if several else None
    options = {"order": order, "record": keep, "sweeps": 4, "rng": 2}
    for cue in (cues, cues[0]):
        a = hf.recall(memory, cue, neuron=hf.Potts(q, T), **options)
        b = hf.recall(memory, cue, neuron=Asked(q, T), **options)
        assert b.kernel == "plain"
        assert a == replace(b, kernel=a.kernel)
        annealed = hf.recall(memory, cue, neuron=hf.Anneal([T], hf.Potts(q)), **options)
        assert np.array_equal(annealed.state, a.state)
    assert hf.Potts(q, T).turn
    assert Asked(q, T).turn is None


def test_neurons_of_several_sites_that_move_in_a_way_of_their_own_are_asked():
    class Idle(hf.Potts):
        def turn(self, session, rows, sites, drawn):
            pass

    memory, cue = hf.models.potts([[0, 1, 2, 2]], 3), hf.models.one_hot([0, 1, 2, 0], 3)
    assert Idle.rule is None
    assert np.array_equal(hf.recall(memory, cue, neuron=Idle(3), sweeps=1, rng=1).state, cue)
    assert not np.array_equal(hf.recall(memory, cue, neuron=hf.Potts(3), rng=1).state, cue)


@pytest.mark.parametrize("T", [5e-324, 1e-310, 1e-200])
def test_a_neuron_of_several_states_that_is_almost_cold_takes_the_largest_field(T):
    h, s, rng = np.array([1.0, 2.0, 8e200, 9e200]), np.array([1, 0, 1, 0]), np.random.default_rng(1)
    assert hf.Potts(2, T)(h, s, rng).tolist() == [0, 1, 0, 1]


def test_sums_follow_many_neurons_of_which_few_move():
    w = np.random.default_rng(1).integers(-9, 9, size=(30, 30))
    memory = hf.Couplings(w + w.T)
    s = hf.random_patterns(3, 30, rng=2).astype(float)
    cursor, rows = memory.open(s), np.arange(3)
    for moved in (0, 1, 2, 8, 9, 20):
        sites = np.argsort(np.random.default_rng(moved).random((3, 30)), axis=1)[:, :20]
        values = s[rows[:, None], sites].copy()
        for r in rows:
            values[r, r : r + max(moved - r, 0)] *= -1
        cursor.assign(rows, sites, values)
        np.put_along_axis(s, sites, values, axis=1)
        assert np.array_equal(cursor.state, s)
        assert np.array_equal(cursor.fields(rows), memory.field(s))


def test_the_laws_judge_subclasses():
    for neuron in (Renamed(), Firm(), Tired()):
        testing.check_neuron(neuron)
    with pytest.raises(AssertionError, match="a larger field must not give less"):
        testing.check_neuron(Down())

    class Sure(Tired):
        random = False

    with pytest.raises(AssertionError, match="was not settled"):
        testing.check_neuron(Sure())


class Step:
    """A neuron of three states, of one's own: the nearest to its field."""

    states = None
    random = False

    def __call__(self, h, s, rng):
        return np.clip(np.rint(h), -1, 1)

    def settled(self, h, s):
        return self(h, s, None) == s

    def energy(self, s):
        return (np.asarray(s) ** 2).sum(axis=-1) / 2


class Stubborn:
    """A neuron of two states, of one's own: it follows a field that is large."""

    states = 0.0, 1.0
    random = True

    def __call__(self, h, s, rng):
        return np.where(rng.random(h.shape) < np.minimum(np.abs(h), 1), (h > 0) * 1.0, s)

    def settled(self, h, s):
        return (h == 0) | ((h > 0) == (s > 0))


@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Sync(), hf.Random()])
def test_a_neuron_of_ones_own_runs_and_the_laws_judge_it(order):
    testing.check_neuron(Step())
    testing.check_neuron(Stubborn())
    r = hf.recall(2 * M, CUES, neuron=Step(), order=order, rng=1)
    assert np.isin(r.state, (-1, 0, 1)).all()
    assert set(r.why) == {"fixed point"}
    batch = hf.recall(M, CUES > 0, neuron=Stubborn(), order=order, rng=np.random.default_rng(1))
    assert set(batch.state.flat) <= {0, 1}
    rng = np.random.default_rng(1)
    for b, cue in enumerate(CUES > 0):
        one = hf.recall(M, cue, neuron=Stubborn(), order=order, rng=rng)
        assert np.array_equal(one.state, batch.state[b])
        assert (one.why, one.sweeps) == (batch.why[b], batch.sweeps[b])


def test_the_laws_notice_answers_that_are_no_states():
    class Loose(Stubborn):
        def __call__(self, h, s, rng):
            return np.full(h.shape, 0.5)

    with pytest.raises(AssertionError, match="the answers must be the states"):
        testing.check_neuron(Loose())


def test_the_laws_notice_a_neuron_that_does_not_heed_its_stream():
    class Deaf(Stubborn):
        def __call__(self, h, s, rng):
            return super().__call__(h, s, np.random.default_rng(1))

    class Shared(hf.HeatBath):
        def draw(self, rng, shape):
            own = rng[0] if isinstance(rng, Streams) and rng.state.ndim else rng
            theta, tie = super().draw(own, shape[-1:])
            return np.broadcast_to(theta, shape), np.broadcast_to(tie, shape)

    for neuron in (Deaf(), Shared(0.7)):
        with pytest.raises(AssertionError, match="by what it draws from rng"):
            testing.check_neuron(neuron)


def test_a_two_state_neuron_must_say_between_what_it_draws():
    class Bare(TwoState):
        low, high = -1.0, 1.0

    with pytest.raises(TypeError, match="Bare must define bounds"):
        hf.recall(M, CUES[0], neuron=Bare())


# ---- annealing -------------------------------------------------------------------------------


@pytest.mark.parametrize("neuron", [hf.Sign(tie="random"), hf.HeatBath(0)])
def test_what_a_coin_may_move_is_not_settled(neuron):
    settled = neuron.settled([0.0, 0.0, 0.5, -0.5, 0.5], [1, -1, 1, -1, -1])
    assert settled.tolist() == [False, False, True, True, False]


def test_an_annealed_neuron_is_that_of_its_sweep():
    neuron = hf.Anneal([2, 1, 0.5], hf.Potts(3))
    assert [neuron.at(k).T for k in (0, 1, 2, 3, 99)] == [2, 1, 0.5, 0.5, 0.5]
    assert neuron.width == 3
    assert hf.Anneal(np.array([2.0, 0.0])).at(1) == hf.Sign()
    assert hf.Anneal([1], hf.HeatBath(5, 0, 1)).states == (0, 1)
    assert hf.Anneal(np.linspace(2, 0, 5)) == hf.Anneal([2, 1.5, 1, 0.5, 0])


CASES = {
    "no gain": (lambda: hf.Graded(-1), ValueError, "^beta must be above 0, not -1"),
    "a tolerance below 0": (lambda: hf.Linear(tolerance=-1), ValueError, "^tolerance .* not -1"),
    "temperatures that rise": (
        lambda: hf.Anneal([0, 1]),
        ValueError,
        "^temperatures must be a row that never rises",
    ),
    "annealing a sign": (
        lambda: hf.Anneal([1], hf.Sign()),
        TypeError,
        "^neuron must have a temperature T",
    ),
    "a negative temperature of several states": (
        lambda: hf.Potts(3, T=-1),
        ValueError,
        "^T must be .* not -1",
    ),
    "a negative temperature": (lambda: hf.HeatBath(-1), ValueError, "^T must be 0 or more, not -1"),
    "fields beside fewer states": (
        lambda: hf.Sign()(np.ones(3), np.ones(2), None),
        ValueError,
        r"^h \(3,\) and s \(2,\)",
    ),
    "fields that are nan": (
        lambda: hf.Sign().settled([np.nan], [1]),
        ValueError,
        "^h must be .* nan",
    ),
    "a number for the sites of several": (
        lambda: hf.Potts(3).unknown(5),
        ValueError,
        r"^s must have 3 sites a neuron; its shape is \(\)",
    ),
    "a number for the sites of two": (
        lambda: hf.Graded(1, transfer="softmax", q=2).answer(5),
        ValueError,
        r"^h must have 2 sites a neuron; its shape is \(\)",
    ),
    "sites of no neuron": (
        lambda: hf.Potts(3).unknown([0, 1, 0, 0]),
        ValueError,
        r"^s must have 3 sites a neuron; its shape is \(4,\)",
    ),
    "fields that are text": (lambda: hf.Sign()("a", 1, None), TypeError, "^h must hold .* str"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_in_a_sentence(case):
    refuses(*CASES[case])
