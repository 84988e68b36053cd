"""The cases of bench/cases/elements.ts in PyTorch: by their names the ways in which each can be done."""
import torch
import torch.nn.functional as F
from pytorch_layers import layer_variants

aten = torch.ops.aten
N, matrix, images, rows = 1000000, (1000, 1000), (16, 64, 32, 32), (4096, 256)
rand, randn = torch.rand, torch.randn
cases = {}


def case(name, variants, *arguments):
    """`variants` of the arguments is made when the case is asked for."""
    cases[name] = lambda: variants(*arguments)


def with_out(function, *operands, **options):
    """A call whose result is new memory, and one into memory that is there."""
    out = function(*operands, **options)
    return [('fresh', lambda: function(*operands, **options)),
            ('out=', lambda: function(*operands, **options, out=out))]


def into(function, out, *operands, **options):
    """The same of an operator that has another name for its result."""
    return [('out=', lambda: function(*operands, **options, **out))]


def within(*shape):
    return rand(*shape) * 0.8 + 0.1


def backward(function, *inputs):
    """Through the tape, as one calls it."""
    for x in inputs:
        x.requires_grad_()
    y = function(*inputs)
    dy = randn(y.shape)
    return [('autograd', lambda: torch.autograd.grad(y, inputs, dy, retain_graph=True))]


# Elementwise.
for name in 'add mul div maximum pow lt'.split():
    case(name, lambda name: with_out(getattr(torch, name), within(matrix), within(matrix)), name)


def chosen():
    a, b = rand(matrix), rand(matrix)
    return with_out(torch.where, a > b, a, b)


case('where', chosen)
for name in 'exp log log1p sqrt sin atan tanh sigmoid erf'.split():
    case(name, lambda name: with_out(getattr(torch, name), within(matrix)), name)


def rectified(x):
    out = torch.empty(matrix)
    return [('out=', lambda: torch.clamp_min(x, 0, out=out))]


def by_operator(name):
    x = within(matrix)
    return [('fresh', lambda: getattr(F, name)(x))] + into(getattr(aten, name).out, {'out': torch.empty(matrix)}, x)


case('relu', lambda: rectified(within(matrix)))
# Into rows: new memory would lie as the operand does.
case('relu, transposed', lambda: rectified(rand(matrix).t()))
case('softplus', by_operator, 'softplus')
case('gelu', by_operator, 'gelu')


def derivative(operator, *operands):
    return into(operator.grad_input, {'grad_input': torch.empty(matrix)}, *operands)


case('relu gradient', lambda: derivative(aten.threshold_backward, randn(matrix), within(matrix), 0))
case('tanh gradient', lambda: derivative(aten.tanh_backward, randn(matrix), within(matrix)))
case('sigmoid gradient', lambda: derivative(aten.sigmoid_backward, randn(matrix), within(matrix)))
case('gelu gradient', lambda: derivative(aten.gelu_backward, randn(matrix), within(matrix)))
case('add, row', lambda: with_out(torch.add, rand(matrix), rand(1000)))
case('add, channels', lambda: with_out(torch.add, rand(32, 64, 22, 22), rand(64, 1, 1)))
case('add, transposed', lambda: with_out(torch.add, rand(matrix), rand(matrix).t()))
case('add, float64', lambda: with_out(torch.add, rand(matrix).double(), rand(matrix).double()))
case('add, int32', lambda: with_out(torch.add, (rand(matrix) * 9).int(), (rand(matrix) * 9).int()))


# Conversions and moves.
def copied(out, x):
    return [('copy_', lambda: out.copy_(x))]


def converted(source, target):
    return copied(torch.empty(matrix, dtype=getattr(torch, target)), (rand(matrix) * 3).to(getattr(torch, source)))


for dtype in 'float64 bfloat16 int32 uint8'.split():
    case(f'float32 to {dtype}', converted, 'float32', dtype)
    case(f'{dtype} to float32', converted, dtype, 'float32')


def permuted(shape, order):
    x = rand(shape).permute(order)
    return copied(torch.empty(x.shape), x) + [('fresh', lambda: x.clone(memory_format=torch.contiguous_format))]


for name, shape, order in (('copy', matrix, (0, 1)),
                           ('transpose [1000, 1000]', matrix, (1, 0)),
                           ('NCHW to NHWC [32, 64, 22, 22]', (32, 64, 22, 22), (0, 2, 3, 1)),
                           ('NHWC to NCHW [32, 22, 22, 64]', (32, 22, 22, 64), (0, 3, 1, 2)),
                           ('NCHW to NHWC [64, 3, 72, 72]', (64, 3, 72, 72), (0, 2, 3, 1)),
                           ('NHWC to NCHW [64, 72, 72, 3]', (64, 72, 72, 3), (0, 3, 1, 2)),
                           ('heads [16, 128, 8, 64]', (16, 128, 8, 64), (0, 2, 1, 3)),
                           ('permute [100, 100, 100] 1, 0, 2', (100, 100, 100), (1, 0, 2))):
    case(name, permuted, shape, order)
case('slice, every second', lambda: copied(torch.empty(1000, 500), rand(matrix)[:, ::2]))
case('gather, last axis', lambda: with_out(torch.gather, randn(matrix), 1, torch.randint(0, 1000, matrix)))
case('scatter add, last axis',
     lambda: with_out(torch.scatter_add, torch.zeros(matrix), 1, torch.randint(0, 1000, matrix), randn(matrix)))
for count, width in ((4000, 256), (16000, 64)):
    at = f'[{count}, {width}]'
    case(f'embedding {at}',
         lambda c, w: with_out(torch.index_select, randn(10000, w), 0, torch.randint(0, 10000, (c,))), count, width)
    case(f'embedding gradient {at}',
         lambda c, w: with_out(torch.index_add, randn(10000, w), 0, torch.randint(0, 10000, (c,)), randn(c, w)),
         count, width)


# Reductions.
def reduction(name, shape, axis):
    x = randn(shape)
    if axis is None:
        named = getattr(torch, name)
        return [('fresh', lambda: named(x))] + ([('amax', lambda: torch.amax(x))] if name == 'max' else [])
    return with_out(torch.amax if name == 'max' else getattr(torch, name), x, dim=axis)


for name in ('sum', 'max', 'argmax'):
    for at, shape, axis in (('all', (N,), None), ('last axis [1000, 1000]', matrix, 1),
                            ('first axis [1000, 1000]', matrix, 0), ('short rows [31250, 32]', (31250, 32), 1)):
        case(f'{name}, {at}', reduction, name, shape, axis)
case('cumsum, last axis [1000, 1000]', lambda: with_out(torch.cumsum, randn(matrix), 1))
case('cumsum, all', lambda: with_out(torch.cumsum, randn(N), 0))


# Sorting and linear algebra.
for name, shape, axis in (('sort [1000, 1000]', matrix, 1), ('sort, first axis [1000, 1000]', matrix, 0), ('sort, all', (N,), 0)):
    case(name, lambda shape, axis: with_out(torch.sort, randn(shape), dim=axis), shape, axis)
for k in (10, 100):
    case(f'top {k} [1000, 1000]', lambda k: with_out(torch.topk, randn(matrix), k), k)


def definite(n, *batch):
    a = randn(*batch, n, n)
    return a @ a.mT / n + torch.eye(n)


for n in (256, 512):
    case(f'cholesky {n}', lambda n: with_out(torch.linalg.cholesky, definite(n)), n)
    case(f'qr {n}', lambda n: with_out(torch.linalg.qr, randn(n, n)), n)
    case(f'solve {n}', lambda n: with_out(torch.linalg.solve, randn(n, n), randn(n, n)), n)
    case(f'svd {n}', lambda n: with_out(torch.linalg.svd, randn(n, n)), n)
    case(f'eigh {n}', lambda n: with_out(torch.linalg.eigh, definite(n)), n)
for count, n in ((1000, 8), (64, 64)):
    case(f'cholesky [{count}, {n}, {n}]', lambda count, n: with_out(torch.linalg.cholesky, definite(n, count)), count, n)
    case(f'qr [{count}, {n}, {n}]', lambda count, n: with_out(torch.linalg.qr, randn(count, n, n)), count, n)
    case(f'svd [{count}, {n}, {n}]', lambda count, n: with_out(torch.linalg.svd, randn(count, n, n)), count, n)
    case(f'eigh [{count}, {n}, {n}]', lambda count, n: with_out(torch.linalg.eigh, definite(n, count)), count, n)


# Softmax and cross entropy.
def softmax(name, shape):
    x, out = randn(shape), torch.empty(shape)
    return [('fresh', lambda: getattr(F, name)(x, 1))] + into(getattr(aten, f'_{name}').out, {'out': out}, x, 1, False)


def softmax_gradient(name, shape):
    dy, y, dx = randn(shape), getattr(F, name)(randn(shape), 1), torch.empty(shape)
    out = {'grad_input' if name == 'softmax' else 'out': dx}
    return into(getattr(aten, f'_{name}_backward_data').out, out, dy, y, 1, torch.float32)


for shape in (matrix, (31250, 32), (32, 100, 312)):
    case(f'softmax {list(shape)}', softmax, 'softmax', shape)
    case(f'softmax gradient {list(shape)}', softmax_gradient, 'softmax', shape)
case('logSoftmax [1000, 1000]', softmax, 'log_softmax', matrix)
case('logSoftmax gradient [1000, 1000]', softmax_gradient, 'log_softmax', matrix)


def entropy(x, labels):
    return F.cross_entropy(x, labels, reduction='none')


def entropy_of(variants):
    labels = torch.randint(0, 1000, (1000,))
    return variants(lambda x: entropy(x, labels), randn(matrix))


def called(function, *operands):
    return [('fresh', lambda: function(*operands))]


case('cross entropy [1000, 1000]', entropy_of, called)
case('cross entropy gradient [1000, 1000]', entropy_of, backward)


# Norms.
def layer_norm(x, weight, bias):
    return F.layer_norm(x, (256,), weight, bias)


def batch_norm(x, weight, bias):
    return F.batch_norm(x, torch.zeros(64), torch.ones(64), weight, bias, training=True)


for suffix, variants in (('', called), (' gradient', backward)):
    case(f'layer norm{suffix} [4096, 256]', lambda v: v(layer_norm, randn(rows), torch.ones(256), torch.zeros(256)), variants)
    case(f'batch norm{suffix} [16, 64, 32, 32]',
         lambda v: v(batch_norm, randn(images), torch.ones(64), torch.zeros(64)), variants)


# Pools.
def max_pool(*window):
    x = randn(images)
    y, index = aten.max_pool2d_with_indices(x, *window)
    return [('fresh', lambda: F.max_pool2d(x, *window)),
            ('out=', lambda: aten.max_pool2d_with_indices.out(x, *window, out=y, indices=index))]


def max_pool_gradient(*window):
    x = randn(images)
    y, index = aten.max_pool2d_with_indices(x, *window)
    out = {'grad_input': torch.empty(images)}
    return into(aten.max_pool2d_with_indices_backward.grad_input, out, randn(y.shape), x, *window, (1, 1), False, index)


def average_pool(*window):
    x = randn(images)
    out = F.avg_pool2d(x, *window)
    return [('fresh', lambda: F.avg_pool2d(x, *window)), ('out=', lambda: aten.avg_pool2d.out(x, *window, out=out))]


def average_pool_gradient(*window):
    x, out = randn(images), {'grad_input': torch.empty(images)}
    dy = randn(F.avg_pool2d(x, *window).shape)
    return into(aten.avg_pool2d_backward.grad_input, out, dy, x, *window, False, True, None)


for name, *sizes in (('2×2', 2, 2, 0), ('3×3 stride 2', 3, 2, 1), ('3×3 stride 1', 3, 1, 1)):
    window = [(size, size) for size in sizes]
    case(f'max pool {name}', max_pool, *window)
    case(f'max pool gradient {name}', max_pool_gradient, *window)
case('average pool 2×2', average_pool, (2, 2), (2, 2), (0, 0))
case('average pool gradient 2×2', average_pool_gradient, (2, 2), (2, 2), (0, 0))


# Fourier transforms.
def transformed(name, shape, axis, dtype):
    half = [*shape[:-1], shape[-1] // 2 + 1] if name == 'irfft' else shape
    kind = dtype if name.startswith('r') else torch.complex64 if dtype == torch.float32 else torch.complex128
    options = {} if name.endswith('2') else {'dim': axis}
    return with_out(getattr(torch.fft, name), randn(half, dtype=kind), **options)


for shape, names, axis in (([65536, 16], 'fft rfft', -1),
                           ([16384, 64], 'fft rfft', -1),
                           ([1024, 1024], 'fft ifft rfft irfft fft2 rfft2', -1),
                           ([1000, 1000], 'fft rfft fft2', -1),
                           ([680, 1536], 'fft rfft', -1),
                           ([480, 2187], 'fft rfft', -1),
                           ([1000, 1009], 'fft rfft', -1),
                           ([4, 65537], 'fft rfft', -1),
                           ([16, 2 ** 16], 'fft rfft', -1),
                           ([1, 2 ** 12], 'fft rfft', -1),
                           ([1, 2 ** 20], 'fft ifft rfft irfft', -1),
                           ([16, 1024, 64], 'fft rfft', 1),
                           ([256, 64, 64], 'fft2 rfft2', -1)):
    for name in names.split():
        where = f'{name} {shape}' + ('' if axis < 0 else f', axis {axis}')
        case(where, transformed, name, shape, axis, torch.float32)
        case(where + ', float64', transformed, name, shape, axis, torch.float64)


# Optimisers.
def stepped(make):
    def variant(options):
        parameter = randn(matrix).requires_grad_()
        parameter.grad = randn(matrix)
        return make([parameter], options).step

    return [(', '.join(options) or 'plain', variant(options)) for options in ({}, {'foreach': True})]


case('SGD, momentum', stepped, lambda ps, options: torch.optim.SGD(ps, lr=1e-9, momentum=0.9, **options))
case('Adam', stepped, lambda ps, options: torch.optim.Adam(ps, lr=1e-9, **options))


def element_variants(*words):
    name = ' '.join(words)
    return cases[name]() if name in cases else layer_variants(name)
