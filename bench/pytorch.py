"""The cases of bench/cases.ts in PyTorch. Prints {"version": ..., "timings": {case: {"median": ms, "minimum": ms}}}."""
import argparse, json, os, statistics, time
import torch
import torch.nn as nn
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument('--threads', type=int, default=1)
parser.add_argument('--seconds', type=float, default=0.3)
parser.add_argument('--only', default='')
parser.add_argument('--channels-last', action='store_true')
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(0)
layout = dict(memory_format=torch.channels_last) if arguments.channels_last else {}


def measure(call):
    def batch(n):
        start = time.perf_counter()
        for _ in range(n):
            call()
        return (time.perf_counter() - start) * 1e3

    repeats = 1
    while batch(repeats) < 1 and repeats < 1 << 20:
        repeats *= 2
    samples, end = [], time.perf_counter() + arguments.seconds
    while time.perf_counter() < end or len(samples) < 5:
        samples.append(batch(repeats) / repeats)
    return {'median': statistics.median(samples), 'minimum': min(samples)}


def square(n):
    a, b = torch.rand(n, n), torch.rand(n, n)
    return lambda: a @ b


def add(n):
    a, b = torch.rand(n), torch.rand(n)
    return lambda: a + b


def step(model, shape, **variant):
    x, labels = torch.rand(*shape), torch.randint(0, 10, (shape[0],))
    if len(shape) == 4 and layout:
        model, x = model.to(**layout), x.contiguous(**layout)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **variant)

    def call():
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(model(x), labels).backward()
        optimizer.step()

    return call


def best_step(build, shape):
    """Its fastest Adam: fused where this version has it for a CPU, else all parameters together, else one by one."""
    timings = []
    for variant in ({'fused': True}, {'foreach': True}, {}):
        try:
            call = step(build(), shape, **variant)
            call()
        except (RuntimeError, TypeError):
            continue
        timings.append(measure(call))
    return min(timings, key=lambda timing: timing['median'])


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def mlp():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))


def small_mlp():
    return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))


def vgg():
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.Conv2d(128, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(128 * 64, 10))


cases = {
    'sgemm 512³': lambda: measure(square(512)),
    'sgemm 1024³': lambda: measure(square(1024)),
    'LeNet-5 training step, batch 64': lambda: best_step(lenet5, (64, 1, 28, 28)),
    'MLP 784-512-256-10 training step, batch 128': lambda: best_step(mlp, (128, 784)),
    'MLP 64-32-10 training step, batch 32': lambda: best_step(small_mlp, (32, 64)),
    'VGG-like training step, batch 32': lambda: best_step(vgg, (32, 3, 32, 32)),
    'add of 16 elements': lambda: measure(add(16)),
    'add of 10⁶ elements': lambda: measure(add(1000000)),
}
timings = {name: run() for name, run in cases.items() if arguments.only in name}
# Debian's PyTorch multiplies with whatever BLAS the system's alternatives name; the reference one is 20 times slower.
blas = os.path.realpath('/usr/lib/x86_64-linux-gnu/libblas.so.3').split('/')[-2]
print(json.dumps({'version': f'PyTorch {torch.__version__} with {blas}', 'timings': timings}))
