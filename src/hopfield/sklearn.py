"""Associative memory as scikit-learn has its estimators: fit, transform, predict.

Each takes a rule or a model by its name, and the options of that by their names. What comes out
does not depend on chance unless an order or a neuron that draws is asked for: neurons are visited
in turn, so that a part of the samples gives what the whole gives.

Examples
--------
>>> from sklearn.pipeline import make_pipeline
>>> from sklearn.preprocessing import StandardScaler
>>> X = [[0.0, 5.0, 1.0, 9.0], [6.0, 1.0, 8.0, 9.0]]
>>> memory = make_pipeline(StandardScaler(), HopfieldMemory()).fit(X)
>>> memory.transform([[0.0, 5.0, 1.0, 1.0]])
array([[-1.,  1., -1., -1.]])
"""

from __future__ import annotations

from inspect import signature
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np

from .base.checks import Array, Floats, missing
from .core.neurons import Neuron
from .core.orders import Order, Sequential, Sync
from .core.recall import recall
from .io.pictures import otsu
from .learning import RULES, learn
from .models import MODELS
from .models.attention import ATTENTION

try:
    from sklearn.base import (
        BaseEstimator,
        ClassifierMixin,
        OneToOneFeatureMixin,
        TransformerMixin,
        _fit_context,
    )
    from sklearn.preprocessing import FunctionTransformer
    from sklearn.utils import check_random_state
    from sklearn.utils._param_validation import Interval, StrOptions
    from sklearn.utils.metaestimators import available_if
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import (
        _check_feature_names_in,
        check_is_fitted,
        validate_data,
    )
except ImportError as error:
    raise missing("hopfield.sklearn needs scikit-learn 1.6 or newer", "learn") from error

__all__ = ["HopfieldClassifier", "HopfieldImputer", "HopfieldMemory", "Thermometer"]
__dir__ = __all__.copy

_NAMES = [*RULES, *(n for n, m in MODELS.items() if "patterns" in signature(m.make).parameters)]
_OPTIONS = {"dense": {"degree": 20}}  # near samples count: with less, the common ones win
_SYNC = Sync()
_AT_ONCE = 2**22  # values of the states whose energies are asked for together


class Thermometer(TransformerMixin, BaseEstimator):
    """Encode each feature as neurons of -1 and +1: one for each threshold that it exceeds.

    With one threshold a feature is one neuron; with more, near values differ in few neurons.

    Parameters
    ----------
    levels : int
        Thresholds a feature.
    strategy : {"quantile", "uniform", "otsu"}
        Thresholds that part the training values into equal counts, or their range into equal
        parts; or the one that leaves the least variance on its two sides (Otsu 1979,
        doi:10.1109/TSMC.1979.4310076).

    Attributes
    ----------
    thresholds_ : ndarray of shape (n_features, levels)
        Rising.
    values_ : ndarray of shape (n_features, levels + 1)
        The mean training value between two thresholds: what `inverse_transform` gives.
    n_features_in_ : int
    feature_names_in_ : ndarray of str, where X had names

    Examples
    --------
    >>> code = Thermometer(levels=2).fit([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]])
    >>> code.transform([[0.5], [2.5], [9.0]])
    array([[-1., -1.],
           [ 1., -1.],
           [ 1.,  1.]])
    >>> code.inverse_transform([[1.0, -1.0]])
    array([[2.5]])
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        "levels": [Interval(Integral, 1, None, closed="left")],
        "strategy": [StrOptions({"quantile", "uniform", "otsu"})],
    }

    def __init__(self, levels: int = 1, strategy: str = "quantile") -> None:
        self.levels = levels
        self.strategy = strategy

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> Thermometer:
        """Learn the thresholds from X of shape (n_samples, n_features); NaN is not known."""
        if self.strategy == "otsu" and self.levels != 1:
            raise ValueError(f"levels must be 1 for the strategy otsu, not {self.levels}")
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        shares = np.arange(1, self.levels + 1) / (self.levels + 1)
        thresholds, values = [], []
        for known in (column[~np.isnan(column)] for column in X.T):
            if not known.size:
                known = np.zeros(1)  # of a feature of which nothing is known
            if self.strategy == "quantile":
                at = np.quantile(known, shares)
            elif self.strategy == "uniform":
                at = known.min() + shares * np.ptp(known)
            else:
                at = np.array([otsu(known)])
            bins = (known[:, None] > at).sum(axis=1)
            counts = np.bincount(bins, minlength=self.levels + 1)
            means = np.bincount(bins, known, minlength=self.levels + 1) / np.maximum(counts, 1)
            thresholds.append(at)
            values.append(np.where(counts, means, np.append(at, at[-1])))
        self.thresholds_, self.values_ = np.array(thresholds), np.array(values)
        return self

    def transform(self, X: Any) -> Floats:
        """Return -1/+1 of shape (n_samples, n_features * levels), and 0 where X is NaN."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        signs = np.where(X[..., None] > self.thresholds_, 1.0, -1.0)
        signs[np.isnan(X)] = 0.0
        return np.asarray(signs.reshape(len(X), -1))

    def inverse_transform(self, X: Any) -> Floats:
        """Return for states (n_samples, n_features * levels) the values that they stand for."""
        check_is_fitted(self)
        states = np.asarray(X, dtype=np.float64)
        features, levels = self.thresholds_.shape
        if states.ndim != 2 or states.shape[1] != features * levels:
            raise ValueError(
                f"X must have {features * levels} columns; its shape is {states.shape}"
            )
        bins = (states.reshape(len(states), features, levels) > 0).sum(axis=2)
        return np.asarray(self.values_[np.arange(features), bins])

    def get_feature_names_out(self, input_features: Any = None) -> Array:
        """Return a name for each neuron: "x0>0.5"."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        return np.array(
            [
                f"{name}>{t:.6g}"
                for name, row in zip(names, self.thresholds_, strict=True)
                for t in row
            ],
            dtype=object,
        )

    def __sklearn_tags__(self) -> Any:
        """Return what scikit-learn may expect: NaN is taken."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


class _Associative(BaseEstimator):
    """What the estimators below share: patterns of features, learnt by a rule or a model."""

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        "rule": [StrOptions(set(_NAMES))],
        "options": [dict, None],
        "levels": [Interval(Integral, 1, None, closed="left"), None],
        "strategy": [StrOptions({"quantile", "uniform", "otsu"})],
    }

    def _learn(self, X: Floats, *more: Floats) -> None:
        """Learn the code of features, and their patterns with more neurons, each pattern once."""
        as_it_is = FunctionTransformer(feature_names_out="one-to-one")
        encoder = as_it_is if self.levels is None else Thermometer(self.levels, self.strategy)
        self.encoder_ = encoder.fit(X)
        self.patterns_ = _once(np.hstack([encoder.transform(X), *more]))
        if self.patterns_.shape[1] < 2:
            raise ValueError(
                "X must make two neurons or more: 1 feature(s) of one level make one; give levels=2"
            )
        make = RULES[self.rule].learn if self.rule in RULES else MODELS[self.rule].make
        options = _OPTIONS.get(self.rule, {}) if self.options is None else self.options
        self.memory_ = make(self.patterns_, **options)

    def _states(self, X: Any) -> Floats:
        """Return the states (n_samples, n_neurons) of new features."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return np.asarray(self.encoder_.transform(X))

    def _recalled(self, states: Floats, **options: Any) -> Floats:
        """Return what is recalled from states; neurons move in turn, unless all move at once."""
        order = _SYNC if self.memory_.order == _SYNC else Sequential()
        options["order"] = options.get("order") or order
        found = recall(self.memory_, states, sweeps=self.sweeps, **options)
        return np.asarray(found.state, dtype=np.float64)


def _once(rows: Floats) -> Floats:
    """Return each row once, where it first stands."""
    return rows[np.sort(np.unique(rows, axis=0, return_index=True)[1])]


class HopfieldMemory(TransformerMixin, _Associative):
    """Store samples as patterns; transform new ones into what the network recalls from them.

    Parameters
    ----------
    rule : str
        A learning rule of `hopfield.learning`, or a model of `hopfield.models` made of patterns.
    options : dict, optional
        What the rule or the model takes besides; by default ``{"degree": 20}`` for dense.
    levels, strategy
        How features become neurons, as `Thermometer` has it; ``levels=None`` leaves them as
        they are, for ``rule="modern"``.
    neuron : Neuron, optional
        By default what the memory is written for, mostly `Sign()`.
    order : Order, optional
        By default `Sequential()`, or `Sync()` where the memory is written for it.
    sweeps : int
        Stop after so many at the latest.
    random_state : int, numpy.random.RandomState or None
        Seed, for neurons and orders that draw.

    Attributes
    ----------
    memory_ : Memory
        What was learnt; all of hopfield takes it.
    patterns_ : ndarray of shape (n_patterns, n_neurons)
        The samples as states, each once.
    encoder_ : Thermometer or FunctionTransformer
    n_features_in_ : int
    feature_names_in_ : ndarray of str, where X had names

    Examples
    --------
    >>> X = [[0.0, 5.0, 1.0, 9.0], [6.0, 1.0, 8.0, 2.0]]
    >>> memory = HopfieldMemory().fit(X)
    >>> recalled = memory.transform([[0.0, 5.0, 1.0, 2.0]])
    >>> memory.inverse_transform(recalled)
    array([[0., 5., 1., 9.]])
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **_Associative._parameter_constraints,
        "neuron": "no_validation",  # `recall` looks at them
        "order": "no_validation",
        "sweeps": [Interval(Integral, 0, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        rule: str = "hebb",
        options: dict[str, Any] | None = None,
        levels: int | None = 1,
        strategy: str = "quantile",
        neuron: Neuron | None = None,
        order: Order | None = None,
        sweeps: int = 100,
        random_state: Any = None,
    ) -> None:
        self.rule = rule
        self.options = options
        self.levels = levels
        self.strategy = strategy
        self.neuron = neuron
        self.order = order
        self.sweeps = sweeps
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> HopfieldMemory:
        """Store the samples X of shape (n_samples, n_features)."""
        self._learn(validate_data(self, X, dtype=np.float64))
        return self

    @available_if(lambda self: self.rule in RULES and RULES[self.rule].add is not None)
    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Any, y: Any = None) -> HopfieldMemory:
        """Store more samples, in the code of those of the first call."""
        if not hasattr(self, "memory_"):
            self._learn(validate_data(self, X, dtype=np.float64))
            return self
        known = len(self.patterns_)
        self.patterns_ = _once(np.vstack([self.patterns_, self._states(X)]))
        if len(self.patterns_) > known:
            self.memory_ = learn(self.memory_, self.patterns_[known:], self.rule)
        return self

    def transform(self, X: Any) -> Floats:
        """Return the states (n_samples, n_neurons) that are recalled from X."""
        rng = self.random_state
        if rng is not None and not isinstance(rng, Integral):
            rng = check_random_state(rng).randint(2**31)
        return self._recalled(self._states(X), neuron=self.neuron, order=self.order, rng=rng)

    def inverse_transform(self, X: Any) -> Floats:
        """Return the features (n_samples, n_features) that states stand for."""
        check_is_fitted(self)
        return np.asarray(self.encoder_.inverse_transform(X))

    def score_samples(self, X: Any) -> Floats:
        """Return minus the energy of each sample: high where it is like what is stored."""
        states = self._states(X)  # which says so where nothing is fitted
        return -np.asarray(self.memory_.energy(states))

    def get_feature_names_out(self, input_features: Any = None) -> Array:
        """Return a name for each neuron."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        return np.asarray(self.encoder_.get_feature_names_out(names))


class HopfieldClassifier(ClassifierMixin, _Associative):
    """Store samples with label neurons, and read the label of new ones from the memory.

    With the features held, the class is that whose label neurons have the least energy: where a
    recall of one neuron of as many states as there are classes ends. Its heat bath at
    ``temperature`` gives the probabilities, exp(-E / T) over the classes.

    Parameters
    ----------
    rule : str
        A learning rule of `hopfield.learning` or a model of `hopfield.models` with an energy.
    options : dict, optional
        What the rule or the model takes besides; by default ``{"degree": 20}`` for dense.
    levels, strategy
        How features become neurons, as `Thermometer` has it; ``levels=None`` leaves them as
        they are, for ``rule="modern"``.
    copies : int
        Label neurons a class.
    temperature : float
        Of the heat bath, in the units of the memory's energy.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    labels_ : ndarray of shape (n_classes, n_classes * copies)
        The states of the label neurons, which stand after those of the features.
    memory_, patterns_, encoder_, n_features_in_, feature_names_in_
        As of `HopfieldMemory`.

    References
    ----------
    Krotov & Hopfield 2016, arXiv:1606.01164, section 4.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> X, y = load_digits(return_X_y=True)
    >>> digits = HopfieldClassifier().fit(X[:1000], y[:1000])
    >>> round(digits.score(X[1000:], y[1000:]), 2)
    0.93
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **_Associative._parameter_constraints,
        "copies": [Interval(Integral, 1, None, closed="left")],
        "temperature": [Interval(Real, 0, None, closed="neither")],
    }

    def __init__(
        self,
        rule: str = "dense",
        options: dict[str, Any] | None = None,
        levels: int | None = 4,
        strategy: str = "quantile",
        copies: int = 1,
        temperature: float = 1.0,
    ) -> None:
        self.rule = rule
        self.options = options
        self.levels = levels
        self.strategy = strategy
        self.copies = copies
        self.temperature = temperature

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any) -> HopfieldClassifier:
        """Store the samples X of shape (n_samples, n_features) with their classes y."""
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        self.labels_ = np.repeat(2.0 * np.eye(len(self.classes_)) - 1, self.copies, axis=1)
        self._learn(X, self.labels_[codes])
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Return the probability of each class, of shape (n_samples, n_classes)."""
        states = self._states(X)
        energies = np.empty((len(states), len(self.classes_)))
        size = max(1, _AT_ONCE // (self.patterns_.shape[1] * len(self.classes_)))
        for first in range(0, len(states), size):
            block = states[first : first + size]
            each = np.repeat(block, len(self.labels_), axis=0)
            whole = np.hstack([each, np.tile(self.labels_, (len(block), 1))])
            energies[first : first + size] = np.reshape(
                self.memory_.energy(whole), (len(block), -1)
            )
        above = energies - energies.min(axis=1, keepdims=True)
        weights = np.exp(-above / float(self.temperature))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def predict(self, X: Any) -> Array:
        """Return the class of each sample, the most probable one."""
        check_is_fitted(self)
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])


class HopfieldImputer(OneToOneFeatureMixin, TransformerMixin, _Associative):
    """Fill in what is NaN from what is known, held while the memory answers.

    By attention, the samples themselves are the patterns, and each gap is read as the mean of those
    that know it, weighted by softmax(-beta d / 2): d is the squared distance in the features known
    of both, in units of the features' mean variance. By a ``rule``, features are neurons of two
    states, those of known features are clamped, and the others settle.

    Parameters
    ----------
    rule : str, optional
        A learning rule of `hopfield.learning`, or a model of `hopfield.models` made of patterns;
        it stores the samples in which nothing is missing. None is attention.
    options : dict, optional
        What the rule or the model takes besides; by default ``{"degree": 20}`` for dense.
    levels, strategy
        How a rule's features become neurons, as `Thermometer` has it.
    beta : float
        Of attention: how much nearer samples count than others. Features of different units are
        to be scaled before.
    sweeps : int
        A rule's recall stops after so many at the latest.

    Attributes
    ----------
    patterns_ : ndarray of shape (n_patterns, n_features or n_neurons)
    variance_ : float
        Mean variance of the features, without a rule.
    memory_, encoder_ : with a rule, as of `HopfieldMemory`.
    n_features_in_, feature_names_in_

    References
    ----------
    Ramsauer et al. 2021, arXiv:2008.02217, eq. 3: one update, the unknown features left out.

    Examples
    --------
    >>> X = [[0.0, 5.0, 1.0], [6.0, 1.0, 8.0], [5.0, np.nan, 8.0]]
    >>> HopfieldImputer(beta=50).fit_transform(X)
    array([[0., 5., 1.],
           [6., 1., 8.],
           [5., 1., 8.]])
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **_Associative._parameter_constraints,
        "rule": [StrOptions(set(_NAMES)), None],
        "beta": [Interval(Real, 0, None, closed="neither")],
        "sweeps": [Interval(Integral, 0, None, closed="left")],
    }

    def __init__(
        self,
        rule: str | None = None,
        options: dict[str, Any] | None = None,
        levels: int = 4,
        strategy: str = "quantile",
        beta: float = 1.0,
        sweeps: int = 100,
    ) -> None:
        self.rule = rule
        self.options = options
        self.levels = levels
        self.strategy = strategy
        self.beta = beta
        self.sweeps = sweeps

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> HopfieldImputer:
        """Store the samples X of shape (n_samples, n_features)."""
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        whole = ~np.isnan(X).any(axis=1)
        if self.rule is None:
            self.patterns_ = X
            known = np.ma.masked_invalid(X)
            self.variance_ = float(np.ma.filled(known.var(axis=0).mean(), 0.0)) or 1.0
        elif whole.any():
            self._learn(X[whole])
        else:
            raise ValueError(
                "X must have a sample in which nothing is NaN: rules store those alone"
            )
        return self

    def transform(self, X: Any) -> Floats:
        """Return X of shape (n_samples, n_features) with a value in place of each NaN."""
        check_is_fitted(self)
        X = validate_data(
            self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False, copy=True
        )
        gaps = np.isnan(X)
        rows = np.flatnonzero(gaps.any(axis=1))
        size = max(1, _AT_ONCE // len(self.patterns_))
        fill = self._attended if self.rule is None else self._settled
        for part in (rows[first : first + size] for first in range(0, len(rows), size)):
            X[part] = np.where(gaps[part], fill(X[part], ~gaps[part]), X[part])
        return np.asarray(X)

    def _settled(self, X: Floats, known: Array) -> Floats:
        states = self.encoder_.transform(X)
        clamp = np.repeat(known, states.shape[1] // X.shape[1], axis=1)
        return np.asarray(self.encoder_.inverse_transform(self._recalled(states, clamp=clamp)))

    def _attended(self, X: Floats, known: Array) -> Floats:
        theirs = ~np.isnan(self.patterns_)
        values, cues = np.nan_to_num(self.patterns_), np.nan_to_num(X)
        squares = cues**2 @ theirs.T - 2 * cues @ values.T + known @ (values**2).T
        both = known.astype(float) @ theirs.T  # features known of the two
        d = squares * known.sum(axis=1, keepdims=True) / np.maximum(both, 1) / self.variance_
        scores = np.where(both > 0, -float(self.beta) / 2 * np.maximum(d, 0), -1e30)
        out = np.zeros(X.shape)
        kinds, which = np.unique(theirs, axis=1, return_inverse=True)
        for kind, donors in enumerate(kinds.T):
            at = np.flatnonzero(which.ravel() == kind)
            if donors.any():
                out[:, at] = (
                    ATTENTION["softmax"].read(scores[:, donors], None)[0]
                    @ values[np.ix_(donors, at)]
                )
        return out

    def __sklearn_tags__(self) -> Any:
        """Return what scikit-learn may expect: NaN is taken."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
