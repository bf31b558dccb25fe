"""Attention memories as PyTorch has its modules: with projections that are learnt, on any device.

`Hopfield` associates patterns of the input with each other, `HopfieldLayer` the input with patterns
that are learnt, `HopfieldPooling` a learnt question with the input. Their arguments are those that
users of hflayers know, and `attention`, `order`, `energy` and `recall` as the rest of hopfield has
them. Whoever gives neither sizes nor projections has `hopfield.modern` on tensors.

Examples
--------
>>> memory = Hopfield(scaling=4.0, update_steps_max=2, **PLAIN)
>>> stored = torch.tensor([[[1.0, 1.0, 1.0, 1.0], [1.0, -1.0, 1.0, -1.0]]])  # (1, 2, 4)
>>> cue = torch.tensor([[[1.0, 1.0, 1.0, 0.0]]])
>>> memory((stored, cue, stored)).round(decimals=3)
tensor([[[1., 1., 1., 1.]]])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from inspect import Parameter, Signature, signature
from typing import Any, ClassVar, NamedTuple

from .base.checks import choice, count, describe, flag, missing, number
from .models.attention import ATTENTION

try:
    import torch
    from torch import Tensor, nn
    from torch.nn import functional
except ImportError as error:
    raise missing("hopfield.torch needs PyTorch", "torch") from error

__all__ = ["Hopfield", "HopfieldLayer", "HopfieldPooling", "Options", "PLAIN", "Recalled"]
__dir__ = __all__.copy

_MOST = 10_000  # updates of a recall: where they are so many, rounding alone keeps a state moving
_SIZES = "input_size", "hidden_size", "output_size", "pattern_size"
_ROUNDING = 8  # units in the last place of its length by which a state at rest may move

PLAIN = {  # hopfield.modern: neither norms nor projections
    "normalize_stored_pattern": False,
    "normalize_state_pattern": False,
    "normalize_pattern_projection": False,
    "stored_pattern_as_static": True,
    "state_pattern_as_static": True,
    "pattern_projection_as_static": True,
    "disable_out_projection": True,
}


class Recalled(NamedTuple):
    """What a recall ends in, each of shape (batch, num_heads, states) and more where it says so.

    Attributes
    ----------
    state : Tensor of shape (batch, num_heads, states, hidden_size)
        In the Hopfield space, the stored patterns' own where these are static.
    energy : Tensor
    steps : Tensor of int64
        Updates until it was found at rest.
    fixed : Tensor of bool
        Whether it rests.
    """

    state: Tensor
    energy: Tensor
    steps: Tensor
    fixed: Tensor


@dataclass(frozen=True)
class Options:
    """What each of the modules takes by its name, beside its sizes.

    Attributes
    ----------
    attention : {"softmax", "sparsemax", "entmax", "normmax"}
        As `hopfield.modern` has it. Softmax goes through torch's own
        ``scaled_dot_product_attention``.
    order : float, optional
        Of entmax (1.5 by default) and normmax (2), above 1.
    update_steps_max : int, optional
        Updates of the state before the pattern projections are read, so that there are
        ``update_steps_max + 1`` steps in all: 0 is attention, and a memory that makes k steps has
        k - 1 here. None is until all states rest.
    update_steps_eps : float
        A state that moves by no more than this, or than rounding, is at rest and stays there.
    normalize_stored_pattern, normalize_state_pattern, normalize_pattern_projection : bool
        A ``LayerNorm`` before the projection; each has an ``_affine`` and an ``_eps``.
    normalize_hopfield_space : bool
        Another for states and stored patterns after it, at each update; energies may rise then.
    stored_pattern_as_static, state_pattern_as_static, pattern_projection_as_static : bool
        No projection: each head sees the whole pattern.
    pattern_projection_as_connected : bool
        Project the projected stored patterns, in place of a third input.
    stored_pattern_size, pattern_projection_size : int, optional
        By default ``input_size``.
    batch_first : bool
        Whether inputs are (batch, patterns, size), else (patterns, batch, size).
    association_activation : str, optional
        A function of ``torch.nn.functional`` for the output, as "relu".
    dropout : float
        Of the weights with which pattern projections are read.
    input_bias : bool
        Whether the projections have a bias.
    concat_bias_pattern, add_zero_association : bool
        Store a further pattern that is learnt, or 0.
    disable_out_projection : bool
        Return the heads side by side.
    """

    attention: str = "softmax"
    order: float | None = None
    update_steps_max: int | None = 0
    update_steps_eps: float = 1e-4
    normalize_stored_pattern: bool = True
    normalize_stored_pattern_affine: bool = True
    normalize_stored_pattern_eps: float = 1e-5
    normalize_state_pattern: bool = True
    normalize_state_pattern_affine: bool = True
    normalize_state_pattern_eps: float = 1e-5
    normalize_pattern_projection: bool = True
    normalize_pattern_projection_affine: bool = True
    normalize_pattern_projection_eps: float = 1e-5
    normalize_hopfield_space: bool = False
    normalize_hopfield_space_affine: bool = False
    normalize_hopfield_space_eps: float = 1e-5
    stored_pattern_as_static: bool = False
    state_pattern_as_static: bool = False
    pattern_projection_as_static: bool = False
    pattern_projection_as_connected: bool = False
    stored_pattern_size: int | None = None
    pattern_projection_size: int | None = None
    batch_first: bool = True
    association_activation: str | None = None
    dropout: float = 0.0
    input_bias: bool = True
    concat_bias_pattern: bool = False
    add_zero_association: bool = False
    disable_out_projection: bool = False

    def __post_init__(self) -> None:
        given = {f.name: (f.type, getattr(self, f.name)) for f in fields(self)}
        for name, (kind, value) in given.items():
            if kind == "bool":
                flag(value, name)
            elif kind.startswith("int") and value is not None:
                count(value, name, 0 if name == "update_steps_max" else 1)
            elif kind == "float" and not 0 <= number(value, name) < (
                1 if name == "dropout" else 1e9
            ):
                raise ValueError(
                    f"{name} must be 0 or more{', below 1' * (name == 'dropout')}, not {value}"
                )
        choice(self.attention, "attention", ATTENTION)
        ATTENTION[self.attention].ordered(self.order, self.attention)
        if not callable(getattr(functional, self.association_activation or "relu", None)):
            raise ValueError(
                "association_activation must be a function of torch.nn.functional, "
                f"not {describe(self.association_activation)}"
            )


@dataclass(frozen=True)
class _Learnt(Options):
    quantity: int = 1
    trainable: bool = True


@dataclass(frozen=True)
class _Lookup(_Learnt):
    lookup_weights_as_separated: bool = False
    lookup_targets_as_trainable: bool = True


def _spelt(cls: Any) -> Any:
    """Show the options in a class's signature, one by one."""
    shown = signature(cls.__init__).parameters.values()
    named = [p for p in shown if p.name != "self" and p.kind is not Parameter.VAR_KEYWORD]
    more = [
        Parameter(f.name, Parameter.KEYWORD_ONLY, default=f.default, annotation=f.type)
        for f in fields(cls.kind)
    ]
    cls.__signature__ = Signature([*named, *more])
    return cls


class _Sparse(torch.autograd.Function):
    """Return u (..., P) = [c (z - tau)]+^(1/a) of scores z, with the tau at which sum u^power = 1.

    That is entmax of order 1 + a for c = a and power = 1 (sparsemax for a = 1), and for c = 1 and
    power = 1 + a what normmax of that order is a multiple of.
    """

    generate_vmap_rule = True

    @staticmethod
    def forward(scores: Tensor, c: float, a: float, power: float) -> Tensor:
        z = c * (scores - scores.amax(-1, keepdim=True))
        z = z.clamp(min=-1.0)  # where u is 0, whatever tau
        if power == 1 and a in (1.0, 0.5):
            return (z - _threshold(z, a)).clamp(min=0) ** (1 / a)
        low = torch.full_like(z[..., :1], z.shape[-1] ** (-1 / power))  # of the largest u
        high = torch.ones_like(low)
        for _ in range(60 if z.dtype == torch.float64 else 30):
            middle = (low + high) / 2
            enough = (_below(middle, z, a) ** power).sum(-1, keepdim=True) >= 1
            low, high = torch.where(enough, low, middle), torch.where(enough, middle, high)
        return _below(high, z, a)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Tensor) -> None:
        _, *ctx.form = inputs
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Any:
        (u,), (c, a, power) = ctx.saved_tensors, ctx.form
        there = torch.where(u > 0, u, 1.0)
        slope = torch.where(u > 0, there ** (1 - a), 0.0)  # a / c of du / d(z - tau)
        share = torch.where(u > 0, there ** (power - a), 0.0)  # of dz in dtau
        down = grad * slope
        share = share / share.sum(-1, keepdim=True)
        return c / a * (down - share * down.sum(-1, keepdim=True)), None, None, None


def _below(first: Tensor, z: Tensor, a: float) -> Tensor:
    """Return the u of scores that lie -z below the first, whose u it is given, by logarithms."""
    share = (-z * torch.exp((-a * first.log()).clamp(max=80.0))).clamp(max=1.0)
    return first * torch.exp(torch.log1p(-share) / a)


def _threshold(z: Tensor, a: float) -> Tensor:
    """Return the tau at which [z - tau]+^(1/a) adds up to 1, a = 1 or 1/2."""
    falling = z.sort(-1, descending=True).values
    k = torch.arange(1, z.shape[-1] + 1, device=z.device, dtype=z.dtype)
    mean = falling.cumsum(-1) / k
    if a == 1:
        tau = mean - 1 / k
    else:
        spread = (falling**2).cumsum(-1) / k - mean**2
        tau = mean - (1 / k - spread).clamp(min=0).sqrt()
    last = (falling > tau).sum(-1, keepdim=True) - 1
    return tau.gather(-1, last.clamp(min=0))  # none is above what is not a number


def _weights(scores: Tensor, attention: str, order: float | None) -> Tensor:
    """Return the weights p (..., P) of scores, 0 for -inf."""
    none = scores == -torch.inf
    z = scores.masked_fill(none, torch.finfo(scores.dtype).min)
    if attention == "softmax":
        p = z.softmax(-1)
    else:
        a = {"sparsemax": 2.0}.get(attention, order or 0.0) - 1
        form = (1.0, a, a + 1) if attention == "normmax" else (a, a, 1.0)
        u = _Sparse.apply(z, *form)
        p = u / u.sum(-1, keepdim=True)
    return p.masked_fill(none, 0.0)


def _convex(scores: Tensor, attention: str, order: float | None) -> Tensor:
    """Return the convex function A (...) of scores (..., P) whose gradient the weights are."""
    none = scores == -torch.inf
    z = scores.masked_fill(none, torch.finfo(scores.dtype).min)
    if attention == "softmax":
        found = z.logsumexp(-1)
    else:
        p = _weights(scores, attention, order)
        top = z.amax(-1)
        mean = (p * (z - top[..., None]).masked_fill(p == 0, 0.0)).sum(-1) + top
        if attention == "normmax":
            power = order or 0.0
            found = mean + 1 - (p**power).sum(-1) ** (1 / power)
        else:
            a = {"sparsemax": 2.0}.get(attention, order or 0.0) - 1
            spread = p * torch.expm1(a * p.masked_fill(p == 0, 1.0).log())
            found = mean - spread.sum(-1) / (a * (a + 1))
    return found.masked_fill(none.all(-1), -torch.inf)


@torch.compiler.disable
def _eagerly(call: Callable[..., Any], *given: Any) -> Any:
    """Call what ends when its values say so, which no graph can hold."""
    return call(*given)


class _Memory(NamedTuple):
    """Stored patterns (batch, heads, stored, size), for states (batch, heads, states, size)."""

    keys: Tensor
    mask: Tensor | None  # True where a state may look, or what is added to its scores
    beta: Any  # a number, or of shape (heads, 1, 1)
    attention: str
    order: float | None
    norm: Callable[[Tensor], Tensor]

    def scores(self, q: Tensor) -> Tensor:
        """Return beta K q and the mask, (batch, heads, states, stored), in float32 at least."""
        z = q @ self.keys.mT
        z = self.beta * (z.float() if z.dtype in (torch.float16, torch.bfloat16) else z)
        if self.mask is None:
            return z
        told = self.mask.dtype == torch.bool
        return z.masked_fill(~self.mask, -torch.inf) if told else z + self.mask

    def weights(self, q: Tensor) -> Tensor:
        """Return what the stored patterns receive, (batch, heads, states, stored)."""
        return _weights(self.scores(q), self.attention, self.order)

    def energy(self, q: Tensor) -> Tensor:
        """Return the energies (batch, heads, states)."""
        z = self.scores(q)
        beta = self.beta[..., 0] if isinstance(self.beta, Tensor) else self.beta
        return q.to(z.dtype).square().sum(-1) / 2 - _convex(z, self.attention, self.order) / beta

    def read(self, q: Tensor, values: Tensor, dropout: float = 0.0) -> Tensor:
        """Return what states read of the values of the stored patterns."""
        if self.attention != "softmax":
            return functional.dropout(self.weights(q), dropout).to(values.dtype) @ values
        q = (self.beta * q).to(q.dtype)
        return functional.scaled_dot_product_attention(
            q, self.keys, values, attn_mask=self.mask, dropout_p=dropout, scale=1.0
        )

    def settle(self, q: Tensor, most: int | None, least: float) -> tuple[Tensor, Tensor, Tensor]:
        """Return the states after some updates, how many each took, and whether it rests.

        A state at rest moves no more, so that it does not matter what else is in its batch.
        """
        if most is None:
            return _eagerly(self.settle, q, _MOST, least)
        steps = torch.zeros(q.shape[:-1], dtype=torch.int64, device=q.device)
        rests = torch.zeros_like(steps, dtype=torch.bool)
        unit = _ROUNDING * torch.finfo(q.dtype).eps
        for _ in range(most):
            new = self.norm(self.read(q, self.keys))
            moved = (new - q).norm(dim=-1)
            q = torch.where(rests[..., None], q, new)
            steps = steps + ~rests
            rests = rests | (moved <= (unit * new.norm(dim=-1)).clamp(min=least))
            # A compiled graph cannot ask; what is not finite never rests.
            if not torch.compiler.is_compiling() and (rests | ~moved.isfinite()).all():
                break
        return q, steps, rests


@_spelt
class Hopfield(nn.Module):
    """Associate state patterns with stored patterns, and return the projections that they read.

    A state q and stored patterns K have the energy E(q) = q.q / 2 - A(beta K q) / beta, A as for
    `hopfield.modern` (log sum exp for softmax). An update is q' = K' p, p the weights that the
    stored patterns receive, and never raises it; what is returned is V' p of the last state.

    Parameters
    ----------
    input_size : int, optional
        Of a state pattern, and of the others where no option says otherwise; not needed where
        nothing is normalised or projected.
    hidden_size, pattern_size : int, optional
        Of a head's patterns in the Hopfield space, by default ``input_size // num_heads``; and of
        its pattern projections, by default as large.
    output_size : int, optional
        By default ``input_size``.
    num_heads : int
    scaling : float, or Tensor or sequence of shape (num_heads,), optional
        The beta of all heads or of each, above 0; 1 / sqrt(hidden_size) by default. A
        ``torch.nn.Parameter`` is learnt.
    **options
        As `Options` has them.

    Raises
    ------
    TypeError, ValueError
        For sizes and options that do not fit.

    References
    ----------
    Ramsauer et al. 2021, arXiv:2008.02217; of the other attentions as for `hopfield.modern`.

    Examples
    --------
    >>> layer = Hopfield(8, num_heads=2, attention="entmax", scaling=torch.tensor([0.5, 2.0]))
    >>> x = torch.randn(3, 5, 8)
    >>> layer(x).shape, layer.get_association_matrix(x).shape
    (torch.Size([3, 5, 8]), torch.Size([3, 2, 5, 5]))
    >>> found = layer.recall(x)
    >>> bool(found.fixed.all()), bool((found.energy <= layer.energy(x) + 1e-5).all())
    (True, True)
    """

    kind: ClassVar[type[Options]] = Options
    asks: ClassVar[bool] = False  # whether the state patterns are learnt

    def __init__(
        self,
        input_size: int | None = None,
        hidden_size: int | None = None,
        output_size: int | None = None,
        pattern_size: int | None = None,
        num_heads: int = 1,
        scaling: float | Sequence[float] | Tensor | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        self.options = o = self.kind(**options)
        self.order = ATTENTION[o.attention].ordered(o.order, o.attention)
        self.num_heads = heads = count(num_heads, "num_heads", 1)
        self.scaling = _scaling(scaling, heads)
        sizes = input_size, hidden_size, output_size, pattern_size
        for size, name in zip(sizes, _SIZES, strict=True):
            _ = size if size is None else count(size, name, 1)
        stored = o.stored_pattern_size or input_size
        projection = o.pattern_projection_size or stored
        if hidden_size is None:
            hidden_size = stored if o.stored_pattern_as_static else _part(input_size, heads)
            if o.state_pattern_as_static and not self.asks:
                hidden_size = input_size
        key = stored if o.stored_pattern_as_static else hidden_size
        state = key if self.asks and o.state_pattern_as_static else input_size
        self.sizes = {"stored": stored, "state": state, "projection": projection}
        self.stored = _Heads(o, "stored_pattern", heads, stored, hidden_size)
        self.state = _Heads(o, "state_pattern", heads, state, hidden_size)
        self.norm = _norm(o, "hopfield_space", key)
        self.projection: Any = None  # None are the stored patterns in the Hopfield space
        read = key
        if not (o.pattern_projection_as_connected and o.pattern_projection_as_static):
            given = _times(heads, key) if o.pattern_projection_as_connected else projection
            read = pattern_size or hidden_size
            self.projection = _Heads(o, "pattern_projection", heads, given, read)
            read = self.projection.each
        made = output_size or input_size
        self.out = _linear(o.disable_out_projection, _times(heads, read), made, True)
        if o.concat_bias_pattern:
            self.bias_stored = _pattern(heads, 1, key)
            self.bias_projection = _pattern(heads, 1, read)

    def forward(
        self,
        input: Any,
        stored_pattern_padding_mask: Tensor | None = None,
        association_mask: Tensor | None = None,
    ) -> Tensor:
        """Return what the state patterns read.

        Parameters
        ----------
        input : Tensor of shape (batch, patterns, size), or three of them
            Stored patterns, state patterns and pattern projections; one tensor is all three. What
            has a batch of 1 goes with all of a batch.
        stored_pattern_padding_mask : Tensor of bool of shape (batch, stored), optional
            True where there is no pattern.
        association_mask : Tensor, optional
            Of shape (states, stored), (batch * num_heads, states, stored) or
            (batch, num_heads, states, stored): True where a state must not look, or numbers that
            are added to the scores.

        Returns
        -------
        Tensor of shape (batch, states, output_size)
            In the layout of the input. A state that sees no pattern reads 0.

        Raises
        ------
        TypeError, ValueError
            For what is no such tensor.
        """
        o = self.options
        masks = stored_pattern_padding_mask, association_mask
        q, memory, values = self._space(self._three(input), *masks)
        q = memory.settle(q, o.update_steps_max, o.update_steps_eps)[0]
        out = memory.read(q, values, o.dropout if self.training else 0.0)
        out = self.out(out.transpose(1, 2).flatten(2))
        if o.association_activation:
            out = getattr(functional, o.association_activation)(out)
        return out if o.batch_first else out.transpose(0, 1)

    def recall(self, input: Any, **masks: Any) -> Recalled:
        """Return the fixed points in which the states end; input and masks as for `forward`."""
        q, memory, _ = self._space(self._three(input), **masks)
        q, steps, fixed = memory.settle(q, None, self.options.update_steps_eps)
        return Recalled(q, memory.energy(q), steps, fixed)

    def energy(self, input: Any, **masks: Any) -> Tensor:
        """Return the states' energies (batch, num_heads, states); input and masks as for `forward`.

        A state that sees no pattern has an infinite one.
        """
        q, memory, _ = self._space(self._three(input), **masks)
        return memory.energy(q)

    def get_association_matrix(self, input: Any, **masks: Any) -> Tensor:
        """Return the weights by which `forward` reads, (batch, num_heads, states, stored)."""
        q, memory, _ = self._space(self._three(input), **masks)
        o = self.options
        return memory.weights(memory.settle(q, o.update_steps_max, o.update_steps_eps)[0])

    def get_projected_pattern_matrix(self, input: Any) -> Tensor:
        """Return the pattern projections, (batch, num_heads, stored, pattern_size)."""
        return self._space(self._three(input))[2]

    def _three(self, input: Any) -> list[Tensor]:
        """Return stored patterns, state patterns and pattern projections, the batch first."""
        return _parts(input, self.sizes, self.options.batch_first)

    def _space(
        self,
        three: list[Tensor],
        stored_pattern_padding_mask: Tensor | None = None,
        association_mask: Tensor | None = None,
    ) -> tuple[Tensor, _Memory, Tensor]:
        """Return states, their memory and what they read, (batch, heads, patterns, size) each."""
        o, heads = self.options, self.num_heads
        batch = max(len(x) for x in three)
        if any(len(x) not in (1, batch) for x in three):
            raise ValueError(f"input must be of one batch, not of {[len(x) for x in three]}")
        stored, state, given = (x.expand(batch, -1, -1) for x in three)
        if stored.shape[1] != given.shape[1]:
            raise ValueError(
                f"input must have a projection pattern for each of {stored.shape[1]} stored "
                f"patterns, not {given.shape[1]}"
            )
        k, q = self.norm(self.stored(stored)), self.norm(self.state(state))
        if q.shape[-1] != k.shape[-1]:
            raise ValueError(
                f"hidden_size must be that of static patterns: states are of {q.shape[-1]} in the "
                f"Hopfield space, stored patterns of {k.shape[-1]}"
            )
        if o.pattern_projection_as_connected:
            given = k.transpose(1, 2).flatten(2)
        v = k if self.projection is None else self.projection(given)
        shape = (batch, heads, q.shape[2], k.shape[2])
        mask = _mask(stored_pattern_padding_mask, association_mask, shape, q.dtype)
        if o.concat_bias_pattern:
            k = torch.cat([k, self.bias_stored.to(k).expand(batch, -1, -1, -1)], 2)
            v = torch.cat([v, self.bias_projection.to(v).expand(batch, -1, -1, -1)], 2)
        if o.add_zero_association:
            k, v = (functional.pad(x, (0, 0, 0, 1)) for x in (k, v))
        if mask is not None:
            more = k.shape[2] - shape[3]
            mask = functional.pad(mask, (0, more), value=float(mask.dtype == torch.bool))
        beta = k.shape[-1] ** -0.5 if self.scaling is None else self.scaling
        if isinstance(beta, Tensor):
            beta = beta.view(-1, 1, 1)
        return q, _Memory(k, mask, beta, o.attention, self.order, self.norm), v


def _parts(input: Any, sizes: dict[str, int | None], first: bool) -> list[Tensor]:
    """Return the patterns of an input, each (batch, patterns, size); a tensor is all of them."""
    parts = [input] * len(sizes) if isinstance(input, Tensor) else input
    if not isinstance(parts, (list, tuple)) or len(parts) != len(sizes):
        many = f" or {len(sizes)} of them" if len(sizes) > 1 else ""
        raise TypeError(f"input must be a tensor{many}, not {describe(parts)}")
    form = "batch, patterns" if first else "patterns, batch"
    for (name, size), x in zip(sizes.items(), parts, strict=True):
        if not isinstance(x, Tensor) or not x.is_floating_point():
            kind = x.dtype if isinstance(x, Tensor) else describe(x)
            raise TypeError(f"input ({name} pattern) must be a tensor of floats, not {kind}")
        if x.dim() != 3 or 0 in x.shape or size not in (None, x.shape[-1]):
            raise ValueError(
                f"input ({name} pattern) must be of shape ({form}, {size or 'size'}), "
                f"not {tuple(x.shape)}"
            )
    return [x if first else x.transpose(0, 1) for x in parts]


def _scaling(scaling: Any, heads: int) -> Any:
    """Return beta as a number, or as a tensor that goes where the module goes."""
    if scaling is None:
        return None
    if not isinstance(scaling, (Tensor, list, tuple)):
        beta = number(scaling, "scaling")
        if beta <= 0:
            raise ValueError(f"scaling must be above 0, not {scaling}")
        return beta
    betas = torch.as_tensor(scaling, dtype=torch.get_default_dtype())
    if tuple(betas.shape) not in ((), (1,), (heads,)) or not bool((betas > 0).all()):
        raise ValueError(
            f"scaling must be above 0, one number or one for each of {heads} heads, "
            f"not {describe(scaling)}"
        )
    return scaling if isinstance(scaling, nn.Parameter) else nn.Buffer(betas)


def _part(size: int | None, heads: int) -> int | None:
    if size is not None and size % heads:
        raise ValueError(f"hidden_size must be given, as {heads} heads do not divide {size}")
    return size and size // heads


def _times(heads: int, size: int | None) -> int | None:
    return size and heads * size


def _known(size: int | None, what: str) -> int:
    if size is None:
        raise ValueError(f"input_size must be given, as {what}")
    return size


def _norm(o: Options, name: str, size: int | None) -> nn.Module:
    """Return what normalises patterns, where it is asked for."""
    if not getattr(o, f"normalize_{name}"):
        return nn.Identity()
    affine, eps = (getattr(o, f"normalize_{name}_{what}") for what in ("affine", "eps"))
    size = _known(size, f"normalize_{name} is True")
    return nn.LayerNorm(size, eps=eps, elementwise_affine=affine)


def _linear(without: bool, size: int | None, made: int | None, bias: bool) -> nn.Module:
    if without:
        return nn.Identity()
    return nn.Linear(*(_known(n, "there is a projection") for n in (size, made)), bias=bias)


def _pattern(*shape: int | None, learn: bool = True) -> nn.Parameter:
    """Return patterns that are learnt, of length 1 in the mean."""
    *many, size = shape
    size = _known(size, "patterns are learnt")
    return nn.Parameter(torch.randn(*many, size) * size**-0.5, requires_grad=learn)


class _Heads(nn.Module):
    """Patterns (batch, patterns, size) as heads see them: (batch, heads, patterns, each)."""

    def __init__(
        self, o: Options, name: str, heads: int, size: int | None, each: int | None
    ) -> None:
        super().__init__()
        self.heads, self.whole = heads, getattr(o, f"{name}_as_static")
        self.each = size if self.whole else each
        connected = name == "pattern_projection" and o.pattern_projection_as_connected
        self.norm = nn.Identity() if connected else _norm(o, name, size)
        self.linear = _linear(self.whole, size, _times(heads, each), o.input_bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.linear(self.norm(x))
        if self.whole:
            return x[:, None].expand(-1, self.heads, -1, -1)
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


def _mask(
    padding: Tensor | None, association: Tensor | None, shape: tuple[int, ...], dtype: Any
) -> Tensor | None:
    """Return True where a state may look, or what is added to scores of a shape, or None."""
    mask = association
    if mask is not None:
        shapes = [shape[2:], (shape[0] * shape[1], *shape[2:]), shape]
        mask = _checked(association, "association_mask", shapes, True)
        mask = mask if mask.dim() == 2 else mask.reshape(shape)
        mask = ~mask if mask.dtype == torch.bool else mask.to(dtype)
    if padding is None:
        return mask
    shapes = [(shape[0], shape[3])]
    there = ~_checked(padding, "stored_pattern_padding_mask", shapes, False)[:, None, None]
    if mask is None:
        return there
    told = mask.dtype == torch.bool
    return mask & there if told else mask.masked_fill(~there, -torch.inf)


def _checked(mask: Any, name: str, shapes: Sequence[Any], numbers: bool) -> Tensor:
    if not isinstance(mask, Tensor):
        raise TypeError(f"{name} must be a tensor, not {describe(mask)}")
    fits = mask.dtype == torch.bool or (numbers and mask.is_floating_point())
    if not fits or tuple(mask.shape) not in shapes:
        what = "bools or floats" if numbers else "bools"
        raise ValueError(
            f"{name} must hold {what} in the shape {' or '.join(map(str, shapes))}, "
            f"not {mask.dtype} in {tuple(mask.shape)}"
        )
    return mask


@_spelt
class HopfieldLayer(Hopfield):
    """Associate the input, the state patterns, with patterns that are learnt.

    Parameters
    ----------
    input_size : int
    hidden_size, output_size, pattern_size, num_heads, scaling
        As for `Hopfield`.
    **options
        As `Options` has them, and:

        - ``quantity=1``: how many patterns are stored; ``trainable=True``: whether they learn.
        - ``lookup_weights_as_separated=False``: whether pattern projections are patterns of their
          own, and ``lookup_targets_as_trainable=True``: whether these learn.

    Attributes
    ----------
    lookup_weights : Parameter of shape (quantity, stored_pattern_size)
    target_weights : Parameter of shape (quantity, pattern_projection_size)
        Where they are separated.

    Examples
    --------
    >>> layer = HopfieldLayer(8, output_size=2, quantity=20)
    >>> layer(torch.randn(3, 5, 8)).shape
    torch.Size([3, 5, 2])
    """

    kind = _Lookup

    def __init__(self, input_size: int, *sizes: Any, **options: Any) -> None:
        super().__init__(input_size, *sizes, **options)
        o: Any = self.options
        self.lookup_weights = _pattern(o.quantity, self.sizes["stored"], learn=o.trainable)
        self.target_weights = None
        if o.lookup_weights_as_separated:
            self.target_weights = _pattern(
                o.quantity, self.sizes["projection"], learn=o.lookup_targets_as_trainable
            )
        elif self.sizes["projection"] != self.sizes["stored"]:
            raise ValueError(
                f"pattern_projection_size must be {self.sizes['stored']}, that of the stored "
                f"patterns, not {o.pattern_projection_size}, unless these are separated"
            )

    def _three(self, input: Any) -> list[Tensor]:
        sizes = {"state": self.sizes["state"]}
        (state,) = _parts(input, sizes, self.options.batch_first)
        target = self.lookup_weights if self.target_weights is None else self.target_weights
        return [self.lookup_weights[None], state, target[None]]


@_spelt
class HopfieldPooling(Hopfield):
    """Associate states that are learnt with the input, and return what they read side by side.

    Parameters
    ----------
    input_size : int
    hidden_size, output_size, pattern_size, num_heads, scaling
        As for `Hopfield`.
    **options
        As `Options` has them, and ``quantity=1``: how many states ask; ``trainable=True``:
        whether they learn.

    Attributes
    ----------
    pooling_weights : Parameter of shape (quantity, input_size)

    Examples
    --------
    >>> pool = HopfieldPooling(8, output_size=2, quantity=3)
    >>> padding = torch.tensor([[False] * 5, [False] * 4 + [True]])  # bags of 5 and of 4
    >>> pool(torch.randn(2, 5, 8), stored_pattern_padding_mask=padding).shape
    torch.Size([2, 6])
    """

    kind = _Learnt
    asks = True

    def __init__(self, input_size: int, *sizes: Any, **options: Any) -> None:
        super().__init__(input_size, *sizes, **options)
        o: Any = self.options
        self.pooling_weights = _pattern(o.quantity, self.sizes["state"], learn=o.trainable)

    def forward(
        self,
        input: Any,
        stored_pattern_padding_mask: Tensor | None = None,
        association_mask: Tensor | None = None,
    ) -> Tensor:
        """Return what is read, of shape (batch, quantity * output_size).

        Parameters
        ----------
        input : Tensor of shape (batch, patterns, size), or two of them
            Stored patterns and pattern projections.
        stored_pattern_padding_mask, association_mask
            As for `Hopfield`.
        """
        out = super().forward(input, stored_pattern_padding_mask, association_mask)
        return (out if self.options.batch_first else out.transpose(0, 1)).flatten(1)

    def _three(self, input: Any) -> list[Tensor]:
        sizes = {name: self.sizes[name] for name in ("stored", "projection")}
        stored, projection = _parts(input, sizes, self.options.batch_first)
        return [stored, self.pooling_weights[None], projection]
