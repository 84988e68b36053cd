"""PyTorch's linear algebra: python3 test/golden/linalg.py > test/golden/data/linalg.json"""
import json
import math

import torch
from torch import linalg as la

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)


def exact(x):
    """Numbers that float32 holds, in few digits."""
    return x.to(torch.bfloat16).to(torch.float64)


def real(*shape):
    return exact(torch.randn(shape))


def regular(*shape):
    """Square matrices that are far from singular ones."""
    return exact(0.5 * real(*shape) + (1 + torch.arange(shape[-1])) * torch.eye(shape[-1]))


def full(*shape):
    """Matrices of full rank, far from those of a lower one."""
    return exact(0.5 * real(*shape) + 2 * torch.eye(*shape[-2:]))


def symmetric(*shape):
    """With eigenvalues apart from each other and from 0."""
    x = regular(*shape)
    return exact(x + x.mT + 4 * torch.diag(torch.arange(shape[-1])))


def definite(*shape):
    x = 0.5 * real(*shape)
    x = exact(x @ x.mT + (1 + torch.arange(shape[-1])) * torch.eye(shape[-1]))
    return exact((x + x.mT) / 2)


def recorded(x):
    integer = {"dtype": "int"} if not x.is_floating_point() else {}
    data = [v if math.isfinite(v) else str(v) for v in x.detach().flatten().tolist()]
    return {"shape": list(x.shape), "data": data, **integer}


cases = []


def case(op, compute, *operands, args=(), part=None, tracked=True):
    """One result of an op, by its name or place, and the gradients of its weighted sum."""
    leaves = {"abc"[i]: x.clone().requires_grad_(tracked) for i, x in enumerate(operands)}
    y = compute(*leaves.values())
    weights = real(*y.shape)
    grads = torch.autograd.grad(y, list(leaves.values()), weights, allow_unused=True) if y.requires_grad else []
    says = [op, str(part or ""), " · ".join(str(list(x.shape)) for x in operands), ", ".join(str(a) for a in args)]
    cases.append({
        "name": " ".join(word for word in says if word),
        "params": {"op": op, "args": [str(a) if isinstance(a, float) and math.isinf(a) else a for a in args], "part": part},
        "inputs": {k: recorded(x) for k, x in leaves.items()},
        "weights": {},
        "outputs": {"output": recorded(y)},
        "grad_outputs": {"output": recorded(weights)},
        "grads": {k: recorded(g) for k, g in zip(leaves, grads) if g is not None},
    })


# Of square matrices: one, several, one number, none, no numbers.
squares = ((3, 3), (2, 4, 4), (1, 1), (0, 2, 2), (2, 0, 0), (2, 1, 3, 3), (17, 17))
for shape in squares:
    for op, compute in (("det", la.det), ("inv", la.inv)):
        case(op, compute, regular(*shape))
    case("slogdet", lambda a: la.slogdet(a)[1], regular(*shape), part="logAbsDet")
    case("slogdet", lambda a: la.slogdet(a)[0], regular(*shape), part="sign", tracked=False)
    case("matrixExp", la.matrix_exp, exact(0.5 * real(*shape)))
    case("cholesky", la.cholesky, definite(*shape))
    case("eigvalsh", la.eigvalsh, symmetric(*shape))
    case("eigh", lambda a: la.eigh(a)[0], symmetric(*shape), part="values")
    case("trace", lambda a: a.diagonal(dim1=-2, dim2=-1).sum(-1), real(*shape))
    for n in (0, 1, 2, 5, -1, -3) if shape[-1] < 9 else (-2, 3):
        # Of the power 0 nothing depends on the matrix.
        case("matrixPower", lambda a: la.matrix_power(a, n), regular(*shape), args=[n], tracked=n != 0)
case("det", la.det, exact(-regular(3, 3)))
case("slogdet", lambda a: la.slogdet(a)[0], exact(-regular(3, 3)), part="sign", tracked=False)
case("det", la.det, torch.tensor([[1.0, 2.0], [2.0, 4.0]]))
case("slogdet", lambda a: la.slogdet(a)[1], torch.tensor([[0.0, 0.0], [2.0, 4.0]]), part="logAbsDet", tracked=False)
case("matrixExp", la.matrix_exp, exact(4 * real(5, 5)))


def upright(vectors):
    """Eigenvectors of which the first of the largest components is positive."""
    sign = vectors.detach().gather(-2, vectors.detach().abs().argmax(-2, keepdim=True)).sign()
    return vectors * sign


for shape in squares:
    if math.prod(shape) > 0:
        case("eigh", lambda a: upright(la.eigh(a)[1]), symmetric(*shape), part="vectors")

# Equations.
for a, b in (((3, 3), (3, 2)), ((3, 3), (3,)), ((2, 3, 3), (2, 3)), ((2, 3, 3), (3, 2)), ((3, 3), (2, 3, 4)), ((2, 1, 3, 3), (4, 3, 1)),
             ((0, 3, 3), (0, 3, 2)), ((0, 0), (0, 2)), ((3, 3), (3, 0)), ((17, 17), (17, 3))):
    case("solve", la.solve, regular(*a), real(*b))
for a, b in (((3, 3), (3, 2)), ((2, 3, 3), (3, 1)), ((2, 3, 3), (2, 3, 4)), ((0, 3, 3), (0, 3, 2)), ((0, 0), (0, 2)), ((3, 3), (3, 0))):
    for upper in (False, True):
        solve = lambda a, b: la.solve_triangular(a, b, upper=upper)
        case("solveTriangular", solve, regular(*a), real(*b), args=[{"upper": upper}])
        factor = regular(*a).triu() if upper else regular(*a).tril()
        solve = lambda b, l: torch.cholesky_solve(b, l.triu() if upper else l.tril(), upper=upper)
        case("choleskySolve", solve, real(*b), factor, args=[{"upper": upper}])

# Of matrices of any shape.
wide = ((4, 3), (3, 4), (3, 3), (2, 5, 2), (2, 2, 5), (1, 4), (4, 1), (0, 3, 2), (0, 3), (3, 0), (2, 17, 9))


def standing(q, r):
    """With a diagonal of r that is not negative."""
    sign = r.detach().diagonal(dim1=-2, dim2=-1).sign()
    if q.shape[-1] > sign.shape[-1]:
        sign = torch.cat([sign, torch.ones(*sign.shape[:-1], q.shape[-1] - sign.shape[-1])], -1)
    return q * sign[..., None, :], r * sign[..., : r.shape[-2], None]


for shape in wide:
    filled = math.prod(shape) > 0
    case("svdvals", la.svdvals, real(*shape))
    case("svd", lambda a: la.svd(a, full_matrices=False)[1], real(*shape), part="s")
    case("pinv", la.pinv, full(*shape))
    for i, part in enumerate("qr"):
        case("qr", lambda a: standing(*la.qr(a))[i], real(*shape), part=part)
    case("matrixRank", la.matrix_rank, real(*shape), tracked=False)
    for order in ("fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf):
        if math.prod(shape[-2:]) > 0 or order in ("fro", "nuc"):
            case("matrixNorm", lambda a: la.matrix_norm(a, order), real(*shape), args=[order])
    if filled:
        case("cond", lambda a: la.cond(a), real(*shape))
        case("cond", lambda a: la.cond(a, -2), real(*shape), args=[-2])
    for order in (0, 0.5, 1, 2, 3, math.inf, -math.inf, -1):
        if filled:
            case("vectorNorm", lambda a: la.vector_norm(a, order), real(*shape), args=[order])
            case("vectorNorm", lambda a: la.vector_norm(a, order, -2, True), real(*shape), args=[order, {"axis": -2, "keepDims": True}])
case("matrixNorm", lambda a: la.matrix_norm(a, 2, keepdim=True), real(2, 3, 4), args=[2, {"keepDims": True}])
case("matrixNorm", lambda a: la.matrix_norm(a, 1, keepdim=True), real(2, 3, 4), args=[1, {"keepDims": True}])
for order in ("fro", "nuc", 1, -1, math.inf, -math.inf):
    # la.cond changes in place what its own gradient needs.
    size = lambda a: la.matrix_norm(a, order) * la.matrix_norm(la.inv(a), order)
    case("cond", size, regular(2, 3, 3), args=[order])
low = real(5, 2) @ real(2, 4)
case("pinv", la.pinv, low)
case("matrixRank", la.matrix_rank, low, tracked=False)

for a, b in (((5, 3), (5, 2)), ((3, 3), (3, 1)), ((2, 5, 3), (2, 5, 2)), ((3, 5), (3, 2)), ((0, 4, 2), (0, 4, 1))):
    solve = lambda a, b: la.lstsq(a, b, driver="gelsd")
    case("lstsq", lambda a, b: solve(a, b).solution, full(*a), real(*b), part="solution")
    # PyTorch leaves them out elsewhere, and has no gradient of them.
    if a[-2] > a[-1] and math.prod(b) > 0:
        case("lstsq", lambda a, b: solve(a, b).residuals, full(*a), real(*b), part="residuals", tracked=False)

# Products.
for a, b in (((2, 3), (4, 2)), ((2,), (3,)), ((2, 2, 3), (3, 2)), ((2, 2), (1, 3, 2)), ((0, 2), (2, 2))):
    case("kron", torch.kron, real(*a), real(*b))
case("outer", torch.outer, real(3), real(4))
case("outer", torch.outer, real(0), real(4))
case("cross", la.cross, real(4, 3), real(4, 3))
case("cross", la.cross, real(2, 1, 3), real(1, 4, 3))
case("cross", lambda a, b: la.cross(a, b, dim=0), real(3, 2), real(3, 2), args=[0])
for shapes in (((2, 3), (3, 4), (4, 2)), ((3,), (3, 4), (4,)), ((5, 2), (2, 6), (6,)), ((2, 0), (0, 3), (3, 2))):
    case("multiDot", lambda *all: la.multi_dot(all), *(real(*shape) for shape in shapes))
for offset in (0, 1, -2):
    case("diagonal", lambda a: a.diagonal(offset, -2, -1), real(2, 3, 4), args=[offset])
    case("diagonal", lambda a: a.diagonal(offset, 0, 2), real(4, 3, 4), args=[offset, 0, 2])
    case("diag", lambda a: torch.diag(a, offset), real(4), args=[offset])
    case("diag", lambda a: torch.diag(a, offset), real(3, 4), args=[offset])
for formula, *shapes in (("ij,jk->ik", (2, 3), (3, 4)), ("bij,bkj->bik", (2, 3, 4), (2, 5, 4)), ("ii->i", (3, 3)), ("ij->ji", (2, 3)),
                         ("i,j,k->kij", (2,), (3,), (2,)), ("...ij,...j->...i", (2, 3, 4), (4,)), ("ij,ij->", (2, 3), (2, 3)), ("ij,jk", (0, 3), (3, 2))):
    case("einsum", lambda *all: torch.einsum(formula, *all), *(real(*shape) for shape in shapes), args=[formula])
print(json.dumps({"torch": torch.__version__, "computed_in": "float64", "cases": cases}))
