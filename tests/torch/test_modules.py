"""Modules for PyTorch: equal to hopfield.modern, to what hflayers published, and to torch's own."""

from __future__ import annotations

import inspect
import subprocess
import sys

import numpy as np
import pytest

import hopfield as hf

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from hopfield.torch import PLAIN, Hopfield, HopfieldLayer, HopfieldPooling  # noqa: E402

KINDS = [
    ("softmax", None),
    ("sparsemax", None),
    ("entmax", None),
    ("entmax", 1.25),
    ("entmax", 3.0),
    ("normmax", None),
    ("normmax", 1.5),
    ("normmax", 5.0),
]
each = pytest.mark.parametrize(("attention", "order"), KINDS)


def device_of(name):
    if name == "cuda" and not torch.cuda.is_available():
        pytest.skip("this machine has no GPU that PyTorch can use")
    return torch.device(name)


@pytest.fixture(params=["cpu", "cuda"])
def device(request):
    return device_of(request.param)


@pytest.fixture(autouse=True)
def _seed():
    with torch.random.fork_rng():
        torch.manual_seed(1)
        yield


def plain(**options):
    return Hopfield(**{**PLAIN, **options})


def rows(*shape, dtype=torch.float64, device="cpu"):
    return torch.randn(*shape, dtype=dtype, device=device)


# What others published, and what hopfield.modern gives.


def test_the_steps_are_those_that_hflayers_shows(device):
    stored = torch.tensor([[[1.0, 1.0, 1.0, 1.0], [1.0, -1.0, 1.0, -1.0]]], device=device)
    state = torch.tensor([[[1.0, 1.0, 1.0, 0.0]]], device=device)
    for k, value in enumerate([0.761594, 0.909252, 0.948689, 0.956012]):
        layer = plain(scaling=1.0, update_steps_max=k, update_steps_eps=1e-5)
        found = layer((stored, state, stored))[0, 0].cpu()
        assert torch.allclose(found, torch.tensor([1.0, value, 1.0, value]), atol=1e-6)
    found = plain(scaling=0.5)((stored, state, stored))[0, 0].cpu()
    assert torch.allclose(found, torch.tensor([1.0, 0.462117, 1.0, 0.462117]), atol=1e-6)


@each
def test_equal_scores_give_equal_weights(attention, order):
    stored = torch.eye(3, dtype=torch.float64)[None]
    state = torch.ones(1, 1, 3, dtype=torch.float64)
    weights = plain(attention=attention, order=order).get_association_matrix(
        (stored, state, stored)
    )
    assert torch.allclose(weights, torch.full((1, 1, 1, 3), 1 / 3, dtype=torch.float64))


@each
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_plain_modules_are_modern_memories(attention, order, dtype, device):
    rng = np.random.default_rng(1)
    x, s = rng.normal(size=(20, 8)), rng.normal(size=(5, 8))
    memory = hf.modern(x, 0.7, attention, order=order)
    layer = plain(scaling=0.7, attention=attention, order=order)
    stored, state = (torch.tensor(a, dtype=dtype, device=device)[None] for a in (x, s))
    three = stored, state, stored
    own = layer(three)[0].cpu().numpy()
    assert np.allclose(own, memory.gradient(s), atol=1e-5)
    energy = layer.energy(three)[0, 0].cpu().numpy()
    assert np.allclose(energy, memory.energy(s) + (s * s).sum(axis=1) / 2, atol=1e-5)
    found, known = layer.recall(three), hf.recall(memory, s)
    assert found.fixed.all()
    assert np.allclose(found.state[0, 0].cpu().numpy(), known.state, atol=2e-3)


def test_weights_are_those_of_the_papers():
    z = torch.tensor([[1.0, 0.5, 0.2, -0.3, -1.0]], dtype=torch.float64)
    one = torch.ones(1, 1, 1, dtype=torch.float64)
    known = {
        ("entmax", 1.25): [0.493325, 0.258549, 0.165764, 0.069299, 0.013063],
        ("entmax", 1.5): [0.586572, 0.266132, 0.133868, 0.013428, 0.0],
        ("sparsemax", None): [0.75, 0.25, 0.0, 0.0, 0.0],
        ("entmax", 3.0): [1.0, 0.0, 0.0, 0.0, 0.0],
        ("normmax", 2.0): [0.638226, 0.286427, 0.075348, 0.0, 0.0],
        ("normmax", 5.0): [0.474067, 0.372655, 0.153278, 0.0, 0.0],
    }
    for (attention, order), weights in known.items():
        layer = plain(scaling=1.0, attention=attention, order=order)
        found = layer.get_association_matrix((z[..., None], one, z[..., None]))
        assert np.allclose(found[0, 0, 0], weights, atol=1e-6)
        assert (found[0, 0, 0] == 0).tolist() == [w == 0 for w in weights]


def test_projections_with_softmax_are_torchs_own_attention(device):
    own = torch.nn.MultiheadAttention(8, 2, batch_first=True, device=device)
    names = [
        f"normalize_{n}_pattern" if n != "projection" else "normalize_pattern_projection"
        for n in ("stored", "state", "projection")
    ]
    layer = Hopfield(8, num_heads=2, **dict.fromkeys(names, False)).to(device)
    parts = (layer.state, layer.stored, layer.projection)
    with torch.no_grad():
        own.in_proj_bias.normal_()
        for k, part in enumerate(parts):
            part.linear.weight.copy_(own.in_proj_weight[8 * k : 8 * k + 8])
            part.linear.bias.copy_(own.in_proj_bias[8 * k : 8 * k + 8])
        layer.out.load_state_dict(own.out_proj.state_dict())
    stored, state, projection = (rows(3, n, 8, dtype=torch.float32) for n in (6, 4, 6))
    stored, state, projection = (x.to(device) for x in (stored, state, projection))
    padding = torch.zeros(3, 6, dtype=torch.bool, device=device)
    padding[1, 4:] = True
    ahead = torch.ones(4, 6, dtype=torch.bool, device=device).triu(2)
    for mask in (ahead, rows(4, 6, dtype=torch.float32, device=device), ahead.repeat(6, 1, 1)):
        by = padding if mask.dtype == torch.bool else torch.zeros_like(padding, dtype=mask.dtype)
        known, weights = own(
            state, stored, projection, by, attn_mask=mask, average_attn_weights=False
        )
        masks = {
            "stored_pattern_padding_mask": padding if mask.dtype == torch.bool else None,
            "association_mask": mask,
        }
        three = stored, state, projection
        assert torch.allclose(layer(three, **masks), known, atol=1e-5)
        assert torch.allclose(layer.get_association_matrix(three, **masks), weights, atol=1e-5)


# Gradients, types, compilation.


@each
def test_gradients_are_exact(attention, order):
    beta = torch.nn.Parameter(torch.tensor([0.5, 2.0]))
    layer = Hopfield(
        4,
        3,
        num_heads=2,
        attention=attention,
        order=order,
        update_steps_max=1,
        update_steps_eps=0.0,
        scaling=beta,
    ).double()
    x = rows(1, 3, 4).requires_grad_()
    masks = {"stored_pattern_padding_mask": torch.tensor([[False, False, True]])}
    assert torch.autograd.gradcheck(lambda x: layer(x, **masks), (x,))
    assert torch.autograd.gradcheck(lambda x: layer.energy(x, **masks), (x,))
    if attention != "softmax":  # whose own second derivative torch has not on a CPU, and says so
        assert torch.autograd.gradgradcheck(layer.get_association_matrix, (x,), fast_mode=True)


@pytest.mark.parametrize("attention", ["softmax", "sparsemax", "entmax", "normmax"])
def test_an_update_never_raises_the_energy(attention):
    beta = torch.tensor([0.3, 1.0, 5.0])
    layer = plain(num_heads=3, scaling=beta, attention=attention, update_steps_max=1).double()
    stored, state = rows(4, 30, 5), 3 * rows(4, 20, 5)
    before = layer.energy((stored, state, stored))
    after = torch.cat(  # of each head
        [
            layer.energy((stored, layer((stored, state, stored))[..., 5 * h : 5 * h + 5], stored))[
                :, h : h + 1
            ]
            for h in range(3)
        ],
        dim=1,
    )
    assert (after <= before + 1e-12).all()
    end = layer.recall((stored, state, stored))
    assert end.fixed.all()
    assert (end.energy <= after + 1e-12).all()
    assert (end.steps > 1).any()


def test_a_recall_rests_where_an_update_changes_nothing():
    layer = plain(scaling=2.0, update_steps_eps=1e-9).double()
    stored, state = rows(1, 10, 6), rows(1, 40, 6)
    found = layer.recall((stored, state, stored))
    again = layer((stored, found.state[:, 0], stored))
    assert torch.allclose(again, found.state[:, 0], atol=1e-8)
    until = plain(scaling=2.0, update_steps_eps=1e-9, update_steps_max=None).double()
    assert torch.allclose(until((stored, state, stored)), again, atol=1e-8)


def test_a_state_does_not_depend_on_its_batch():
    layer = plain(scaling=3.0, update_steps_max=50, update_steps_eps=0.05).double()
    stored, state = rows(1, 10, 6), rows(8, 5, 6)
    whole = layer((stored, state, stored))
    alone = torch.cat([layer((stored, one[None], stored)) for one in state])
    assert torch.allclose(whole, alone, atol=1e-12)


def test_what_is_not_a_number_ends_and_does_not_count_as_fixed():
    stored, state = rows(1, 4, 3), torch.full((1, 2, 3), torch.nan, dtype=torch.float64)
    for attention in ("softmax", "sparsemax", "entmax", "normmax"):
        assert not plain(attention=attention).recall((stored, state, stored)).fixed.any()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("attention", ["softmax", "sparsemax", "entmax", "normmax"])
def test_half_precision_and_autocast_are_near_the_whole(attention, dtype, device):
    layer = Hopfield(8, num_heads=2, attention=attention, update_steps_max=2).to(device)
    x = rows(3, 5, 8, dtype=torch.float32, device=device).requires_grad_()
    mask = rows(5, 5, dtype=torch.float32, device=device)
    known = layer(x, association_mask=mask)
    with torch.autocast(device.type, dtype=dtype):
        found = layer(x, association_mask=mask)
        assert layer.recall(x).fixed.all()
        static = plain(attention=attention)(x)
    assert found.dtype == static.dtype == dtype
    assert (found - known).abs().max() < 0.05
    found.float().sum().backward()
    assert x.grad.isfinite().all()
    half = layer.to(dtype)(x.to(dtype), association_mask=mask)
    assert half.dtype == dtype
    assert (half - known).abs().max() < 0.05


@pytest.mark.parametrize("attention", ["softmax", "entmax"])
def test_a_compiled_module_is_one_graph_and_gives_the_same(attention):
    layer = Hopfield(6, num_heads=2, attention=attention, update_steps_max=1)
    x = rows(2, 4, 6, dtype=torch.float32)
    padding = torch.tensor([[False] * 4, [False] * 3 + [True]])
    compiled = torch.compile(layer, fullgraph=True, backend="aot_eager")
    own, known = (f(x, stored_pattern_padding_mask=padding) for f in (compiled, layer))
    assert torch.allclose(own, known, atol=1e-6)
    for found in (own, known):
        found.square().sum().backward()
    with torch.no_grad():  # torch itself warns where a graph ends at values that have gradients
        found = torch.compile(layer.recall, backend="eager")(x)
        assert torch.allclose(found.state, layer.recall(x).state, atol=1e-6)


def test_nothing_global_is_drawn_or_set():
    layer = Hopfield(6, attention="entmax", update_steps_max=3)
    before = torch.random.get_rng_state(), torch.get_default_dtype(), torch.is_grad_enabled()
    x = rows(2, 4, 6, dtype=torch.float32)
    drawn = torch.random.get_rng_state()
    layer(x), layer.energy(x), layer.recall(x)
    assert torch.equal(torch.random.get_rng_state(), drawn)
    assert (torch.get_default_dtype(), torch.is_grad_enabled()) == before[1:]


# Masks, options, the learnt ones.


@each
def test_what_is_masked_does_not_matter(attention, order):
    layer = Hopfield(6, attention=attention, order=order, update_steps_max=1).double()
    stored, state = rows(2, 5, 6), rows(2, 3, 6)
    padding = torch.tensor([[False] * 3 + [True] * 2, [True] * 5])
    masks = {"stored_pattern_padding_mask": padding}
    known = layer((stored[:1, :3], state[:1], stored[:1, :3]))
    stored.requires_grad_()
    found = layer((stored, state, stored), **masks)
    assert torch.allclose(found[:1], known)
    found.sum().backward()
    assert (stored.grad[0, 3:] == 0).all()
    assert stored.grad.isfinite().all()
    assert torch.allclose(found[1], layer.out.bias.expand(3, -1))  # nothing to look at: reads 0
    assert layer.get_association_matrix((stored, state, stored), **masks)[1].eq(0).all()
    assert layer.energy((stored, state, stored), **masks)[1].eq(torch.inf).all()
    ahead = torch.zeros(3, 5, dtype=torch.float64).masked_fill(padding[0], -torch.inf)
    one = stored[:1].detach(), state[:1], stored[:1].detach()
    assert torch.allclose(layer(one, association_mask=ahead), known)


def test_heads_may_have_each_their_beta():
    stored, state = rows(2, 5, 4), rows(2, 3, 4)
    three = stored, state, stored
    both = plain(num_heads=2, scaling=[0.5, 3.0]).double()(three)
    for part, beta in zip(both.split(4, dim=-1), (0.5, 3.0), strict=True):
        assert torch.allclose(part, plain(scaling=beta)(three))


def test_a_beta_is_saved_moved_and_learnt():
    learnt = torch.nn.Parameter(torch.ones(2))
    layer = Hopfield(4, num_heads=2, scaling=learnt)
    layer(rows(1, 3, 4, dtype=torch.float32)).sum().backward()
    assert learnt.grad.shape == (2,)
    held = Hopfield(4, num_heads=2, scaling=torch.tensor([1, 2]))
    assert "scaling" in held.state_dict()
    assert held.double().scaling.dtype == torch.float64


def test_the_batch_may_stand_second():
    x = rows(2, 5, 6, dtype=torch.float32)
    for kind in (Hopfield, HopfieldLayer, HopfieldPooling):
        first, second = kind(6), kind(6, batch_first=False)
        second.load_state_dict(first.state_dict())
        known, found = first(x), second(x.transpose(0, 1))
        assert torch.allclose(found if known.dim() == 2 else found.transpose(0, 1), known)


@pytest.mark.parametrize(
    "options",
    [
        {"pattern_projection_as_connected": True, "pattern_size": 5},
        {"pattern_projection_as_connected": True, "pattern_projection_as_static": True},
        {"stored_pattern_as_static": True, "pattern_projection_as_connected": True},
        {"stored_pattern_as_static": True},
        {"state_pattern_as_static": True},
        {"pattern_projection_as_static": True},
        {"normalize_hopfield_space": True, "normalize_hopfield_space_affine": True},
        {"concat_bias_pattern": True, "pattern_size": 5},
        {"add_zero_association": True},
        {"association_activation": "relu"},
        {"input_bias": False, "dropout": 0.5},
        {"disable_out_projection": True, "output_size": 6},
    ],
)
@pytest.mark.parametrize("kind", [Hopfield, HopfieldLayer, HopfieldPooling])
def test_each_option_makes_modules_that_learn(kind, options):
    layer = kind(6, num_heads=2, update_steps_max=1, **options)
    x = rows(3, 4, 6, dtype=torch.float32)
    stored = 1 if kind is HopfieldLayer else 4
    masks = {"stored_pattern_padding_mask": torch.zeros(3, stored, dtype=torch.bool)}
    out = layer(x, **masks)
    assert out.shape[0] == 3
    out.square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in layer.parameters())
    assert layer.get_association_matrix(x).shape[:2] == (3, 2)


def test_a_further_pattern_or_zero_takes_weight():
    x = rows(2, 4, 6, dtype=torch.float32)
    for option in ("concat_bias_pattern", "add_zero_association"):
        layer = Hopfield(6, **{option: True})
        weights = layer.get_association_matrix(x)
        assert weights.shape == (2, 1, 4, 5)
        assert (weights[..., 4] > 0).all()


def test_dropout_is_of_training_alone():
    layer = Hopfield(6, dropout=0.5)
    x = rows(2, 4, 6, dtype=torch.float32)
    assert not torch.equal(layer(x), layer(x))
    assert torch.equal(layer.eval()(x), layer(x))


def test_learnt_patterns_learn_where_they_may():
    whole = HopfieldLayer(6, quantity=7, lookup_weights_as_separated=True)
    assert whole.lookup_weights.shape == whole.target_weights.shape == (7, 6)
    held = HopfieldLayer(6, trainable=False)
    assert not held.lookup_weights.requires_grad
    pool = HopfieldPooling(6, quantity=3, output_size=2)
    assert pool(rows(4, 5, 6, dtype=torch.float32)).shape == (4, 6)
    static = HopfieldPooling(6, 4, num_heads=2, state_pattern_as_static=True)
    assert static.pooling_weights.shape == (1, 4)
    assert static(rows(4, 5, 6, dtype=torch.float32)).shape == (4, 6)


def test_a_signature_spells_out_what_users_of_hflayers_know():
    for kind, own in (
        (Hopfield, []),
        (HopfieldPooling, ["quantity", "trainable"]),
        (HopfieldLayer, ["quantity", "lookup_weights_as_separated"]),
    ):
        parameters = inspect.signature(kind).parameters
        assert next(iter(parameters)) == "input_size"
        assert {"update_steps_max", "normalize_state_pattern_eps", "batch_first", *own} <= set(
            parameters
        )
        assert "options" not in parameters


# Bad input.


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Hopfield(), "^input_size must be given, as normalize_stored_pattern is True"),
        (lambda: Hopfield(7, num_heads=2), "^hidden_size must be given, as 2 heads do not divide"),
        (lambda: Hopfield(0), "^input_size must be 1 or more"),
        (lambda: Hopfield(4, scaling=0), "^scaling must be above 0"),
        (lambda: Hopfield(4, scaling=[1.0, 2.0]), "^scaling must be above 0, one number or one"),
        (lambda: Hopfield(4, attention="hardmax"), "^attention must be one of softmax"),
        (lambda: Hopfield(4, attention="entmax", order=1), "^order must be above 1"),
        (lambda: Hopfield(4, order=2), "^order must be left out for softmax"),
        (lambda: Hopfield(4, dropout=1.0), "^dropout must be 0 or more, below 1"),
        (lambda: Hopfield(4, update_steps_max=-1), "^update_steps_max must be 0 or more"),
        (lambda: Hopfield(4, association_activation="no"), "^association_activation must be"),
        (lambda: HopfieldLayer(4, quantity=0), "^quantity must be 1 or more"),
        (lambda: HopfieldLayer(4, pattern_projection_size=3), "^pattern_projection_size must be 4"),
    ],
)
def test_bad_sizes_and_options_are_said_in_a_sentence(make, said):
    with pytest.raises(ValueError, match=said):
        make()


@pytest.mark.parametrize(
    ("options", "said"),
    [({"batch_first": 1}, "^batch_first must be True or False"), ({"betas": 1}, "betas")],
)
def test_options_of_another_kind_are_refused(options, said):
    with pytest.raises(TypeError, match=said):
        Hopfield(4, **options)


ZERO = torch.zeros
X = ZERO(2, 3, 4)


@pytest.mark.parametrize(
    ("input", "masks", "error", "said"),
    [
        (ZERO(3, 4), {}, ValueError, r"^input \(stored pattern\) must be of shape \(batch, patt"),
        (ZERO(2, 3, 5), {}, ValueError, r"patterns, 4\), not \(2, 3, 5\)$"),
        (ZERO(2, 0, 4), {}, ValueError, r"not \(2, 0, 4\)$"),
        ((X, X), {}, TypeError, "^input must be a tensor or 3 of them"),
        (np.zeros((2, 3, 4)), {}, TypeError, "^input must be a tensor or 3 of them"),
        (X.int(), {}, TypeError, "must be a tensor of floats, not torch.int32"),
        ((X, ZERO(3, 3, 4), X), {}, ValueError, r"^input must be of one batch, not of \[2, 3, 2\]"),
        ((X, X, ZERO(2, 2, 4)), {}, ValueError, "^input must have a projection pattern for each"),
        (X, {"association_mask": ZERO(3, 2)}, ValueError, "^association_mask must hold bools or"),
        (X, {"association_mask": ZERO(3, 3).int()}, ValueError, r"not torch.int32 in \(3, 3\)$"),
        (X, {"association_mask": [[True]]}, TypeError, "^association_mask must be a tensor"),
        (
            X,
            {"stored_pattern_padding_mask": ZERO(2, 3)},
            ValueError,
            r"^stored_pattern_padding_mask must hold bools in the shape \(2, 3\), not torch.float",
        ),
    ],
)
def test_bad_tensors_are_said_in_a_sentence(input, masks, error, said):
    for call in (Hopfield(4), Hopfield(4).energy, Hopfield(4).recall):
        with pytest.raises(error, match=said):
            call(input, **masks)


def test_static_patterns_must_fit_each_other():
    layer = plain()
    with pytest.raises(ValueError, match=r"^hidden_size must be that of static"):
        layer((ZERO(1, 2, 4), ZERO(1, 2, 5), ZERO(1, 2, 4)))


def test_the_package_does_not_load_torch():
    code = "import hopfield as hf, sys; hf.modern; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_torch_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "hopfield.torch", raising=False)
    with pytest.raises(ImportError, match="install the extra 'torch' of hopfield"):
        import hopfield.torch  # noqa: F401
