"""Writes attention.json: attention and blocks of PyTorch in float64, with gradients, and rotary positions of
Hugging Face.

    pip install torch==2.15.0 transformers==5.24.0
    python make_attention.py

Each case has the outputs y for its inputs and weights, and the gradients of sum(y * slopes). Kernels are
`[inputs, outputs]` and named by layer, as in tfjs. Padding counts as zeros, so x is multiplied by the mask
before it goes into PyTorch.
"""

import json
import pathlib
import types

import torch
from torch import nn
from torch.nn import functional as F
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

torch.set_default_dtype(torch.float64)


def drawing(seed):
    """Multiples of 1/128 from -1 to 1, the same in every run."""
    state = seed

    def draw(*shape):
        nonlocal state
        values = []
        for _ in range(torch.Size(shape).numel()):
            state = (1103515245 * state + 12345) % 2**31
            values.append(((state >> 8) % 257 - 128) / 128)
        return torch.tensor(values).reshape(shape).requires_grad_()

    return draw


def attention_weights(draw, width, key_width, bias=True):
    sizes = {"query": width, "key": key_width, "value": key_width, "projection": width}
    weights = {}
    for part, inputs in sizes.items():
        weights[f"a_{part}/kernel"] = draw(inputs, width)
        if bias:
            weights[f"a_{part}/bias"] = draw(width)
    return weights


def given_to(module, weights, names):
    """Calls a module with these tensors in place of its parameters, so that they get its gradients."""
    parameters = {theirs: ours(weights) for theirs, ours in names.items()}
    return lambda *args, **kwargs: torch.func.functional_call(module, parameters, args, kwargs)


def attention_names(weights, prefix=""):
    names = {
        f"{prefix}q_proj_weight": lambda w: w["a_query/kernel"].T,
        f"{prefix}k_proj_weight": lambda w: w["a_key/kernel"].T,
        f"{prefix}v_proj_weight": lambda w: w["a_value/kernel"].T,
        f"{prefix}in_proj_weight": lambda w: torch.cat([w[f"a_{part}/kernel"] for part in PARTS], 1).T,
        f"{prefix}out_proj.weight": lambda w: w["a_projection/kernel"].T,
    }
    if "a_query/bias" in weights:
        names |= {
            f"{prefix}in_proj_bias": lambda w: torch.cat([w[f"a_{part}/bias"] for part in PARTS]),
            f"{prefix}out_proj.bias": lambda w: w["a_projection/bias"],
        }
    return names


PARTS = ["query", "key", "value"]


def only_of(module, names):
    own = dict(module.named_parameters())
    return {name: value for name, value in names.items() if name in own}


def no_later(length):
    """True where a query must not attend."""
    return torch.ones(length, length, dtype=torch.bool).triu(1)


def multi_head(params, inputs, weights):
    query = inputs["x"]
    to = inputs.get("keyValue", query)
    keep = inputs.get("mask")
    if keep is not None:
        to = to * keep[..., None]
    if "keyValue" not in inputs:
        query = to
    module = nn.MultiheadAttention(
        query.shape[2],
        params["heads"],
        bias=params.get("useBias", True),
        kdim=to.shape[2],
        vdim=to.shape[2],
        batch_first=True,
    )
    call = given_to(module, weights, only_of(module, attention_names(weights)))
    y, shares = call(
        query,
        to,
        to,
        key_padding_mask=None if keep is None else keep == 0,
        attn_mask=no_later(query.shape[1]) if params.get("causal") else None,
        average_attn_weights=False,
    )
    return {"y": y, "attentionWeights": shares}


def rotary(params, inputs, weights):
    """Causal attention of rotated queries and keys, as Hugging Face's Llama has them."""
    x, heads = inputs["x"], params["heads"]
    batch, length, width = x.shape
    parts = [x @ weights[f"a_{part}/kernel"] + weights[f"a_{part}/bias"] for part in PARTS]
    query, key, value = [part.reshape(batch, length, heads, -1).transpose(1, 2) for part in parts]
    size = width // heads
    base = params["rotary"]
    frequencies = 1 / base ** (torch.arange(0, size, 2) / size)
    angles = torch.outer(torch.arange(length).double(), frequencies)
    both = torch.cat([angles, angles], -1)[None]
    query, key = apply_rotary_pos_emb(query, key, both.cos(), both.sin())
    taken = F.scaled_dot_product_attention(query, key, value, is_causal=True)
    joined = taken.transpose(1, 2).reshape(batch, length, width)
    return {
        "y": joined @ weights["a_projection/kernel"] + weights["a_projection/bias"],
        "queryRotary": query.transpose(1, 2).reshape(batch, length, width),
    }


def block(params, inputs, weights):
    x, keep = inputs["x"], inputs.get("mask")
    if keep is not None:
        x = x * keep[..., None]
    hidden = weights["a_hidden/kernel"].shape[1]
    pre = params["normFirst"]
    module = nn.TransformerEncoderLayer(
        x.shape[2],
        params["heads"],
        dim_feedforward=hidden,
        dropout=0,
        activation=params["activation"],
        batch_first=True,
        norm_first=pre,
    )
    second = "a_hidden_norm" if pre else "a"
    names = only_of(module, attention_names(weights, "self_attn.")) | {
        "linear1.weight": lambda w: w["a_hidden/kernel"].T,
        "linear1.bias": lambda w: w["a_hidden/bias"],
        "linear2.weight": lambda w: w["a_feedforward/kernel"].T,
        "linear2.bias": lambda w: w["a_feedforward/bias"],
        "norm1.weight": lambda w: w["a_attention_norm/gamma"],
        "norm1.bias": lambda w: w["a_attention_norm/beta"],
        "norm2.weight": lambda w: w[f"{second}/gamma"],
        "norm2.bias": lambda w: w[f"{second}/beta"],
    }
    y = given_to(module, weights, names)(
        x,
        src_mask=no_later(x.shape[1]) if params.get("causal") else None,
        src_key_padding_mask=None if keep is None else keep == 0,
    )
    return {"y": y}


def block_weights(draw, width, hidden, pre):
    weights = attention_weights(draw, width, width)
    weights |= {
        "a_hidden/kernel": draw(width, hidden),
        "a_hidden/bias": draw(hidden),
        "a_feedforward/kernel": draw(hidden, width),
        "a_feedforward/bias": draw(width),
    }
    for norm in ["a_attention_norm", "a_hidden_norm" if pre else "a"]:
        weights |= {f"{norm}/gamma": draw(width), f"{norm}/beta": draw(width)}
    return weights


def listed(values):
    return {name: rounded(value.tolist()) for name, value in values.items()}


def rounded(value):
    return [rounded(each) for each in value] if isinstance(value, list) else float(f"{value:.8g}")


def case(name, of, function, params, inputs, weights, draw):
    computed = function(types.MappingProxyType(params), inputs, weights)
    slopes = draw(*computed["y"].shape).detach()
    moved = {key: value for key, value in {**inputs, **weights}.items() if value.requires_grad}
    gradients = torch.autograd.grad((computed["y"] * slopes).sum(), list(moved.values()))
    return {
        "name": name,
        "of": of,
        "params": params,
        "inputs": listed(inputs),
        "weights": listed(weights),
        "slopes": rounded(slopes.tolist()),
        "expected": {**listed(computed), "gradients": listed(dict(zip(moved, gradients)))},
    }


def attention_case(name, seed, params, lengths=(3, 3), width=4, key_width=None, mask=None, function=multi_head):
    draw = drawing(seed)
    inputs = {"x": draw(2, lengths[0], width)}
    if key_width is not None:
        inputs["keyValue"] = draw(2, lengths[1], key_width)
    if mask is not None:
        inputs["mask"] = torch.tensor(mask).double()
    weights = attention_weights(draw, width, key_width or width, params.get("useBias", True))
    return case(name, "multiHeadAttention", function, params, inputs, weights, draw)


def block_case(name, seed, params, mask=None):
    draw = drawing(seed)
    inputs = {"x": draw(2, 3, 4)}
    if mask is not None:
        inputs["mask"] = torch.tensor(mask).double()
    weights = block_weights(draw, 4, params["hidden"], params["normFirst"])
    return case(name, "transformerBlock", block, {"heads": 2, **params}, inputs, weights, draw)


PADDED = [[1, 1, 0], [1, 1, 1]]

cases = [
    attention_case("of a sequence to itself", 1, {"heads": 2}),
    attention_case("of one head, without biases", 2, {"heads": 1, "useBias": False}),
    attention_case("causal", 3, {"heads": 2, "causal": True}, (4, 4)),
    attention_case("with padding", 4, {"heads": 2}, mask=PADDED),
    attention_case("causal, with padding", 5, {"heads": 2, "causal": True}, mask=PADDED),
    attention_case("to another sequence", 6, {"heads": 2}, (2, 4), 4, 6),
    attention_case(
        "to another sequence with padding", 7, {"heads": 2}, (2, 3), 4, 3, mask=[[0, 1, 1], [1, 0, 0]]
    ),
    attention_case(
        "rotary and causal",
        8,
        {"heads": 2, "causal": True, "rotary": 10000},
        (5, 5),
        8,
        function=rotary,
    ),
    attention_case(
        "rotary of another base",
        9,
        {"heads": 1, "causal": True, "rotary": 100},
        (5, 5),
        4,
        function=rotary,
    ),
    *[
        block_case(
            f"{'normalised first' if pre else 'normalised last'}, {activation}",
            10 + 2 * pre + (activation == "gelu"),
            {"hidden": 6, "normFirst": pre, "activation": activation},
        )
        for pre in [False, True]
        for activation in ["relu", "gelu"]
    ],
    block_case(
        "normalised first, causal, with padding",
        14,
        {"hidden": 6, "normFirst": True, "activation": "gelu", "causal": True},
        mask=PADDED,
    ),
    block_case(
        "normalised last, with padding",
        15,
        {"hidden": 6, "normFirst": False, "activation": "relu"},
        mask=PADDED,
    ),
]
path = pathlib.Path(__file__).parent / "attention.json"
path.write_text(json.dumps({"method": "multi-head attention", "cases": cases}, separators=(",", ":")) + "\n")
