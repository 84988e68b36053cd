"""PyTorch's distributions: python3 test/golden/distributions.py > test/golden/data/distributions.json"""
import json

import torch
import torch.distributions as D

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)


def exact(x):
    """Numbers that float32 holds."""
    return torch.as_tensor(x, dtype=torch.float32).to(torch.float64)


def lower(n, batch=()):
    raw = exact(torch.randn(*batch, n, n)).tril(-1)
    return exact(raw + torch.diag_embed(0.5 + torch.rand(*batch, n)))


a = exact(torch.randn(4, 3))
b = exact(0.25 + 2 * torch.rand(3))
c = exact(torch.randn(4, 1))
d = exact(0.5 + torch.rand(4, 3))
shares = exact([[0.25, 0.5, 0.25], [0.125, 0.125, 0.75]])
covariance = exact(lower(3) @ lower(3).T)
covariance = exact(covariance @ covariance.T + torch.eye(3))

# kind: the class, its parameters, those of another of its kind, values, shares
kinds = {
    "Normal": (D.Normal, {"loc": a, "scale": b}, {"loc": c, "scale": d}, a + 1, torch.rand(4, 3)),
    "Laplace": (D.Laplace, {"loc": a, "scale": b}, {"loc": c, "scale": d}, a - 0.75, torch.rand(4, 3)),
    "Uniform": (D.Uniform, {"low": a, "high": a + b}, {"low": a - 1, "high": a + b + 0.5}, a + 0.25 * b, torch.rand(4, 3)),
    "Gamma": (D.Gamma, {"concentration": b, "rate": d}, {"concentration": d + 2, "rate": b}, d, None),
    "Beta": (
        D.Beta,
        {"concentration1": b, "concentration0": d},
        {"concentration1": d, "concentration0": b + 1},
        0.125 + 0.75 * torch.rand(4, 3),
        None,
    ),
    "Dirichlet": (D.Dirichlet, {"concentration": b + 1}, {"concentration": d + 1}, shares[:, None, :], None),
    "Poisson": (D.Poisson, {"rate": b * 3}, {"rate": d}, torch.tensor([0.0, 2.0, 7.0]), None),
    "Bernoulli probs": (D.Bernoulli, {"probs": d / 2}, {"probs": (b / 4).expand(4, 3)}, torch.tensor([0.0, 1.0, 1.0]), None),
    "Bernoulli logits": (D.Bernoulli, {"logits": a}, {"logits": d}, torch.tensor([0.0, 1.0, 1.0]), None),
    "Categorical probs": (D.Categorical, {"probs": d}, {"probs": b.expand(4, 3)}, torch.tensor([0, 2, 1, 0]), None),
    "Categorical logits": (D.Categorical, {"logits": a}, {"logits": d}, torch.tensor([0, 2, 1, 0]), None),
    "MultivariateNormal scaleTril": (
        D.MultivariateNormal,
        {"loc": a, "scale_tril": lower(3)},
        {"loc": c.expand(4, 3), "scale_tril": lower(3, (4,))},
        a[:2, None],
        None,
    ),
    "MultivariateNormal covarianceMatrix": (
        D.MultivariateNormal,
        {"loc": a, "covariance_matrix": covariance},
        {"loc": c.expand(4, 3), "covariance_matrix": torch.eye(3)},
        a + 1,
        None,
    ),
    "MultivariateNormal precisionMatrix": (
        D.MultivariateNormal,
        {"loc": a, "precision_matrix": covariance},
        {"loc": c.expand(4, 3), "precision_matrix": torch.eye(3)},
        a + 1,
        None,
    ),
}


def names(parameters):
    """scale_tril: scaleTril"""
    return {k.split("_")[0] + "".join(w.title() for w in k.split("_")[1:]): x for k, x in parameters.items()}


def recorded(x):
    kind = {"dtype": "int"} if x.dtype == torch.int64 else {}
    return {"shape": list(x.shape), "data": x.detach().flatten().tolist(), **kind}


def case(name, compute, inputs, differentiable=True):
    """The result, and the gradients of its weighted sum."""
    inputs = {k: exact(x).clone().requires_grad_() if x.dtype != torch.int64 else x for k, x in inputs.items()}
    y = compute(inputs)
    weights = exact(torch.randn(y.shape))
    grads = {}
    if y.requires_grad and differentiable:
        leaves = {k: x for k, x in inputs.items() if x.requires_grad}
        found = torch.autograd.grad(y, list(leaves.values()), weights, allow_unused=True)
        grads = {k: recorded(g) for k, g in zip(leaves, found) if g is not None}
    return {
        "name": name,
        "params": {},
        "inputs": {k: recorded(x) for k, x in inputs.items()},
        "weights": {},
        "outputs": {"output": recorded(y)},
        "grad_outputs": {"output": recorded(weights)},
        "grads": grads,
    }


def snake(inputs, prefix=""):
    words = {"scaleTril": "scale_tril", "covarianceMatrix": "covariance_matrix", "precisionMatrix": "precision_matrix"}
    own = {k[len(prefix) :]: x for k, x in inputs.items() if k.startswith(prefix)}
    given = {words.get(k, k): x for k, x in own.items() if k not in ("value", "share") and not k.startswith("q:")}
    # Above the diagonal is nothing that a gradient could change.
    return {k: x.tril() if k == "scale_tril" else x for k, x in given.items()}


cases = []
for kind, (of, p, q, value, share) in kinds.items():
    parameters = names(p)

    # PyTorch's trigamma, in the gradient of digamma, has ten digits.
    few_digits = kind in ("Gamma", "Beta", "Dirichlet")

    def add(method, compute, others):
        differentiable = not (few_digits and method in ("entropy", "klDivergence"))
        cases.append(case(f"{kind} {method}", compute, {**parameters, **others}, differentiable))

    add("logProb", lambda x: of(**snake(x)).log_prob(x["value"]), {"value": value})
    if not kind.startswith("Categorical"):
        add("mean", lambda x: of(**snake(x)).mean * 1, {})
        add("variance", lambda x: of(**snake(x)).variance * 1, {})
    if kind != "Poisson":
        add("entropy", lambda x: of(**snake(x)).entropy(), {})
    if share is not None:
        add("cdf", lambda x: of(**snake(x)).cdf(x["value"]), {"value": value})
        add("icdf", lambda x: of(**snake(x)).icdf(x["share"]), {"share": share})
    other = {f"q:{k}": x for k, x in names(q).items()}
    add("klDivergence", lambda x: D.kl_divergence(of(**snake(x)), of(**snake(x, "q:"))), other)


def mixture(x):
    return D.MixtureSameFamily(D.Categorical(logits=x["logits"]), D.Normal(x["loc"], x["scale"]))


mixed = {"logits": a, "loc": a + 1, "scale": d}
values = exact(torch.randn(2, 4))
cases.append(case("MixtureSameFamily logProb", lambda x: mixture(x).log_prob(x["value"]), {**mixed, "value": values}))
cases.append(case("MixtureSameFamily cdf", lambda x: mixture(x).cdf(x["value"]), {**mixed, "value": values}))
cases.append(case("MixtureSameFamily mean", lambda x: mixture(x).mean, mixed))
cases.append(case("MixtureSameFamily variance", lambda x: mixture(x).variance, mixed))
print(json.dumps({"torch": torch.__version__, "computed_in": "float64", "cases": cases}, indent=1))
