"""PyTorch's packed sequences: python3 test/golden/packed.py > test/golden/data/packed.json"""
import json

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)


def exact(*shape):
    """Values that float32 holds exactly."""
    return torch.randn(*shape).float().double()


def recorded(tensors):
    return {k: {"shape": list(x.shape), "data": x.detach().flatten().tolist()} for k, x in tensors.items()}


def case(kind, lengths, **options):
    layer = getattr(torch.nn, kind.upper())(3, 4, **options)
    with torch.no_grad():
        for weight in layer.parameters():
            weight.copy_(weight.float())
    count = layer.num_layers * (2 if layer.bidirectional else 1)
    states = {"h0": exact(count, len(lengths), layer.proj_size or 4)}
    if kind == "lstm":
        states["c0"] = exact(count, len(lengths), 4)
    inputs = {"x": exact(max(lengths), len(lengths), 3), **states}
    for x in inputs.values():
        x.requires_grad_()
    packed = pack_padded_sequence(inputs["x"], lengths, enforce_sorted=False)
    given = tuple(states.values())
    output, left = layer(packed, given if kind == "lstm" else given[0])
    padded, counts = pad_packed_sequence(output, padding_value=0.5)
    assert counts.tolist() == lengths
    outputs = {"output": padded, **dict(zip(["hn", "cn"], left if kind == "lstm" else [left]))}
    grad_outputs = {k: exact(*y.shape) for k, y in outputs.items()}
    sum((y * grad_outputs[k]).sum() for k, y in outputs.items()).backward()
    weights = dict(layer.named_parameters())
    integers = {"batch_sizes": packed.batch_sizes, "sorted": packed.sorted_indices}
    return {
        "name": f"{kind} {options} {lengths}",
        "params": {"kind": kind, "lengths": lengths, **options, **{k: v.tolist() for k, v in integers.items()}},
        "inputs": recorded(inputs),
        "weights": recorded(weights),
        "packed": recorded({"data": packed.data}),
        "outputs": recorded(outputs),
        "grad_outputs": recorded(grad_outputs),
        "grads": recorded({k: x.grad for k, x in {**inputs, **weights}.items()}),
    }


cases = [
    case("rnn", [2, 4, 1], bidirectional=True),
    case("gru", [2, 4, 1], num_layers=2, bidirectional=True),
    case("lstm", [2, 4, 1], num_layers=2, bidirectional=True),
    case("lstm", [3, 1, 2, 2], proj_size=2, bidirectional=True),
    case("gru", [1]),
]
print(json.dumps({"torch": torch.__version__, "computed_in": "float64", "cases": cases}, indent=1))
