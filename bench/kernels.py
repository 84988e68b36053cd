"""The kernel cases of bench/kernel_cases.ts in PyTorch, into given results wherever it can. Prints {case: ms}."""
import argparse, json, time
import torch
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument('--threads', type=int, default=1)
parser.add_argument('--seconds', type=float, default=0.1)
parser.add_argument('--only', default='')
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.set_grad_enabled(False)
torch.manual_seed(0)
aten = torch.ops.aten
N, matrix = 1000000, (1000, 1000)
rand, randn, empty = torch.rand, torch.randn, torch.empty
cases = {}


def half(*shape):
    return torch.rand(*shape) * 0.8 + 0.1


def case(name, setup):
    cases[name] = setup


def into(function, y, *operands, **options):
    return lambda: function(*operands, out=y, **options)


# Elementwise.
unary = dict(relu=torch.clamp_min, softplus=aten.softplus)
for name in ('neg abs sign square exp expm1 log log1p log2 sqrt rsqrt reciprocal floor ceil round trunc sin cos tan asin acos '
             'atan sinh cosh tanh atanh asinh erf sigmoid').split():
    case(name, lambda name=name: into(getattr(torch, name), empty(N), half(N)))
case('acosh', lambda: into(torch.acosh, empty(N), half(N) + 1))
case('relu', lambda: into(torch.clamp_min, empty(N), half(N), 0))
case('softplus', lambda: into(aten.softplus, empty(N), half(N)))
for name, approximate in (('gelu', 'none'), ('gelu tanh', 'tanh')):
    case(name, lambda a=approximate: into(aten.gelu, empty(N), randn(N), approximate=a))
    case(name + ' gradient', lambda a=approximate: gelu_gradient(a))


def gelu_gradient(approximate):
    dx, dy, x = empty(N), randn(N), randn(N)
    return lambda: torch.ops.aten.gelu_backward.grad_input(dy, x, approximate=approximate, grad_input=dx)


def with_input(op, *operands):
    dx = empty(N)
    return lambda: op.grad_input(*operands, grad_input=dx)


case('tanh gradient', lambda: with_input(aten.tanh_backward, randn(N), half(N)))
case('sigmoid gradient', lambda: with_input(aten.sigmoid_backward, randn(N), half(N)))
case('relu gradient', lambda: with_input(aten.threshold_backward, randn(N), half(N), 0))
for n in (10, 100, 1000, 10000, 100000):
    case(f'add {n}', lambda n=n: into(torch.add, empty(n), rand(n), rand(n)))
    case(f'relu {n}', lambda n=n: into(torch.clamp_min, empty(n), rand(n), 0))
    case(f'exp {n}', lambda n=n: into(torch.exp, empty(n), rand(n)))
    case(f'sum {n}', lambda n=n: into(torch.sum, empty(1), rand(n), dim=0, keepdim=True))
    case(f'softmax [{n // 10}, 10]', lambda n=n: into(aten._softmax, empty(n // 10, 10), randn(n // 10, 10), 1, False))
for name in 'add sub mul div pow atan2 maximum minimum'.split():
    case(name, lambda name=name: into(getattr(torch, name), empty(N), half(N), half(N)))
case('add, row', lambda: into(torch.add, empty(matrix), rand(matrix), rand(1000)))
case('add, column', lambda: into(torch.add, empty(matrix), rand(matrix), rand(1000, 1)))
case('add, scalar', lambda: into(torch.add, empty(matrix), rand(matrix), rand([])))
case('add, channels', lambda: into(torch.add, empty(32, 64, 22, 22), rand(32, 64, 22, 22), rand(64, 1, 1)))
case('add, transposed', lambda: into(torch.add, empty(matrix), rand(matrix), rand(matrix).t()))
case('add, both transposed', lambda: into(torch.add, empty(matrix), rand(matrix).t(), rand(matrix).t()))
case('mul, row', lambda: into(torch.mul, empty(matrix), rand(matrix), rand(1000)))
case('div, column', lambda: into(torch.div, empty(matrix), rand(matrix), half(1000, 1)))
case('relu, transposed', lambda: into(torch.clamp_min, empty(matrix), rand(matrix).t(), 0))
case('add, float64', lambda: into(torch.add, empty(N).double(), rand(N).double(), rand(N).double()))
case('add, int32', lambda: into(torch.add, empty(N).int(), torch.randint(0, 9, (N,)).int(), torch.randint(0, 9, (N,)).int()))
for name in 'eq lt ge'.split():
    case(name, lambda name=name: into(getattr(torch, name), empty(N, dtype=torch.bool), rand(N), rand(N)))
case('gt, scalar', lambda: into(torch.gt, empty(N, dtype=torch.bool), rand(N), rand([])))
case('where', lambda: into(torch.where, empty(N), rand(N) > 0.5, rand(N), rand(N)))
case('where, scalar', lambda: into(torch.where, empty(N), rand(N) > 0.5, rand(N), torch.zeros([])))
case('clamp min', lambda: into(torch.clamp_min, empty(N), rand(N), 0.5))


# Copies.
def copied(y, x):
    return lambda: y.copy_(x)


case('copy', lambda: copied(empty(N), rand(N)))
case('fill', lambda: (lambda y: lambda: y.fill_(1))(empty(N)))
for dtype in 'float64 bfloat16 int32 uint8 bool'.split():
    kind = getattr(torch, dtype)
    case(f'float32 to {dtype}', lambda kind=kind: copied(torch.zeros(N, dtype=kind), rand(N) * 3))
    case(f'{dtype} to float32', lambda kind=kind: copied(empty(N), (rand(N) * 3).to(kind)))
layouts = [('transpose [1000, 1000]', (1000, 1000), (1, 0)), ('transpose [1024, 1024]', (1024, 1024), (1, 0)),
           ('transpose [100000, 10]', (100000, 10), (1, 0)), ('transpose [10, 100000]', (10, 100000), (1, 0)),
           ('transpose [20000, 50]', (20000, 50), (1, 0)),
           ('NCHW to NHWC [32, 64, 22, 22]', (32, 64, 22, 22), (0, 2, 3, 1)),
           ('NHWC to NCHW [32, 22, 22, 64]', (32, 22, 22, 64), (0, 3, 1, 2)),
           ('NCHW to NHWC [64, 3, 72, 72]', (64, 3, 72, 72), (0, 2, 3, 1)),
           ('NHWC to NCHW [64, 72, 72, 3]', (64, 72, 72, 3), (0, 3, 1, 2)),
           ('heads [16, 128, 8, 64]', (16, 128, 8, 64), (0, 2, 1, 3)),
           ('permute [100, 100, 100] 2, 1, 0', (100, 100, 100), (2, 1, 0)),
           ('permute [100, 100, 100] 1, 2, 0', (100, 100, 100), (1, 2, 0)),
           ('permute [100, 100, 100] 1, 0, 2', (100, 100, 100), (1, 0, 2))]
for name, shape, order in layouts:
    case(name, lambda s=shape, o=order: (lambda x: copied(empty(x.shape), x))(rand(s).permute(o)))
case('concat, last axis', lambda: copied(empty(1000, 2000)[:, :1000], rand(matrix)))
case('slice, every second', lambda: copied(empty(1000, 500), rand(matrix)[:, ::2]))

# Reductions.
reductions = [('all', (N,), None), ('last axis [1000, 1000]', matrix, 1), ('first axis [1000, 1000]', matrix, 0),
              ('middle axis [100, 100, 100]', (100, 100, 100), 1), ('channels [32, 64, 22, 22]', (32, 64, 22, 22), (0, 2, 3)),
              ('planes [32, 64, 22, 22]', (32, 64, 22, 22), (2, 3)), ('batch [128, 10]', (128, 10), 0)]
reductions += [(f'short last axis [{N // n}, {n}]', (N // n, n), 1) for n in (3, 10, 16, 31, 32, 63, 64, 100)]
reductions += [('short first axis [10, 100000]', (10, 100000), 0), ('long first axis [100000, 10]', (100000, 10), 0),
               ('long rows [4, 250000]', (4, 250000), 1)]
for name, shape, axis in reductions:
    def reduction(function, shape, axis, dtype=torch.float32):
        x = randn(shape)
        y = function(x) if axis is None else function(x, dim=axis)
        if axis is None:
            return lambda: function(x)
        return into(function, y, x, dim=axis)
    case(f'sum, {name}', lambda s=shape, a=axis: reduction(torch.sum, s, a))
    case(f'max, {name}', lambda s=shape, a=axis: reduction(torch.amax, s, a) if a is not None else (lambda x: x.max)(randn(s)))
    if not isinstance(axis, tuple):
        case(f'argmax, {name}', lambda s=shape, a=axis: reduction(torch.argmax, s, a))
case('min, all', lambda: randn(N).min)
case('any, all', lambda: (randn(N) > 9).any)
case('all, last axis [1000, 1000]', lambda: (lambda x: lambda: x.all(1))(randn(matrix) > -9))
case('sum, float64', lambda: randn(N).double().sum)
case('cumsum, last axis [1000, 1000]', lambda: into(torch.cumsum, empty(matrix), randn(matrix), 1))
case('cumsum, first axis [1000, 1000]', lambda: into(torch.cumsum, empty(matrix), randn(matrix), 0))
case('cumsum, all', lambda: into(torch.cumsum, empty(N), randn(N), 0))

# Softmax and cross entropy.
for shape in [(N // n, n, 1) for n in (10, 16, 24, 31, 32, 48, 63, 64, 100)] + [(1000, 1000, 1), (30, 32768, 1), (32, 100, 312), (100, 10, 1000)]:
    at, s = str(list(shape)), (shape if shape[2] > 1 else shape[:2])

    def gradient(op, s, sign):
        dx, dy, y = empty(s), randn(s), half(*s) * sign
        return lambda: op.out(dy, y, 1, torch.float32, **{'grad_input' if op is aten._softmax_backward_data else 'out': dx})
    case(f'softmax {at}', lambda s=s: into(aten._softmax, empty(s), randn(s), 1, False))
    case(f'softmax gradient {at}', lambda s=s: gradient(aten._softmax_backward_data, s, 1))
    case(f'logSoftmax {at}', lambda s=s: into(aten._log_softmax, empty(s), randn(s), 1, False))
    case(f'logSoftmax gradient {at}', lambda s=s: gradient(aten._log_softmax_backward_data, s, -1))
for rows, classes in ((128, 10), (10000, 100), (1000, 1000), (30, 32768)):
    at = f'[{rows}, {classes}]'

    def entropy(rows, classes):
        x, labels = randn(rows, classes), torch.randint(0, classes, (rows,))
        return lambda: F.cross_entropy(x, labels, reduction='none')

    def entropy_gradient(rows, classes):
        x, labels, ones, total = randn(rows, classes), torch.randint(0, classes, (rows,)), torch.ones(rows), torch.tensor(0.0)
        p, dx = torch.log_softmax(x, 1), empty(rows, classes)

        def call():
            g = aten.nll_loss_backward(ones, p, labels, None, 0, -100, total)
            aten._log_softmax_backward_data.out(g, p, 1, torch.float32, out=dx)
        return call
    case(f'cross entropy {at}', lambda r=rows, c=classes: entropy(r, c))
    case(f'cross entropy gradient {at}', lambda r=rows, c=classes: entropy_gradient(r, c))

# Normalisation.
for shape in ((32, 64, 1024), (32, 64, 484), (128, 256, 49), (4096, 256, 1)):
    c = shape[1]

    def batch_norm(shape, c):
        x, w, b = randn(shape), torch.ones(c), torch.ones(c)
        if torch.backends.mkldnn.is_available() and shape[2] == 1024:
            x = x.reshape(32, 64, 32, 32)
        return lambda: torch.native_batch_norm(x, w, b, None, None, True, 0.1, 1e-5)

    def batch_norm_gradient(shape, c):
        dy, x, w, m, r = randn(shape), randn(shape), torch.ones(c), torch.zeros(c), torch.ones(c)
        return lambda: aten.native_batch_norm_backward(dy, x, w, None, None, m, r, True, 1e-5, [True, True, True])
    case(f'batch norm {list(shape)}', lambda s=shape, c=c: batch_norm(s, c))
    case(f'batch norm gradient {list(shape)}', lambda s=shape, c=c: batch_norm_gradient(s, c))
for shape in ((2048, 256), (1000, 1000), (4096, 64), (20000, 50), (1300, 768)):
    def layer_norm(r, n):
        x, w, b = randn(r, n), torch.ones(n), torch.ones(n)
        return lambda: torch.native_layer_norm(x, (n,), w, b, 1e-5)

    def layer_norm_gradient(r, n):
        dy, x, w, b, m, s = randn(r, n), randn(r, n), torch.ones(n), torch.ones(n), torch.zeros(r, 1), torch.ones(r, 1)
        return lambda: aten.native_layer_norm_backward(dy, x, (n,), m, s, w, b, [True, True, True])
    case(f'layer norm {list(shape)}', lambda s=shape: layer_norm(*s))
    case(f'layer norm gradient {list(shape)}', lambda s=shape: layer_norm_gradient(*s))

# Pooling.
for name, k, stride, pad in (('2×2 s2', 2, 2, 0), ('3×3 s2 p1', 3, 2, 1), ('3×3 s1 p1', 3, 1, 1), ('5×5 s3', 5, 3, 0)):
    for size in (32, 22):
        shape, at, w = (32, 64, size, size), f'{name} [32, 64, {size}, {size}]', ((k, k), (stride, stride), (pad, pad))

        def max_pool(shape, w):
            x = randn(shape)
            y, i = aten.max_pool2d_with_indices(x, *w)
            return lambda: aten.max_pool2d_with_indices.out(x, *w, out=y, indices=i)

        def max_gradient(shape, w):
            x = randn(shape)
            y, i = aten.max_pool2d_with_indices(x, *w)
            dy, dx = randn(y.shape), empty(shape)
            return lambda: aten.max_pool2d_with_indices_backward.grad_input(dy, x, *w, (1, 1), False, i, grad_input=dx)

        def average_pool(shape, w):
            x = randn(shape)
            y = aten.avg_pool2d(x, *w)
            return lambda: aten.avg_pool2d.out(x, *w, out=y)

        def average_gradient(shape, w):
            x = randn(shape)
            dy, dx = randn(aten.avg_pool2d(x, *w).shape), empty(shape)
            return lambda: aten.avg_pool2d_backward.grad_input(dy, x, *w, False, True, None, grad_input=dx)
        case(f'max pool {at}', lambda s=shape, w=w: max_pool(s, w))
        case(f'max pool gradient {at}', lambda s=shape, w=w: max_gradient(s, w))
        case(f'average pool {at}', lambda s=shape, w=w: average_pool(s, w))
        case(f'average pool gradient {at}', lambda s=shape, w=w: average_gradient(s, w))

# Indices and random numbers.
for rows, dim in ((4000, 256), (16000, 64)):
    def embedded(rows, dim):
        return into(torch.index_select, empty(rows, dim), randn(10000, dim), 0, torch.randint(0, 10000, (rows,)))

    def embedded_gradient(rows, dim):
        y, i, x = torch.zeros(10000, dim), torch.randint(0, 10000, (rows,)), randn(rows, dim)
        return lambda: y.index_add_(0, i, x)
    case(f'embedding [{rows}, {dim}]', lambda r=rows, d=dim: embedded(r, d))
    case(f'embedding gradient [{rows}, {dim}]', lambda r=rows, d=dim: embedded_gradient(r, d))
case('gather, last axis', lambda: into(torch.gather, empty(matrix), randn(matrix), 1, torch.randint(0, 1000, matrix)))
case('gather, first axis', lambda: into(torch.gather, empty(matrix), randn(matrix), 0, torch.randint(0, 1000, matrix)))
case('scatter add, last axis', lambda: (lambda y, i, x: lambda: y.scatter_add_(1, i, x))(torch.zeros(matrix), torch.randint(0, 1000, matrix), randn(matrix)))
case('uniform', lambda: empty(N).uniform_)
case('normal', lambda: empty(N).normal_)
case('bernoulli', lambda: (lambda y: lambda: y.bernoulli_(0.5))(torch.zeros(N, dtype=torch.bool)))


# Optimisers: the functions that its optimisers' steps are made of, each one's fastest here.
def sgd(n, momentum):
    p, g, m = randn(n), randn(n), torch.zeros(n)

    def call():
        d = g
        if momentum:
            m.mul_(0.9).add_(g)
            d = m
        p.add_(d, alpha=-1e-9)
    return call


def adam(n):
    p, g, m, v = randn(n), randn(n), torch.zeros(n), torch.zeros(n)

    def call():
        m.mul_(0.9).add_(g, alpha=0.1)
        v.mul_(0.999).addcmul_(g, g, value=0.001)
        p.addcdiv_(m, v.sqrt().add_(1e-8), value=-1e-9)
    return call


for n in (100, N):
    case(f'SGD {n}', lambda n=n: sgd(n, False))
    case(f'SGD, momentum {n}', lambda n=n: sgd(n, True))
    case(f'Adam {n}', lambda n=n: adam(n))


def least(call):
    """The least time of a call in batches of about 0.3 ms: whatever else the machine does only adds."""
    for _ in range(3):
        call()
    repeats = 1
    while True:
        start = time.perf_counter()
        for _ in range(repeats):
            call()
        if time.perf_counter() - start > 0.0003 or repeats > 1 << 16:
            break
        repeats *= 2
    best, end = 1e9, time.perf_counter() + arguments.seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(repeats):
            call()
        best = min(best, (time.perf_counter() - start) / repeats)
    return best * 1e3


print(json.dumps({name: least(setup()) for name, setup in cases.items() if arguments.only in name}))
