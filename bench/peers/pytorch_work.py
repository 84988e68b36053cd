"""What PyTorch is asked to do, by the words of bench/cases, and the ways in which it can be done."""
import contextlib, os
import torch
import torch.nn as nn
import torch.nn.functional as F
from pytorch_elements import element_variants


class Recurrent(nn.Module):
    """Says a class after the last of 32 steps."""

    def __init__(self):
        super().__init__()
        self.recurrent = nn.LSTM(64, 256)
        self.head = nn.Linear(256, 10)

    def forward(self, x):
        return self.head(self.recurrent(x)[0][-1])


class Block(nn.Module):
    """A pre-norm encoder layer by hand, for export: nn.TransformerEncoderLayer's fast path cannot be."""

    def __init__(self, width=256, hidden=1024):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.q, self.k, self.v, self.out = (nn.Linear(width, width) for _ in range(4))
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x):
        h = self.norm1(x)
        q, k, v = (part(h).reshape(16, 128, 4, 64).transpose(1, 2) for part in (self.q, self.k, self.v))
        attended = torch.softmax(q @ k.transpose(-1, -2) * 64 ** -0.5, -1) @ v
        x = x + self.out(attended.transpose(1, 2).reshape(16, 128, 256))
        return x + self.down(torch.relu(self.up(self.norm2(x))))


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def mlp():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))


def small():
    return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))


def vgg():
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.Conv2d(128, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(128 * 64, 10))


def normalised():
    def block(channels, filters):
        return [nn.Conv2d(channels, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters), nn.ReLU()]

    return nn.Sequential(*block(3, 64), *block(64, 64), nn.MaxPool2d(2), *block(64, 128), *block(128, 128),
                         nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128 * 64, 10))


def folded():
    layers = []
    for layer in normalised().eval():
        if isinstance(layer, nn.BatchNorm2d):
            layers[-1] = torch.nn.utils.fuse_conv_bn_eval(layers[-1], layer)
        else:
            layers.append(layer)
    return nn.Sequential(*layers)


def transformer():
    return nn.TransformerEncoderLayer(256, 4, 1024, dropout=0.0, activation='relu', batch_first=True, norm_first=True)


# Each with its input's shape and its batch's size; the Transformer's block learns a tensor of its input's shape.
models = {'mlp': (mlp, (128, 784), 128), 'lenet': (lenet, (64, 1, 28, 28), 64), 'vgg': (vgg, (32, 3, 32, 32), 32),
          'normalised': (normalised, (32, 3, 32, 32), 32), 'folded': (folded, (32, 3, 32, 32), 32),
          'lstm': (Recurrent, (32, 64, 64), 64), 'transformer': (transformer, (16, 128, 256), None),
          'small': (small, (32, 64), 32)}


def precise(dtype):
    return torch.autocast('cpu', dtype=torch.bfloat16) if dtype == 'bfloat16' else contextlib.nullcontext()


def prepared(name, channels_last):
    build, shape, batch = models[name]
    model, x = build(), torch.randn(shape)
    if channels_last:
        model, x = model.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    return model, x, batch


def step(name, dtype, channels_last, adam):
    model, x, batch = prepared(name, channels_last)
    if batch is None:
        target, loss = torch.randn(x.shape), F.mse_loss
    else:
        target, loss = torch.randint(0, 10, (batch,)), F.cross_entropy
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **adam)

    def call():
        optimizer.zero_grad(set_to_none=True)
        with precise(dtype):
            error = loss(model(x), target)
        error.backward()
        optimizer.step()

    return call


def forward(name, dtype, channels_last, training):
    model, x, _ = prepared(name, channels_last)
    model.train(training)

    def call():
        with torch.no_grad(), precise(dtype):
            model(x)

    return call


def model_variants(kind, name, dtype):
    layouts = (False, True) if len(models[name][1]) == 4 else (False,)
    adams = {'fused Adam': {'fused': True}, 'foreach Adam': {'foreach': True}, 'Adam': {}}
    for channels_last in layouts:
        layout = 'channels last' if channels_last else 'contiguous'
        if kind == 'inference':
            yield layout, lambda c=channels_last: forward(name, dtype, c, False)
            # The Transformer's fast path knows no autocast; dropout is 0, so training mode says the same without it.
            if name == 'transformer':
                yield 'without fast path', lambda c=channels_last: forward(name, dtype, c, True)
            continue
        for adam, options in adams.items():
            yield f'{layout}, {adam}', lambda c=channels_last, o=options: step(name, dtype, c, o)


def product(dtype, transposed, *sizes):
    batch, m, n, k = map(int, sizes)
    kind = getattr(torch, dtype)
    a = torch.randn((batch, k, m) if transposed[0] == 'T' else (batch, m, k)).to(kind)
    b = torch.randn((batch, n, k) if transposed[1] == 'T' else (batch, k, n)).to(kind)
    a = a.transpose(1, 2) if transposed[0] == 'T' else a
    b = b.transpose(1, 2) if transposed[1] == 'T' else b
    a, b = (a[0], b[0]) if batch == 1 else (a, b)
    out = a @ b
    return [('fresh', lambda: a @ b), ('out=', lambda: torch.matmul(a, b, out=out))]


def tiny_variants(*words):
    a, b = torch.rand(16), torch.rand(16)
    if words == ('add',):
        return [('', lambda: a + b)]
    recorded = torch.rand(16, requires_grad=True)
    if words == ('add', 'recorded'):
        return [('', lambda: recorded + b)]

    def call():
        recorded.grad = None
        (recorded * b).sum().backward()

    return [('', call)] if words == ('backward',) else []


def variants(words):
    """Names, and functions that make the call of the variant."""
    kind, *rest = words
    if kind in ('training', 'inference'):
        return model_variants(kind, *rest)
    calls = {'gemm': product, 'elements': element_variants, 'tiny': tiny_variants}
    if kind == 'sum':
        a, b = torch.rand(int(rest[0])), torch.rand(int(rest[0]))
        return [('fresh', lambda: lambda: a + b)]
    return [(name, lambda call=call: call) for name, call in calls[kind](*rest)] if kind in calls else []


def export(folder):
    """Writes every model, ready for inference, as folder/NAME.onnx with input x."""
    for name, (build, shape, _) in models.items():
        model = Block() if name == 'transformer' else build()
        torch.onnx.export(model.eval(), torch.randn(shape), os.path.join(folder, f'{name}.onnx'), opset_version=13,
                          input_names=['x'], output_names=['y'])
