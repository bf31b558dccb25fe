"""scikit-learn's own suite for estimators, and what its users do with ours."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import hopfield as hf
from hopfield.sklearn import HopfieldClassifier, HopfieldImputer, HopfieldMemory, Thermometer

ESTIMATORS = [
    Thermometer(),
    Thermometer(levels=3, strategy="uniform"),
    Thermometer(strategy="otsu"),
    HopfieldMemory(),
    HopfieldMemory("dense", levels=3),
    HopfieldMemory("modern", levels=None),
    HopfieldClassifier(),
    HopfieldClassifier("modern", levels=None, copies=2),
    HopfieldImputer(),
    HopfieldImputer("hebb"),
]


@parametrize_with_checks(ESTIMATORS)
@pytest.mark.filterwarnings("default")
def test_the_suite_for_estimators(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def digits():
    X, y = load_digits(return_X_y=True)
    return train_test_split(X, y, random_state=0)


def test_what_is_stored_is_recalled_from_a_part_of_it(digits):
    X = digits[0][:3]
    memory = HopfieldMemory("pseudo_inverse").fit(X)
    assert np.array_equal(memory.transform(X), memory.patterns_)
    cue = X.copy()
    cue[:, 56:] = 0  # the last row of each picture
    assert np.array_equal(memory.transform(cue), memory.patterns_)
    assert np.array_equal(
        memory.inverse_transform(memory.transform(cue)), memory.inverse_transform(memory.patterns_)
    )
    assert np.array_equal(memory.score_samples(X), -memory.memory_.energy(memory.patterns_))


@pytest.mark.parametrize("rule", ["hebb", "storkey"])
def test_parts_one_after_the_other_are_learnt_as_the_whole(digits, rule):
    X = digits[0][:9]
    parts = HopfieldMemory(rule).partial_fit(X)
    parts.partial_fit(digits[1][:7]).partial_fit(X)  # and what is known already is not learnt again
    both = HopfieldMemory(rule)
    both.partial_fit(X)
    encoder = both.encoder_
    rows = encoder.transform(np.vstack([X, digits[1][:7]]))
    whole = getattr(hf.learning, rule)(rows)
    assert np.allclose(parts.memory_.field(rows), whole.field(rows), atol=1e-12)
    assert len(parts.patterns_) == 16


def test_a_rule_that_cannot_add_has_no_partial_fit():
    assert not hasattr(HopfieldMemory("pseudo_inverse"), "partial_fit") or (
        hf.learning.RULES["pseudo_inverse"].add is not None
    )
    assert not hasattr(HopfieldMemory("adatron"), "partial_fit")
    assert not hasattr(HopfieldMemory("modern"), "partial_fit")


def test_chance_comes_from_the_random_state_alone(digits):
    X = digits[0][:4]
    shuffled = HopfieldMemory(order=hf.Shuffled(), neuron=hf.HeatBath(0.5), sweeps=3)
    states = [
        shuffled.set_params(random_state=seed).fit(X).transform(X)
        for seed in (3, 3, 4, np.random.RandomState(5), np.random.RandomState(5))
    ]
    assert np.array_equal(states[0], states[1])
    assert np.array_equal(states[3], states[4])
    assert not np.array_equal(states[0], states[2])


def test_the_class_is_where_a_clamped_potts_neuron_would_end(digits):
    X, Z, y, _ = digits
    model = HopfieldClassifier("hebb", levels=2).fit(X[:60], y[:60])
    states = model.encoder_.transform(Z[:20])
    energies = [
        [model.memory_.energy(np.append(s, label)) for label in model.labels_] for s in states
    ]
    assert np.array_equal(model.predict(Z[:20]), model.classes_[np.argmin(energies, axis=1)])
    weights = np.exp(-np.array(energies) + np.min(energies))
    assert np.allclose(model.predict_proba(Z[:20]), weights / weights.sum(axis=1, keepdims=True))


def test_digits_are_told_apart(digits):
    X, Z, y, v = digits
    assert HopfieldClassifier().fit(X, y).score(Z, v) > 0.95
    assert HopfieldClassifier("hebb").fit(X, y).score(Z, v) > 0.7


def test_gaps_are_filled_better_than_by_the_mean_and_by_neighbours(digits):
    X, Z, *_ = digits
    gaps = np.random.default_rng(0).random(Z.shape) < 0.5
    holes = np.where(gaps, np.nan, Z)

    def error(imputer, n=len(Z)):
        filled = imputer.fit(X).transform(holes[:n])
        assert np.array_equal(filled[~gaps[:n]], Z[:n][~gaps[:n]])
        return np.sqrt(((filled - Z[:n])[gaps[:n]] ** 2).mean())

    ours, neighbours, mean = map(error, (HopfieldImputer(), KNNImputer(), SimpleImputer()))
    assert ours < neighbours < mean
    assert error(HopfieldImputer("dense", levels=2), 40) < mean


def test_a_gap_in_what_is_stored_is_read_from_those_who_know_it():
    X = [[0.0, np.nan, 1.0], [0.1, 5.0, 1.0], [9.0, 2.0, 8.0], [np.nan, np.nan, np.nan]]
    filled = HopfieldImputer(beta=50).fit_transform(X)
    assert filled[0, 1] == pytest.approx(5.0)
    assert np.allclose(filled[3], [9.1 / 3, 3.5, 10 / 3])
    nobody = HopfieldImputer().fit([[1.0, np.nan], [3.0, np.nan]])
    assert np.array_equal(nobody.transform([[1.0, np.nan]]), [[1.0, 0.0]])
    with pytest.raises(ValueError, match="X must have a sample in which nothing is NaN"):
        HopfieldImputer("hebb").fit([[1.0, np.nan], [np.nan, 3.0]])


def test_a_pipeline_a_search_and_a_score_go_through(digits):
    X, _, y, _ = digits
    pipeline = make_pipeline(HopfieldMemory("dense", sweeps=1), RidgeClassifier())
    assert cross_val_score(pipeline, X[:300], y[:300], cv=3).mean() > 0.7
    search = GridSearchCV(
        HopfieldClassifier(), {"options": [{"degree": 2}, {"degree": 20}], "levels": [1, 4]}, cv=3
    ).fit(X[:300], y[:300])
    assert search.best_params_["options"] == {"degree": 20}


@pytest.mark.parametrize(("kind", "frame"), [("pandas", pd.DataFrame), ("polars", pl.DataFrame)])
def test_frames_go_in_and_come_out(kind, frame):
    X = frame({"a": [0.0, 6.0, 5.0], "b": [5.0, 1.0, 1.0]})
    memory = HopfieldMemory(levels=2).set_output(transform=kind).fit(X)
    out = memory.transform(X)
    assert isinstance(out, frame)
    assert list(out.columns) == [*memory.get_feature_names_out()]
    assert next(iter(out.columns)).startswith("a>")
    gaps = frame({"a": [0.0, None], "b": [None, 1.0]})
    filled = HopfieldImputer().set_output(transform=kind).fit(X).transform(gaps)
    assert list(filled.columns) == ["a", "b"]
    assert np.asarray(filled)[0, 0] == 0.0


def test_a_code_gives_back_what_it_was_learnt_from():
    code = Thermometer(levels=5)
    X = np.random.default_rng(1).integers(6, size=(200, 3)).astype(float)
    uniform = Thermometer(levels=5, strategy="uniform").fit(X - 0.5)
    assert np.array_equal(uniform.inverse_transform(uniform.transform(X - 0.5)), X - 0.5)
    near = code.fit(X).inverse_transform(code.transform(X))
    assert np.abs(near - X).max() <= 1
    lumps = np.r_[np.full(50, 2.0), np.full(3, 9.0)][:, None]
    assert Thermometer(strategy="otsu").fit(lumps).thresholds_ == 5.5


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda X: HopfieldMemory("hebbian").fit(X), "'rule' parameter of HopfieldMemory"),
        (lambda X: HopfieldMemory(levels=0).fit(X), "'levels' parameter of HopfieldMemory"),
        (lambda X: HopfieldClassifier(temperature=0).fit(X, [0, 1]), "'temperature' parameter"),
        (lambda X: Thermometer(levels=2, strategy="otsu").fit(X), "levels must be 1"),
        (lambda X: HopfieldMemory().fit([[1.0], [2.0]]), "give levels=2"),
        (lambda X: HopfieldMemory("modern", {"beta": -1}, None).fit(X), "beta must be above 0"),
        (lambda X: HopfieldMemory().fit(X).transform([[1.0]]), "X has 1 features"),
        (lambda X: Thermometer().fit(X).inverse_transform([[1.0]]), "X must have 3 columns"),
    ],
)
def test_bad_input_is_said_in_the_hosts_words_or_ours(call, said):
    with pytest.raises(ValueError, match=said):
        call([[1.0, 5.0, 2.0], [2.0, 3.0, 9.0]])


@pytest.mark.parametrize(
    "call", ["transform", "inverse_transform", "score_samples", "get_feature_names_out"]
)
def test_what_is_not_fitted_says_so(call):
    with pytest.raises(NotFittedError, match="This HopfieldMemory instance is not fitted yet"):
        getattr(HopfieldMemory(), call)([[1.0, 2.0]])


def test_scaled_features_make_a_memory_in_a_pipeline(digits):
    pipeline = make_pipeline(StandardScaler(), HopfieldMemory()).fit(digits[0][:3])
    assert pipeline.transform(digits[0][:3]).shape == (3, 64)


def test_the_package_does_not_load_scikit_learn():
    code = "import hopfield as hf, sys; hf.hebb, hf.plots; assert 'sklearn' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_scikit_learn_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.base", None)
    monkeypatch.delitem(sys.modules, "hopfield.sklearn", raising=False)
    with pytest.raises(ImportError, match="install the extra 'learn' of hopfield"):
        import hopfield.sklearn  # noqa: F401
