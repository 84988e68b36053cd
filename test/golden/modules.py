"""PyTorch's Transformer and EmbeddingBag, in float64 from inputs that float32 holds exactly:
python3 test/golden/modules.py test/golden/data"""
import json
import sys

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(20261122)


def random(*shape, scale=1.0):
    return (torch.randn(*shape, generator=generator) * scale).float().double()


def recorded(x):
    x = x.detach()
    entry = {"shape": list(x.shape), "data": x.flatten().tolist()}
    if x.dtype == torch.bool:
        return {**entry, "data": [int(v) for v in entry["data"]], "dtype": "bool"}
    return {**entry, "dtype": "int"} if x.dtype in (torch.int32, torch.int64) else entry


def case(name, params, module, inputs, call):
    for parameter in module.parameters():
        parameter.data = random(*parameter.shape, scale=0.4)
    for x in inputs.values():
        if x.is_floating_point():
            x.requires_grad_(True)
    output = call(module, **inputs)
    direction = random(*output.shape)
    leaves = {**{k: x for k, x in inputs.items() if x.requires_grad}, **dict(module.named_parameters())}
    gradients = torch.autograd.grad((output * direction).sum(), list(leaves.values()), allow_unused=True)
    return {
        "name": name,
        "params": params,
        "inputs": {k: recorded(x) for k, x in inputs.items()},
        "weights": {k: recorded(x) for k, x in module.named_parameters()},
        "outputs": {"output": recorded(output)},
        "grad_outputs": {"output": recorded(direction)},
        "grads": {k: recorded(g) for k, g in zip(leaves, gradients) if g is not None},
    }


def transformer(name, activation, norm_first, masked):
    params = dict(d_model=4, nhead=2, num_encoder_layers=2, num_decoder_layers=2, dim_feedforward=6)
    module = nn.Transformer(**params, dropout=0.0, activation=activation, norm_first=norm_first, batch_first=True)
    inputs = dict(src=random(2, 4, 4), tgt=random(2, 3, 4))
    if masked:
        inputs["padding"] = torch.tensor([[False, False, False, False], [False, False, True, True]])

    def call(m, src, tgt, padding=None):
        mask = torch.triu(torch.ones(3, 3, dtype=torch.bool), 1) if masked else None
        return m(src, tgt, tgt_mask=mask, src_key_padding_mask=padding, memory_key_padding_mask=padding)

    return case(name, dict(params, activation=activation, norm_first=norm_first), module, inputs, call)


def bag(name, mode, padding_idx=None, weighted=False, offsets=None):
    module = nn.EmbeddingBag(7, 3, mode=mode, padding_idx=padding_idx, include_last_offset=False)
    indices = torch.randint(0, 7, (8,) if offsets else (3, 4), generator=generator)
    if padding_idx is not None:
        indices[..., 1] = padding_idx
    inputs = dict(indices=indices)
    if offsets:
        inputs["offsets"] = torch.tensor(offsets)
    if weighted:
        inputs["per_sample_weights"] = random(*indices.shape)

    def call(m, indices, offsets=None, per_sample_weights=None):
        return m(indices, offsets, per_sample_weights)

    return case(name, dict(mode=mode, padding_idx=padding_idx), module, inputs, call)


files = {
    "transformer": [
        transformer("transformer_relu_post", "relu", False, False),
        transformer("transformer_gelu_pre_masked", "gelu", True, True),
        transformer("transformer_relu_post_masked", "relu", False, True),
    ],
    "embedding_bag": [
        *(bag(f"embedding_bag_{mode}", mode) for mode in ("sum", "mean", "max")),
        *(bag(f"embedding_bag_{mode}_offsets", mode, offsets=[0, 3, 3, 7]) for mode in ("sum", "mean", "max")),
        *(bag(f"embedding_bag_{mode}_padding", mode, padding_idx=2) for mode in ("sum", "mean", "max")),
        bag("embedding_bag_sum_weighted", "sum", 2, True, [0, 1, 6]),
    ],
}
for file, cases in files.items():
    with open(f"{sys.argv[1]}/{file}.json", "w") as out:
        json.dump({"torch": torch.__version__, "cases": cases}, out)
