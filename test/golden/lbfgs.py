"""PyTorch's L-BFGS on a small smooth loss: python3 test/golden/lbfgs.py > test/golden/data/lbfgs.json"""
import json

import torch

torch.set_default_dtype(torch.float64)
C = torch.tensor([0.25, 0.5, -1.0])
D = torch.tensor([[1.0, 2.0], [-0.5, 0.75]])


def start():
    w = torch.tensor([1.5, -0.75, 2.0], requires_grad=True)
    v = torch.tensor([[0.5, -1.0], [2.5, 1.25]], requires_grad=True)
    return {"w": w, "v": v}


def objective(w, v):
    return torch.cosh(w - C).sum() + 0.1 * (w.sum() * v.sum()) ** 2 + ((v - D) ** 2).sum()


def values(parameters):
    return {k: {"shape": list(x.shape), "data": x.detach().flatten().tolist()} for k, x in parameters.items()}


def run(name, steps, **options):
    parameters = start()
    optimizer = torch.optim.LBFGS(list(parameters.values()), **options)
    calls = 0
    trace = []

    def closure():
        nonlocal calls
        calls += 1
        optimizer.zero_grad()
        loss = objective(**parameters)
        loss.backward()
        return loss

    for _ in range(steps):
        loss = optimizer.step(closure)
        trace.append({"loss": loss.item(), "calls": calls, "params": values(parameters)})
    return {"name": name, "initial": values(start()), "trace": trace}


cases = [
    run("fixed", 4, lr=0.5, max_iter=4),
    run("short history", 4, lr=0.5, max_iter=5, history_size=2),
    run("one iteration", 8, lr=0.3, max_iter=1),
    run("few calls", 4, lr=0.5, max_iter=9, max_eval=3),
    run("strong Wolfe", 2, max_iter=30, tolerance_change=0.0, tolerance_grad=1e-10, line_search_fn="strong_wolfe"),
]
print(json.dumps({"torch": torch.__version__, "computed_in": "float64", "cases": cases}, indent=1))
