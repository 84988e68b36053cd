"""PyTorch's answers at the edges, in float32: no examples, one, axes of size 0, lengths of 0 and 1, masks over everything,
infinities, NaN, denormals. Weights are 0.25. python3 test/golden/edges.py > test/golden/data/edges.json"""
import json
import math

import torch
from torch import nn
from torch.nn import functional as F

inf, nan = math.inf, math.nan
extremes = [inf, -inf, nan, 1e38, -1e38, 1e-40, -1e-40, 0.0, 1.0]


def t(data, shape=None, dtype=torch.float32):
    x = torch.tensor(data, dtype=dtype)
    return x if shape is None else x.reshape(shape)


def whole(data, shape=None):
    return t(data, shape, torch.int64)


def z(*shape):
    """0.5, 1, 1.5 … in a shape."""
    return (torch.arange(math.prod(shape), dtype=torch.float32) / 2 + 0.5).reshape(shape)


def recorded(x):
    def number(v):
        return v if math.isfinite(v) else {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}[str(v)]

    x = x.detach()
    entry = {"shape": list(x.shape)}
    if x.dtype == torch.bool:
        return {**entry, "data": [int(v) for v in x.flatten().tolist()], "dtype": "bool"}
    if x.dtype in (torch.int32, torch.int64):
        return {**entry, "data": x.flatten().tolist(), "dtype": "int"}
    return {**entry, "data": [number(v) for v in x.flatten().tolist()]}


def layer(module):
    for parameter in module.parameters():
        nn.init.constant_(parameter, 0.25)
    return module


cases = []


def at(name, call, *inputs):
    """Records what `call` makes of each list of inputs; null where PyTorch refuses."""
    for given in inputs:
        given = given if isinstance(given, tuple) else (given,)
        with torch.no_grad():
            try:
                result = call(*given)
                found = list(result) if isinstance(result, (tuple, list)) else [result]
                outputs = {f"y{i}": recorded(y) for i, y in enumerate(found)}
            except (RuntimeError, ValueError, IndexError):
                outputs = None
        cases.append({"name": name, "inputs": {f"x{i}": recorded(x) for i, x in enumerate(given)}, "outputs": outputs})


# Layers: no example, one of one element an axis, an axis of no element.
at("Linear", layer(nn.Linear(3, 2)), z(0, 3), z(1, 3), z(2, 0, 3), t([inf, nan, 1, 1e38, 1e38, 1e38, 1e-40, 0, 0], (3, 3)))
at("Linear of no inputs", layer(nn.Linear(0, 2)), z(2, 0))
at("Conv1d", layer(nn.Conv1d(2, 3, 2)), z(0, 2, 5), z(1, 2, 2), z(1, 2, 0), z(1, 2, 1))
at("Conv2d", layer(nn.Conv2d(2, 3, 2, padding=1)), z(0, 2, 5, 5), z(1, 2, 1, 1), z(2, 2, 0, 3))
at("Conv3d", layer(nn.Conv3d(1, 2, 2)), z(0, 1, 3, 3, 3), z(1, 1, 2, 2, 2))
at("ConvTranspose1d", layer(nn.ConvTranspose1d(2, 3, 2)), z(0, 2, 5), z(1, 2, 1))
at("ConvTranspose2d", layer(nn.ConvTranspose2d(2, 3, 2)), z(0, 2, 3, 3), z(1, 2, 1, 1))
at("BatchNorm1d", layer(nn.BatchNorm1d(3)), z(0, 3), z(1, 3), z(2, 3), z(1, 3, 2), t([1e38] * 6, (2, 3)))
at("BatchNorm1d in evaluation", layer(nn.BatchNorm1d(3)).eval(), z(0, 3), z(1, 3), t([inf, nan, 1e38], (1, 3)))
at("BatchNorm2d", layer(nn.BatchNorm2d(3)), z(0, 3, 2, 2), z(1, 3, 1, 1), z(1, 3, 2, 1))
at("LayerNorm", layer(nn.LayerNorm(3)), z(0, 3), z(1, 3), t(extremes, (3, 3)), t([1e-40] * 3, (1, 3)), t([7] * 3, (1, 3)))
at("LayerNorm of one", layer(nn.LayerNorm(1)), z(2, 1))
at("GroupNorm", layer(nn.GroupNorm(1, 2)), z(0, 2, 4), z(1, 2), z(2, 2, 0))
at("InstanceNorm1d", layer(nn.InstanceNorm1d(2)), z(0, 2, 4), z(1, 2, 1), z(1, 2, 2))
at("LocalResponseNorm", nn.LocalResponseNorm(2), z(0, 3, 4), z(1, 1, 1), z(1, 3, 0))
at("Embedding", layer(nn.Embedding(3, 2)), whole([]), whole([2]), whole([], (2, 0)))
for mode in ("sum", "mean", "max"):
    at(f"EmbeddingBag {mode}", layer(nn.EmbeddingBag(3, 2, mode=mode)), (whole([]), whole([0, 0])), (whole([1]), whole([0, 1])))
at("MaxPool1d", nn.MaxPool1d(2), z(0, 2, 4), z(1, 1, 2), z(1, 2, 0), t([nan, 1, -inf, -inf, inf, 1], (1, 1, 6)))
at("MaxPool2d", nn.MaxPool2d(2), z(0, 2, 4, 4), z(1, 1, 2, 2), z(1, 0, 4, 4), t([1, 2, nan, 3], (1, 1, 2, 2)), t([-inf] * 4, (1, 1, 2, 2)))
at("MaxPool2d of a border", nn.MaxPool2d(2, padding=1), t([-inf], (1, 1, 1, 1)), t([nan], (1, 1, 1, 1)))
at("MaxPool3d", nn.MaxPool3d(2), z(0, 1, 2, 2, 2), z(1, 1, 2, 2, 2))
at("AvgPool1d", nn.AvgPool1d(2), z(0, 2, 4), z(1, 1, 2), t([inf, -inf, nan, 1, 1e38, 1e38], (1, 1, 6)))
at("AvgPool2d", nn.AvgPool2d(2), z(0, 2, 4, 4), z(1, 1, 2, 2))
at("AvgPool3d", nn.AvgPool3d(2), z(0, 1, 2, 2, 2), z(1, 1, 2, 2, 2))
at("AdaptiveAvgPool2d", nn.AdaptiveAvgPool2d(2), z(0, 2, 4, 4), z(2, 0, 4, 4), z(1, 1, 1, 1))
at("AdaptiveMaxPool2d", nn.AdaptiveMaxPool2d(2), z(0, 2, 4, 4), z(1, 1, 1, 1), t([nan, 1, 2, -inf], (1, 1, 2, 2)))
at("LPPool2d", nn.LPPool2d(2, 2), z(0, 2, 4, 4), z(1, 1, 2, 2))
at("PixelShuffle", nn.PixelShuffle(2), z(0, 4, 2, 2), z(1, 4, 1, 1), z(1, 4, 0, 1))
at("Upsample", nn.Upsample(scale_factor=2), z(0, 2, 3, 3), z(1, 1, 1, 1))
at("Upsample bilinear", nn.Upsample(scale_factor=2, mode="bilinear"), z(0, 2, 3, 3), z(1, 1, 1, 1))
at("Unfold", nn.Unfold(2), z(0, 2, 3, 3), z(1, 1, 2, 2))
at("Flatten", nn.Flatten(), z(0, 2, 3), z(1, 1))

# Recurrent layers: [steps, batch, input].
for kind in ("RNN", "GRU", "LSTM"):
    recurrent = layer(getattr(nn, kind)(3, 2))

    def run(x, recurrent=recurrent):
        y, h = recurrent(x)
        return [y, *(h if isinstance(h, tuple) else [h])]

    at(kind, run, z(4, 0, 3), z(1, 1, 3), z(0, 2, 3), t(extremes, (3, 1, 3)), t([1e38] * 3, (1, 1, 3)), t([-1e38] * 3, (1, 1, 3)))

    def packed(x, lengths, recurrent=recurrent):
        rows = nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
        y, h = recurrent(rows)
        return [nn.utils.rnn.pad_packed_sequence(y)[0], *(h if isinstance(h, tuple) else [h])]

    at(f"{kind} packed", packed, (z(3, 3, 3), whole([3, 3, 3])), (z(3, 2, 3), whole([1, 1])), (z(3, 3, 3), whole([1, 3, 2])))
    at(f"{kind} packed", packed, (z(3, 2, 3), whole([0, 3])), (z(3, 1, 3), whole([1])))
    at(f"{kind}Cell", layer(getattr(nn, kind + "Cell")(3, 2)), z(0, 3), z(1, 3))

# Attention.
attention = layer(nn.MultiheadAttention(4, 2, batch_first=True))
masked = lambda q, k, m: attention(q, k, k, key_padding_mask=m)
at("MultiheadAttention", lambda q, k: attention(q, k, k), (z(0, 3, 4), z(0, 3, 4)), (z(2, 0, 4), z(2, 3, 4)), (z(1, 1, 4), z(1, 1, 4)))
at("MultiheadAttention", lambda q, k: attention(q, k, k), (z(2, 3, 4), z(2, 0, 4)))
at("MultiheadAttention masked", masked, (z(1, 2, 4), z(1, 2, 4), t([1, 1], (1, 2), torch.bool)), (z(1, 2, 4), z(1, 2, 4), t([0, 1], (1, 2), torch.bool)))
at("MultiheadAttention masked", masked, (z(2, 2, 4), z(2, 2, 4), t([1, 1, 0, 0], (2, 2), torch.bool)))
encoder = layer(nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, batch_first=True))
at("TransformerEncoderLayer", encoder, z(0, 3, 4), z(2, 0, 4), z(1, 1, 4))
at("TransformerEncoderLayer masked", lambda x, m: encoder(x, src_key_padding_mask=m), (z(2, 2, 4), t([1, 1, 0, 0], (2, 2), torch.bool)))

# Losses: no example, one, infinities.
pairs = {
    "mseLoss": F.mse_loss, "l1Loss": F.l1_loss, "huberLoss": F.huber_loss, "smoothL1Loss": F.smooth_l1_loss,
    "softMarginLoss": F.soft_margin_loss, "hingeEmbeddingLoss": F.hinge_embedding_loss, "poissonNllLoss": F.poisson_nll_loss,
    "binaryCrossEntropyWithLogits": F.binary_cross_entropy_with_logits, "klDiv": F.kl_div,
}
for reduction in ("mean", "sum", "none"):
    for name, loss in pairs.items():
        call = lambda x, y, loss=loss: loss(x, y, reduction=reduction)
        at(f"{name} {reduction}", call, (z(0), z(0)), (z(0, 3), z(0, 3)), (t([0.5]), t([1])), (t([inf, -inf, nan, 1e38, 1e-40]), t([1, 1, 1, 1, 1])))
    at(f"binaryCrossEntropy {reduction}", lambda p, y: F.binary_cross_entropy(p, y, reduction=reduction), (z(0), z(0)), (t([0, 1, 0, 1]), t([1, 0, 0, 1])), (t([nan]), t([1])))
    call = lambda x, y: F.cross_entropy(x, y, reduction=reduction)
    at(f"crossEntropy {reduction}", call, (z(0, 3), whole([])), (z(1, 1), whole([0])), (z(2, 3), whole([-100, -100])), (z(2, 3), whole([-100, 1])))
    at(f"crossEntropy {reduction}", call, (t([inf, 0, 0], (1, 3)), whole([0])), (t([-inf, 0, 0], (1, 3)), whole([0])), (t([-inf, 0, 0], (1, 3)), whole([1])), (t([1e38, -1e38, 0], (1, 3)), whole([1])), (t([-inf] * 3, (1, 3)), whole([1])))
    at(f"nllLoss {reduction}", lambda x, y: F.nll_loss(x, y, reduction=reduction), (z(0, 3), whole([])), (z(2, 3), whole([-100, -100])), (t([-inf, 0, 0], (1, 3)), whole([0])))
    at(f"multiMarginLoss {reduction}", lambda x, y: F.multi_margin_loss(x, y, reduction=reduction), (z(1, 3), whole([0])), (t([inf, 0, 0], (1, 3)), whole([0])))
    at(f"cosineEmbeddingLoss {reduction}", lambda a, b, y: F.cosine_embedding_loss(a, b, y, reduction=reduction), (z(0, 3), z(0, 3), z(0)), (t([0, 0], (1, 2)), t([1, 0], (1, 2)), t([1])))
    at(f"tripletMarginLoss {reduction}", lambda a, b, c: F.triplet_margin_loss(a, b, c, reduction=reduction), (z(0, 3), z(0, 3), z(0, 3)), (z(1, 1), z(1, 1), z(1, 1)))
    at(f"marginRankingLoss {reduction}", lambda a, b, y: F.margin_ranking_loss(a, b, y, reduction=reduction), (z(0), z(0), z(0)), (t([inf]), t([0]), t([1])))
    at(f"multilabelSoftMarginLoss {reduction}", lambda x, y: F.multilabel_soft_margin_loss(x, y, reduction=reduction), (z(0, 3), z(0, 3)), (t([inf, -inf], (1, 2)), t([1, 0], (1, 2))))
    at(f"gaussianNllLoss {reduction}", lambda x, y, v: F.gaussian_nll_loss(x, y, v, reduction=reduction), (z(0), z(0), z(0)), (t([1]), t([1]), t([0])), (t([inf]), t([1]), t([1])))
    ctc = lambda x, y, n, m: F.ctc_loss(torch.log_softmax(x, 2), y, n, m, reduction=reduction)
    at(f"ctcLoss {reduction}", ctc, (z(2, 1, 3), whole([], (1, 0)), whole([2]), whole([0])), (z(1, 1, 3), whole([1, 2], (1, 2)), whole([1]), whole([2])), (z(1, 1, 3), whole([1], (1, 1)), whole([1]), whole([1])), (z(4, 2, 3), whole([1, 2, 1, 1], (2, 2)), whole([4, 2]), whole([2, 1])))

# Elementwise functions.
for name, f in {
    "relu": F.relu, "relu6": F.relu6, "leakyRelu": F.leaky_relu, "elu": F.elu, "selu": F.selu, "celu": F.celu, "gelu": F.gelu,
    "silu": F.silu, "mish": F.mish, "softplus": F.softplus, "softsign": F.softsign, "hardtanh": F.hardtanh,
    "hardswish": F.hardswish, "hardsigmoid": F.hardsigmoid, "hardshrink": F.hardshrink, "softshrink": F.softshrink,
    "tanhshrink": F.tanhshrink, "logSigmoid": F.logsigmoid, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "exp": torch.exp,
    "log": torch.log, "log1p": torch.log1p, "expm1": torch.expm1, "sqrt": torch.sqrt, "rsqrt": torch.rsqrt, "sin": torch.sin,
    "cos": torch.cos, "tan": torch.tan, "atan": torch.atan, "asin": torch.asin, "sinh": torch.sinh, "cosh": torch.cosh, "asinh": torch.asinh,
    "acosh": torch.acosh, "atanh": torch.atanh, "erf": torch.erf, "erfinv": torch.erfinv, "lgamma": torch.lgamma, "digamma": torch.digamma,
    "abs": torch.abs, "neg": torch.neg, "sign": torch.sign, "floor": torch.floor, "ceil": torch.ceil, "round": torch.round,
    "trunc": torch.trunc, "square": torch.square, "reciprocal": torch.reciprocal, "logit": torch.logit,
    "isNaN": torch.isnan, "isFinite": torch.isfinite,
}.items():
    at(name, f, t(extremes), t([-1e-40, -0.0, 1e-45]), z(0), z(2, 0, 3))
for name, f in {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "pow": torch.pow, "maximum": torch.maximum,
    "minimum": torch.minimum, "atan2": torch.atan2, "eq": torch.eq, "lt": torch.lt, "ge": torch.ge, "xlogy": torch.xlogy,
}.items():
    at(name, f, (t(extremes).reshape(9, 1), t(extremes)), (z(0, 3), z(1, 3)), (z(0, 1), z(1, 3)))

# Along an axis: the last.
for name, f in {
    "softmax": lambda x: x.softmax(-1), "logSoftmax": lambda x: x.log_softmax(-1), "logSumExp": lambda x: x.logsumexp(-1),
    "sum": lambda x: x.sum(-1), "mean": lambda x: x.mean(-1), "prod": lambda x: x.prod(-1), "max": lambda x: x.amax(-1),
    "min": lambda x: x.amin(-1), "argmax": lambda x: x.argmax(-1), "argmin": lambda x: x.argmin(-1), "variance": lambda x: x.var(-1), "std": lambda x: x.std(-1),
    "norm": lambda x: x.norm(dim=-1), "cumsum": lambda x: x.cumsum(-1), "cumprod": lambda x: x.cumprod(-1),
    "cummax": lambda x: x.cummax(-1), "cummin": lambda x: x.cummin(-1), "logcumsumexp": lambda x: x.logcumsumexp(-1),
    "sort": lambda x: x.sort(stable=True, dim=-1), "median": lambda x: x.median(-1)[0], "quantile": lambda x: x.quantile(0.5, -1), "nansum": lambda x: x.nansum(-1),
    "nanmean": lambda x: x.nanmean(-1), "all": lambda x: (x != 0).all(-1), "any": lambda x: (x != 0).any(-1),
    "topK": lambda x: x.topk(1, -1), "aminmax": lambda x: x.aminmax(dim=-1), "diff": lambda x: x.diff(),
}.items():
    at(name, f, z(0, 3), z(3, 0), z(1, 1), t([1, nan, 3, inf, 1, -inf, -inf, -inf, -inf, 1e38, 1e38, 1e38, 1e-40, -1e-40, 0], (5, 3)))
    at(name, f, t([inf, inf, 0, nan, nan, nan], (2, 3)))

# Products and decompositions of nothing.
at("matmul", torch.matmul, (z(2, 0), z(0, 3)), (z(0, 2), z(2, 3)), (z(0, 2, 3), z(0, 3, 2)), (z(0), z(0)), (t([inf, 0], (1, 2)), t([0, 1], (2, 1))))
at("einsum ij,jk->ik", lambda a, b: torch.einsum("ij,jk->ik", a, b), (z(2, 0), z(0, 3)), (z(0, 2), z(2, 3)))
at("det", torch.linalg.det, z(0, 0), z(0, 2, 2), z(1, 1), t([nan, 1, 1, 1], (2, 2)))
at("inv", torch.linalg.inv, z(0, 0), z(0, 2, 2), z(1, 1))
at("svdvals", torch.linalg.svdvals, z(0, 3), z(0, 2, 2), z(1, 1))
at("qr", torch.linalg.qr, z(0, 3), z(3, 0))
at("cholesky", torch.linalg.cholesky, z(0, 0), z(0, 2, 2), z(1, 1))
at("solve", torch.linalg.solve, (z(0, 0), z(0, 2)), (z(2, 2), z(2, 0)), (z(1, 1), z(1, 1)))
at("pinv", torch.linalg.pinv, z(0, 3), z(3, 0))
at("concat", lambda a, b: torch.cat([a, b]), (z(0, 3), z(2, 3)), (z(0, 3), z(0, 3)))
at("stack", lambda a, b: torch.stack([a, b]), (z(0, 3), z(0, 3)))
at("flip", lambda x: x.flip(0), z(0, 3), z(1))
at("pad", lambda x: F.pad(x, (1, 1)), z(0, 3), z(2, 0))

print(json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":")))
