"""Resident bytes that PyTorch takes for the VGG-like training step: the most in the step, less those before it."""
import resource
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(0)


def step(model, optimizer, x, labels):
    optimizer.zero_grad(set_to_none=True)
    F.cross_entropy(model(x), labels).backward()
    optimizer.step()


def resident():
    with open('/proc/self/statm') as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


def most_resident():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


# Every library that the step needs is loaded by a small one.
small = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 10))
step(small, torch.optim.Adam(small.parameters()), torch.randn(2, 3, 8, 8), torch.randint(0, 10, (2,)))

model = nn.Sequential(
    nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.Conv2d(128, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(128 * 64, 10))
x, labels = torch.randn(32, 3, 32, 32), torch.randint(0, 10, (32,))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
before = resident()
for count in range(5):
    step(model, optimizer, x, labels)
    if count == 0:
        first = most_resident() - before
print(first, most_resident() - before)
