"""The law of engines: whatever a row of ENGINES takes ends as the plain run does, to the bit.

And the plain run ends as exact rationals say, on the grids of `hopfield.base.exact`.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield import engine
from hopfield.base import exact

ROWS = [row.name for row in engine.ENGINES]
SIZES = (*range(2, 10), 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257)
BATCHES = (0, 0, 0, 1, 2, 3, 7, 31, 32, 33, 65)  # 0: one cue, no batch
ROOM = 5000  # values of all cues
PATTERNS = (1, 1, 2, 3, 5, 8, 15, 16, 17, 33, 63, 64, 65, 130)
COUPLINGS = (
    *("whole", "whole, asymmetric", "whole, sparse", "whole, sparse, asymmetric"),
    *("real", "real, asymmetric", "real, sparse", "real, sparse, asymmetric"),
    *("whole, loops", "real, loops", "whole, asymmetric, loops"),
    *("projection, real", "pairs", "pairs, loops", "whole + hebb", "real - hebb", "hebb - hebb"),
)
HEBB = ("hebb", "hebb", "hebb, loops", "hebb of 0/1", "hebb of 0/1, loops", "hebb + hebb")
DENSE = ("dense 2", "dense 3", "dense 4", "rectified 3", "dense 12", "dense 20", "rectified 9")
KINDS = {"levels": DENSE, "together": HEBB, "bits": HEBB}  # else all of them
MOSTLY = {"together": ("together", "together")}  # else shuffled
WRAPS = ("", "", "", "* 2", "* 0.3", "* -1", "+ whole bias", "+ bias", "* 0.3 + bias", "recoded")
FIELDS = ("why", "sweeps", "updates", "undecided", "period")


# ---- drawing networks ------------------------------------------------------------------------


def couplings(rng, n, kind):
    """Draw a matrix of couplings."""
    w = rng.integers(-9, 10, (n, n)) if "whole" in kind else rng.normal(size=(n, n))
    if "asymmetric" not in kind:
        w = np.tril(w) + np.tril(w, -1).T
    divisor = float(rng.choice([1, 1, 3, n]))
    options = {"self_coupling": "loops" in kind, "divisor": divisor}
    if "sparse" in kind:
        import scipy.sparse

        held = np.triu(rng.random((n, n)) < 0.3)
        w = scipy.sparse.csr_array(w * (held | held.T))
    return hf.Couplings(w, **options)


def memory(rng, n, kind):
    """Draw a memory of neurons of -1/+1."""
    xi = rng.choice([-1, 1], (rng.choice(PATTERNS), n))
    if kind in ("whole + hebb", "real - hebb", "hebb - hebb"):
        first, sign, second = kind.split()
        w = rng.choice([1, 0.25, 0.3]) * (1 if sign == "+" else -1)
        return memory(rng, n, first) + w * memory(rng, n, second)
    if kind.startswith("hebb"):
        if "0/1" in kind:
            made = hf.hebb(xi > 0, coding="01", self_coupling="loops" in kind, allow_repeats=True)
        else:
            made = hf.hebb(xi, self_coupling="loops" in kind, allow_repeats=True)
        return (
            made + hf.hebb(rng.choice([-1, 1], (3, n)), allow_repeats=True) if "+" in kind else made
        )
    if kind.startswith(("dense", "rectified")):
        return hf.dense(xi, degree=int(kind.split()[1]), rectified=kind.startswith("rectified"))
    if kind.startswith("pairs"):
        return hf.models.Associations(xi, rng.permuted(xi, axis=0), self_coupling="loops" in kind)
    if kind.startswith("projection"):
        return hf.learning.Projection(independent(rng, n), self_coupling=rng.random() < 0.3)
    return couplings(rng, n, kind)


def independent(rng, n):
    """Draw patterns that are linearly independent, and few."""
    while True:
        xi = rng.choice([-1, 1], (rng.integers(1, max(2, n // 4)), n))
        if np.linalg.matrix_rank(xi) == len(xi):
            return xi


def wrapped(rng, m, wrap):
    """Return a memory with a weight, a bias or other states."""
    if wrap.startswith("*"):
        m = float(wrap.split()[1]) * m
    if "whole bias" in wrap:
        m = m + hf.Bias(rng.integers(-4, 5, m.n) * rng.choice([1.0, 0.25]))
    elif "bias" in wrap:
        m = m + hf.Bias(rng.normal(size=m.n))
    return m.recode(0, 1) if wrap == "recoded" else m


def laid_out(cue, how):
    """Return a cue as an array of another layout or kind."""
    if how == "narrow" and np.array_equal(cue, cue.astype(np.int8)):
        cue = cue.astype(np.int8)
    if how == "columns":
        return np.asfortranarray(cue)
    if how == "strided":
        return np.repeat(cue, 2, axis=-1)[..., ::2]
    cue.setflags(write=how != "locked")
    return cue


@st.composite
def networks(draw, kinds, mostly=("shuffled", "shuffled")):
    """Draw a network, its cues, and how it is run."""
    kind, wrap = draw(st.sampled_from(kinds)), draw(st.sampled_from(WRAPS))
    n = draw(st.sampled_from(SIZES))
    size = draw(st.sampled_from([b for b in BATCHES if b * n <= ROOM]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    m = wrapped(rng, memory(rng, n, kind), wrap)
    quadratic = m.states is None
    others = [(0, 1), (-0.1, 0.1), (0.1, 0.9), (-2, 3)] if quadratic else []
    low, high = draw(st.sampled_from([m.states or (-1, 1)] * 3 + others))
    law = draw(st.sampled_from(["keep", "keep", "up", "down", "random", "heat", "heat"]))
    neuron = hf.Sign(low, high, tie=law) if law != "heat" else None
    if neuron is None:
        t = draw(st.sampled_from([0.0, 0.01, 0.5, 4.0])) * (n**2 if "dense" in kind else 1)
        neuron = hf.HeatBath(t, low, high)
        if draw(st.integers(0, 3)) == 0:
            neuron = hf.Anneal(t * np.linspace(1, 0, draw(st.integers(1, 4))), neuron)
    cuts = np.sort(rng.permutation(n - 1)[:2]) + 1
    orders = {
        "shuffled": hf.Shuffled(),
        "drawn": hf.Random(),
        "given": hf.Sequential(),
        "permuted": hf.Sequential(rng.permutation(n)),
        "together": hf.Sync(),
        "blocks": hf.Blocks(*np.split(rng.permutation(n), cuts)),
    }
    order = orders[draw(st.sampled_from([*mostly, *orders]))]
    cue = np.where(rng.random((size or 1, n)) < 0.5, low, high)
    if draw(st.integers(0, 3)) == 0:
        cue = np.where(rng.random(cue.shape) < 0.3, (low + high) / 2, cue)
    cue = cue if size else cue[0]
    cue = laid_out(cue, draw(st.sampled_from(["", "", "columns", "strided", "narrow", "locked"])))
    how = draw(st.sampled_from(["recall", "recall", "updates", "steps", "steps", "recorded"]))
    moves = draw(st.lists(st.integers(0, 2 * n + 3), min_size=1, max_size=4))
    sweeps = draw(st.sampled_from([0, 1, 2, 3, 10, 40]))
    options = {"neuron": neuron, "order": order}
    if draw(st.integers(0, 4)) == 0:
        held = rng.random(n) < rng.random()
        cue = np.where(held & (cue == (low + high) / 2), low, cue)
        options["clamp"] = held
    return m, cue, options, (how, moves, sweeps), draw(st.integers(0, 2**32)), kind


def outcome(m, cue, options, way, seed):
    """Run a network; return all that can be seen of it."""
    (how, moves, sweeps), rng = way, np.random.default_rng(seed)
    if how == "updates":
        ends = [hf.recall(m, cue, updates=moves[0], rng=rng, **options)]
        return ends, [], rng.integers(2**62)
    record = [hf.record.states("sweep"), hf.record.energy()] if how == "recorded" else None
    if how == "recorded" and not m.symmetric:
        record = record[:1]
    run = hf.Run(m, cue, rng=rng, record=record, **options)
    seen, ends = [], []
    for k in moves if how == "steps" else ():
        step = run.step(k)
        seen += [step.moved, step.why, run.state, run.settled()]
        ends.append(run.result())
        if k % 7 == 0:
            low, high = options["neuron"].states
            run.set([k % m.n, 0], [high, (low + high) / 2])
    ends.append(run.finish(sweeps))
    streams = run.streams.state
    return ends, [*seen, streams, run.counts.table, run.settled()], rng.integers(2**62)


def check_same(a, b, close=False):
    """Compare two outcomes; energies of real couplings only nearly."""
    for x, y in zip(a[0], b[0], strict=True):
        assert np.array_equal(x.state, y.state)
        for name in FIELDS:
            assert np.array_equal(getattr(x, name), getattr(y, name)), name
        assert (x.energy is None) == (y.energy is None)
        traces = [x.trace, y.trace]
        pairs = [] if x.energy is None else [(x.energy, y.energy)]
        if isinstance(x.trace, dict):
            pairs += [(p, q) for p, q in zip(*(t.values() for t in traces), strict=True)]
        for p, q in pairs:
            if close:
                np.testing.assert_allclose(p, q, rtol=1e-12, atol=1e-12)
            else:
                assert np.array_equal(p, q)
                assert np.array_equal(np.signbit(p), np.signbit(q))
    for x, y in zip(a[1], b[1], strict=True):
        assert np.array_equal(x, y)
    assert a[2] == b[2]


@st.composite
def taken(draw, row):
    """Draw networks until a row takes one, a dozen at most; say whether it does."""
    kinds = KINDS.get(row, COUPLINGS + HEBB + DENSE)
    for _ in range(12):
        network = draw(networks(kinds, MOSTLY.get(row, ("shuffled", "shuffled"))))
        m, cue, options = network[:3]
        with engine.using(row):
            if hf.Run(m, cue, rng=0, **options).session.name != "plain":
                return network, True
    return network, False


@pytest.mark.parametrize("row", ROWS)
def test_a_row_runs_as_the_plain_loop_does(row):
    took = []

    @settings(max_examples=200)
    @given(drawn=taken(row))
    def law(drawn):
        (*network, kind), takes = drawn
        took.append(takes)
        before = network[1].copy()
        with engine.using(row):
            found = outcome(*network)
        assert np.array_equal(network[1], before)
        with engine.using():
            plain = outcome(*network)
        check_same(found, plain, "real" in kind)

    law()
    assert sum(took) > len(took) / 3  # else the law would say nothing of this row


@settings(max_examples=200)
@given(network=networks(COUPLINGS + HEBB + DENSE))
def test_all_rows_together_run_as_the_plain_loop_does(network):
    *network, kind = network
    found = outcome(*network)
    with engine.using():
        plain = outcome(*network)
    check_same(found, plain, "real" in kind)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(
    "order", [hf.Sync(), hf.Sequential(), hf.Blocks([0, 2, 4, 6], [1, 3, 5, 7])]
)
def test_cycles_are_found_by_steps_too(row, order):
    rng, found = np.random.default_rng(1), set()
    for _ in range(40):
        m = hf.Couplings(rng.integers(-3, 4, (8, 8)))
        if rng.random() < 0.5:
            m = hf.hebb(rng.choice([-1, 1], (3, 8)), allow_repeats=True)
        cue, options = rng.choice([-1, 1], 8), {"neuron": hf.Sign(), "order": order}
        way = "steps", [1, 3, 4, 9, 16, 30], 0
        with engine.using(row):
            steps = outcome(m, cue, options, way, 1)
        with engine.using():
            plain = outcome(m, cue, options, way, 1)
        check_same(steps, plain)
        found |= set(steps[1][1:-3:4])
    assert {"", "fixed point"} < found


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("order", [hf.Sync(), hf.Sequential()])
def test_cycles_are_found_in_whole_recalls_too(row, size, order):
    rng, found = np.random.default_rng(1), set()
    for k in range(60):
        xi = rng.choice([-1, 1], (3, 8))
        m = [hf.Couplings(rng.integers(-3, 4, (8, 8))), hf.hebb(xi, allow_repeats=True)][k % 2]
        if k % 3 == 0:
            m = hf.dense(xi, degree=3)
        cue, ends = rng.choice([-1, 1], (size, 8)), []
        for rows in ([row], []):
            with engine.using(*rows):
                network = m, cue, {"neuron": hf.Sign(), "order": order}, ("recall", [], 30)
                ends.append(outcome(*network, 1))
        check_same(*ends)
        found |= set(np.ravel(ends[0][0][-1].period))
    assert found > {1}


@pytest.mark.parametrize("row", ROWS)
def test_each_row_takes_something(row):
    rng, names = np.random.default_rng(1), set()
    xi = rng.choice([-1, 1], (140, 300))
    memories = hf.hebb(xi), hf.dense(xi), hf.hebb(xi).dense()
    for m, order in product(memories, (hf.Shuffled(), hf.Sync())):
        with engine.using(row):
            names.add(hf.Run(m, rng.choice([-1, 1], (40, 300)), order=order).session.name)
    assert names > {"plain"}


class Threshold(hf.Sign):
    """High above a threshold other than 0."""

    bounds = ((0.25, 0),)


@pytest.mark.parametrize("row", ROWS)
@settings(max_examples=60)
@given(
    theta=st.one_of(st.integers(-9, 9).map(lambda k: k / 20), st.floats(-1e50, 1e50)),
    tie=st.sampled_from([-1, 0, 1]),
    order=st.sampled_from([hf.Shuffled(), hf.Sync(), hf.Random()]),
)
def test_any_threshold_is_kept_alike(row, theta, tie, order):
    xi, ends = hf.random_patterns(4, 20, rng=1), []
    for memory in (hf.hebb(xi), hf.hebb(xi).dense(), hf.dense(xi)):
        neuron = type("Other", (Threshold,), {"bounds": ((theta, tie),)})()
        way = "recall", [], 20
        for rows in ([row], []):
            with engine.using(*rows):
                ends.append(outcome(memory, xi[:3], {"neuron": neuron, "order": order}, way, 2))
        check_same(ends[-2], ends[-1])


def test_a_row_that_breaks_ties_otherwise_is_noticed(monkeypatch):
    """The control: the same comparison, with one rule changed."""

    def otherwise(form, rule, schedule, states):
        return right.open(form, rule._replace(tie=1), schedule, states)

    right = next(row for row in engine.ENGINES if row.name == "fallback")
    wrong = engine.Engine("wrong", right.takes, otherwise)
    monkeypatch.setattr(engine, "ENGINES", (*engine.ENGINES, wrong))
    m, cues = hf.hebb(hf.random_patterns(2, 9, rng=1)), hf.random_patterns(50, 9, rng=2)
    network = m, cues, {"neuron": hf.Sign(), "order": hf.Sequential()}, ("recall", [], 20), 1
    ends = []
    for rows in (["fallback"], ["wrong"], []):
        with engine.using(*rows):
            ends.append(outcome(*network))
    check_same(ends[0], ends[2])
    with pytest.raises(AssertionError):
        check_same(ends[1], ends[2])


# ---- neurons of q states ---------------------------------------------------------------------


@st.composite
def potts_networks(draw):
    """Draw a network of neurons of q states, its cues, and how it is run."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    q, size = draw(st.sampled_from([2, 3, 5, 9])), draw(st.sampled_from([0, 0, 1, 2, 7, 33]))
    n = q * draw(st.sampled_from([2, 3, 8, 17, 40]))
    kind = draw(st.sampled_from(["potts", "colours", *COUPLINGS, "hebb of 0/1"]))
    if kind == "potts":
        m = hf.models.potts(rng.integers(q, size=(rng.choice([1, 3, 9]), n // q)), q)
    elif kind == "colours":
        graph = np.triu(rng.random((n // q, n // q)) < 0.3, 1)
        m = hf.optimise.colouring((graph | graph.T).astype(int), q)
    else:
        m = memory(rng, n, kind)
    m = wrapped(rng, m, draw(st.sampled_from(["", "", "* 2", "* 0.3", "* -1", "+ bias"])))
    T = draw(st.sampled_from([0.0, 0.0, 0.01, 0.5, 4.0]))
    neuron = draw(st.sampled_from([hf.Potts(q, T), hf.Anneal([2 * T, T, T / 3, 0], hf.Potts(q))]))
    orders = hf.Shuffled(), hf.Random(), hf.Sequential(), hf.Sequential(rng.permutation(n // q))
    order = draw(st.sampled_from([*orders, hf.Sync()]))
    cue = hf.models.one_hot(rng.integers(draw(st.integers(-1, 0)), q, (size or 1, n // q)), q)
    if draw(st.integers(0, 4)) == 0:
        cue = np.where(rng.random(cue.shape) < 0.1, draw(st.sampled_from([0, 1, 0.5])), cue)
    cue = cue if size else cue[0]
    how = draw(st.sampled_from(["recall", "recall", "updates", "steps", "recorded"]))
    moves = draw(st.lists(st.integers(0, n), min_size=1, max_size=3))
    options = {"neuron": neuron, "order": order}
    way = how, moves, draw(st.sampled_from([0, 1, 2, 10]))
    return m, cue, options, way, draw(st.integers(0, 2**32)), kind


@settings(max_examples=100)
@given(network=potts_networks())
def test_neurons_of_q_states_run_as_the_plain_loop_does(network):
    *network, kind = network
    before = network[1].copy()
    found = outcome(*network)
    assert np.array_equal(network[1], before)
    with engine.using():
        plain = outcome(*network)
    check_same(found, plain, "real" in kind)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_neurons_of_q_states_run_alike_on_any_number_of_threads(count):
    rng = np.random.default_rng(1)
    m, cues = hf.models.potts(rng.integers(3, size=(9, 90)), 3), rng.integers(3, size=(40, 90))
    for neuron in (hf.Potts(3), hf.Potts(3, T=0.3)):
        network = m, hf.models.one_hot(cues, 3), {"neuron": neuron, "order": hf.Shuffled()}
        before = hf.threads()
        hf.threads(count)
        try:
            found = outcome(*network, ("recall", [], 30), 1)
        finally:
            hf.threads(before)
        with engine.using():
            plain = outcome(*network, ("recall", [], 30), 1)
        assert "matrix" in found[0][0].kernel
        check_same(found, plain)


class Slow(hf.Potts):
    """Draws otherwise: no kernel knows how."""

    def draw(self, rng, shape):
        return 2 * super().draw(rng, shape)


def test_a_neuron_of_q_states_that_draws_otherwise_is_asked_itself():
    m, cue = hf.models.potts([[0, 1, 2, 0]] * 2, 3), hf.models.one_hot([0, 1, 2, 1], 3)
    assert hf.recall(m, cue, neuron=hf.Potts(3, T=1.0), sweeps=3, rng=1).kernel == "matrix"
    assert hf.recall(m, cue, neuron=Slow(3, T=1.0), sweeps=3, rng=1).kernel == "plain"


# ---- an oracle in exact rationals ------------------------------------------------------------


class Oracle:
    """A network in exact rationals: one cue, neurons that draw nothing, and orders that are fixed.

    The field is weight * numerator / divisor + bias; each of the three is rounded to float64 as
    it is written, of an exact numerator.
    """

    def __init__(self, w, divisor, weight=1.0, bias=None, tie="keep"):
        self.w, self.divisor, self.weight = w, divisor, weight
        self.bias = np.zeros(len(w)) if bias is None else bias
        self.tie = tie

    def field(self, w, s, i):
        numerator = sum((x * y for x, y in zip(w[i], s, strict=True)), Fraction(0))
        assert Fraction(float(numerator)) == numerator  # it needs no rounding
        return self.weight * float(numerator) / self.divisor + float(self.bias[i])

    def answer(self, h, s):
        if h:
            return Fraction(1 if h > 0 else -1)
        if self.tie != "keep":
            return Fraction(1 if self.tie == "up" else -1)
        return Fraction((s > 0) - (s < 0))

    def run(self, cue, moves, sweeps):
        """Return the last state, the sweeps made, and the period."""
        s = [Fraction(x) for x in cue.tolist()]
        full = [[Fraction(x) for x in row] for row in self.w.tolist()]
        rough = [[Fraction(x) for x in row] for row in exact.coarse(self.w).tolist()]
        kept, at, w = list(s), 0, full
        if any(x not in (-1, 0, 1) for x in s):
            w = rough
        for now in range(1, sweeps + 1):
            before = list(s)
            for sites in moves:
                new = [self.answer(self.field(w, s, i), s[i]) for i in sites]
                for i, x in zip(sites, new, strict=True):
                    s[i] = x
            w = full  # all neurons have moved: none holds evidence
            if s == before:
                return s, now, 1
            if s == kept:
                return s, now, now - at
            if now == max(1, 2 * at):
                kept, at = list(s), now
        still = all(self.answer(self.field(w, s, i), s[i]) == s[i] for i in range(len(s)))
        return s, sweeps, int(still)


@st.composite
def small(draw):
    """Draw couplings, a bias, evidence or states, and a fixed order."""
    n, kind = draw(st.integers(2, 7)), draw(st.sampled_from(["whole", "tenths", "real", "hebb"]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    if kind == "hebb":
        m = hf.hebb(rng.choice([-1, 1], (draw(st.integers(1, 4)), n)), allow_repeats=True)
        w, divisor = m.dense()._w.astype(np.float64), m.divisor
    else:
        w = {"whole": rng.integers(-3, 4, (n, n)), "tenths": rng.integers(-9, 10, (n, n)) / 10}.get(
            kind, rng.normal(size=(n, n)) * 10.0 ** rng.integers(-9, 9)
        )
        w = np.tril(w) + np.tril(w, -1).T if draw(st.booleans()) else w
        divisor = float(draw(st.sampled_from([1, 3, 7, 0.1])))
        m = hf.Couplings(w, divisor=divisor, self_coupling=draw(st.booleans()))
        w = m._w
    weight, bias = 1.0, None
    if draw(st.booleans()):
        weight = draw(st.sampled_from([2.0, 0.3, -1.0, -0.7]))
        m = weight * m
    if draw(st.booleans()):
        bias = rng.choice([-1, -0.5, -0.1, 0, 0.1, 0.3, 1], n)
        m = m + hf.Bias(bias)
    cues = {
        "states": rng.choice([-1, 1], n) * 1.0,
        "unknown": rng.choice([-1, 0, 1], n) * 1.0,
        "tenths": rng.integers(-20, 21, n) / 10,
        "real": rng.normal(size=n) * 10.0 ** rng.integers(-2, 4),
    }
    cue = cues[draw(st.sampled_from(list(cues)))]
    sites = rng.permutation(n)
    cut = draw(st.integers(1, n - 1))
    order, moves = draw(
        st.sampled_from(
            [
                (hf.Sequential(), [[i] for i in range(n)]),
                (hf.Sequential(sites), [[i] for i in sites.tolist()]),
                (hf.Sync(), [list(range(n))]),
                (hf.Blocks(sites[:cut], sites[cut:]), [sites[:cut].tolist(), sites[cut:].tolist()]),
            ]
        )
    )
    tie = draw(st.sampled_from(["keep", "up", "down"]))
    return m, Oracle(w, divisor, weight, bias, tie), cue, order, moves


def check_against_the_oracle(m, oracle, cue, order, moves, sweeps, low=-1.0, high=1.0):
    neuron = hf.Sign(low, high, tie=oracle.tie)
    legal = np.isin(cue, [-1, 0, 1])
    inside = np.where(legal, cue, exact.evidence(cue))
    s, made, period = oracle.run(inside, moves, sweeps)
    expected = [{-1: low, 0: (low + high) / 2, 1: high}.get(x, x) for x in s]
    given_cue = np.where(cue == -1, low, np.where(cue == 1, high, (low + high) / 2))
    given_cue = cue if (low, high) == (-1, 1) else given_cue
    for rows in ([], ROWS):
        with engine.using(*rows):
            r = hf.recall(m, given_cue, neuron=neuron, order=order, sweeps=sweeps)
        assert r.state.tolist() == [float(x) for x in expected]
        assert (r.sweeps, r.period) == (made, period)


@settings(max_examples=500)
@given(network=small(), sweeps=st.integers(0, 12))
def test_recall_is_what_exact_rationals_give(network, sweeps):
    check_against_the_oracle(*network, sweeps)


@settings(max_examples=300)
@given(
    network=small(),
    sweeps=st.integers(0, 12),
    states=st.sampled_from([(-0.1, 0.1), (0.1, 0.9), (-0.3, 1), (0, 1), (-1.1, 1.1)]),
)
def test_states_that_are_no_binary_fractions(network, sweeps, states):
    """They stand for -1 and +1 times half, about their middle, whose field is a bias."""
    m, oracle, cue, order, moves = network
    cue, (low, high) = np.sign(cue), states
    if oracle.weight != 1 or oracle.bias.any():
        return
    one, full = [Fraction(1)] * m.n, [[Fraction(x) for x in row] for row in oracle.w.tolist()]
    middle, half = (low + high) / 2, (high - low) / 2
    oracle.bias = middle * np.array([oracle.field(full, one, i) for i in range(m.n)])
    oracle.weight = half
    check_against_the_oracle(m, oracle, cue, order, moves, sweeps, low, high)


def test_evidence_on_real_couplings():
    m = hf.Couplings(-0.3 * (1 - np.eye(3)))
    for rows in ([], ROWS):
        with engine.using(*rows):
            r = hf.recall(m, [-1.1, -0.2, 0.9], order=hf.Sequential())
        assert r.state.tolist() == [-1, 1, 1]
