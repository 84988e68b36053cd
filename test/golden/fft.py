"""PyTorch's Fourier transforms and complex numbers: python3 test/golden/fft.py > test/golden/data/fft.json"""
import json
import re

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)


def exact(x):
    """Numbers that float32 holds, in few digits."""
    return x.to(torch.bfloat16).to(torch.float64)


def real(*shape):
    return exact(torch.randn(shape))


def pairs(*shape):
    """Complex numbers as pairs of their parts; an operand of this kind has a name that begins with z."""
    return exact(torch.randn(*shape, 2))


def recorded(x):
    return {"shape": list(x.shape), "data": x.detach().flatten().tolist()}


cases = []


def case(name, compute, inputs, **params):
    """The result, and the gradients of its weighted sum; complex numbers as pairs."""
    leaves = {k: x.clone().requires_grad_() for k, x in inputs.items()}
    y = compute(*(torch.view_as_complex(x) if k.startswith("z") else x for k, x in leaves.items()))
    y = torch.view_as_real(y.resolve_conj()) if y.is_complex() else y
    weights = real(*y.shape)
    grads = torch.autograd.grad(y, list(leaves.values()), weights) if y.requires_grad else []
    cases.append({
        "name": name,
        "params": params,
        "inputs": {k: recorded(x) for k, x in leaves.items()},
        "weights": {},
        "outputs": {"output": recorded(y)},
        "grad_outputs": {"output": recorded(weights)},
        "grads": {k: recorded(g) for k, g in zip(leaves, grads)},
    })


def transform(op, x, **options):
    """A transform of x with the options that have the names of `lib/ops/fft/options.ts`."""
    names = {"axis": "dim", "axes": "dim"}
    given = {names.get(k, k): v for k, v in options.items()}
    kind, shape = ("x", x.shape) if op.startswith("r") or options.pop("real", False) else ("z", x.shape[:-1])
    given.pop("real", None)
    says = " ".join(f"{k} {v}" for k, v in options.items())
    name = f"{op} {kind} {list(shape)} {says}".strip()
    case(name, lambda x: getattr(torch.fft, op)(x, **given), {kind: x}, op=op, options=options)


# Along one axis: lengths of all passes and of none, more and fewer numbers than there are, all norms, axes from both ends.
for op in ("fft", "ifft", "rfft", "irfft"):
    signal = real if op == "rfft" else pairs
    for n in (1, 2, 3, 4, 5, 7, 11, 13, 16, 17, 34):
        if op != "irfft" or n > 1:
            transform(op, signal(n))
    for norm in ("forward", "backward", "ortho"):
        for n in (3, 4, 8, 9):
            transform(op, signal(2, 5), n=n, norm=norm)
        transform(op, signal(6, 3, 2), axis=-3, norm=norm)
        transform(op, signal(2, 7, 3), axis=1, norm=norm)
    transform(op, signal(3, 6, 2), axis=0, n=5)
    transform(op, signal(3, 6, 2), axis=-2, n=1)
    transform(op, signal(0, 4))
    transform(op, signal(256))
    transform(op, signal(3, 17, 2), axis=1)
for op in ("fft", "ifft"):
    transform(op, real(2, 6), real=True, norm="ortho")
    transform(op, real(5, 3), real=True, axis=0, n=7)
transform("irfft", pairs(1), n=1)
transform("irfft", pairs(2, 5), n=9)

# Along several.
for op in ("fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn"):
    signal = real if op.startswith("r") else pairs
    for norm in ("forward", "backward", "ortho"):
        transform(op, signal(2, 2, 3), norm=norm)
        transform(op, signal(3, 5), s=(4, 6), norm=norm)
    transform(op, signal(4, 5), s=(3, -1))
    transform(op, signal(3, 4, 5), axes=(0, 2))
    transform(op, signal(3, 4, 5), axes=(-1, -3))
    transform(op, signal(3, 4, 5), axes=(-3, 1), s=(2, 5), norm="ortho")
    transform(op, signal(0, 3, 4), axes=(1, 2))
for op in ("fftn", "ifftn", "rfftn", "irfftn"):
    signal = real if op.startswith("r") else pairs
    transform(op, signal(2, 3, 4), s=(5,))
    transform(op, signal(2, 3, 4, 2))

# What goes with them.
for shape, axes in (((5,), None), ((4, 5), None), ((4, 5), (0,)), ((3, 4, 5), (-1, 0)), ((0, 3), None)):
    for op in ("fftshift", "ifftshift"):
        at = {} if axes is None else {"dim": axes}
        args = [] if axes is None else [axes]
        case(f"{op} {list(shape)} {axes}", lambda x: getattr(torch.fft, op)(x, **at), {"x": real(*shape)}, op=op, args=args)
for n, d in ((1, 1.0), (4, 1.0), (5, 0.25), (8, -0.5)):
    for op in ("fftfreq", "rfftfreq"):
        case(f"{op} {n} {d}", lambda: getattr(torch.fft, op)(n, d), {}, op=op, n=n, d=d)


def framed(op, shape, length=None, **options):
    """Spectra of frames, with the names of `lib/ops/fft/stft.ts`, and signals of them."""
    given = {re.sub("[A-Z]", lambda m: "_" + m[0].lower(), k): v for k, v in options.items()}
    window = real(options.get("winLength", options["nFft"])).abs() + 0.5
    says = " ".join(f"{k} {v}" for k, v in options.items())
    if op == "stft":
        compute = lambda x, window: torch.stft(x, window=window, return_complex=True, **given)
        case(f"stft {list(shape)} {says}", compute, {"x": real(*shape), "window": window}, op=op, options=options)
    else:
        # A centred frame's imaginary parts at its ends have no meaning, and no gradient.
        compute = lambda z, window: torch.istft(z, window=window, length=length, **given)
        options = {**options, **({} if length is None else {"length": length})}
        case(f"istft {list(shape)} {says} {length}", compute, {"z": pairs(*shape), "window": window}, op=op, options=options)


framed("stft", (20,), nFft=8)
framed("stft", (2, 25), nFft=8, hopLength=3)
framed("stft", (2, 25), nFft=9, hopLength=4, winLength=6, center=False)
framed("stft", (2, 16), nFft=8, normalized=True, onesided=False)
framed("stft", (16,), nFft=8, padMode="constant")
framed("istft", (5, 6), nFft=8, hopLength=2)
framed("istft", (2, 5, 6), nFft=8, hopLength=3, length=14)
framed("istft", (2, 5, 4), nFft=9, hopLength=3, winLength=7, normalized=True)
framed("istft", (2, 8, 4), nFft=8, hopLength=4, onesided=False)

# Complex numbers.
x, y, r = pairs(3, 4), pairs(3, 4), real(3, 4)
unary = {
    "abs": torch.abs, "angle": torch.angle, "conj": torch.conj, "real": torch.real, "imag": torch.imag, "neg": torch.neg,
    "square": torch.square, "reciprocal": torch.reciprocal, "exp": torch.exp, "sum": torch.sum, "mean": torch.mean,
}
for op, compute in unary.items():
    case(f"{op} of complex numbers", compute, {"z": x}, op=op)
case("angle of real numbers", torch.angle, {"x": r}, op="angle")
for op in ("add", "sub", "mul", "div"):
    case(f"{op} of complex numbers", getattr(torch, op), {"z": x, "z2": y}, op=op)
    case(f"{op} of a row of complex numbers", getattr(torch, op), {"z": x, "z2": pairs(4)}, op=op)
    case(f"{op} of complex and real numbers", getattr(torch, op), {"z": x, "x": r}, op=op)
    case(f"{op} of real and complex numbers", getattr(torch, op), {"x": r, "z": x}, op=op)
    case(f"{op} of no complex numbers", getattr(torch, op), {"z": pairs(0, 3), "z2": pairs(3)}, op=op)
case("matmul of complex numbers", torch.matmul, {"z": pairs(2, 3, 4), "z2": pairs(4, 5)}, op="matmul")
case("complex", torch.complex, {"x": real(3), "x2": real(2, 3)}, op="complex")
case("polar", torch.polar, {"x": real(3).abs(), "x2": real(2, 3)}, op="polar")
print(json.dumps({"torch": torch.__version__, "computed_in": "float64", "cases": cases}))
