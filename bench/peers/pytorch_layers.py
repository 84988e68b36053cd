"""The cases of bench/cases/layers.ts in PyTorch: their functions by name, with the shapes of floating-point operands."""
import torch
import torch.nn.functional as F

matrix, images, small, heads = (1000, 1000), (16, 64, 32, 32), (16, 16, 32, 32), (4, 8, 256, 32)
long_heads = (1, 4, 1024, 32)
sequences, volumes = (16, 64, 1024), (4, 16, 16, 32, 32)


def attention(q, k, v):
    return (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1) @ v


def causal(q, k, v, hidden=torch.ones(1024, 1024).triu(1) > 0):
    scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    return scores.masked_fill(hidden, float('-inf')).softmax(-1) @ v


def resized(factor, mode='nearest'):
    return lambda x: F.interpolate(x, scale_factor=factor, mode=mode)


def towards(loss):
    return lambda x, t: loss(x, t.detach())


def aplu(x, a, b):
    a, b = (each.t().reshape(2, 64, 1, 1) for each in (a, b))
    return x.relu() + a[0] * (b[0] - x).relu() + a[1] * (b[1] - x).relu()


def squash(x):
    squared = x.square().sum(-1, keepdim=True)
    return x * (squared.sqrt() / (squared + 1))


# name: function, shapes; of operands on both sides of 0, and of positive ones
activations = {
    'mish': (F.mish, matrix),
    'selu': (F.selu, matrix),
    'elu': (F.elu, matrix),
    'silu': (F.silu, matrix),
    'glu': (lambda x: F.glu(x, 1), matrix),
    'prelu': (F.prelu, images, (64,)),
    'hardswish': (F.hardswish, matrix),
    'hardsigmoid': (F.hardsigmoid, matrix),
    'softshrink': (F.softshrink, matrix),
    'leakyRelu': (F.leaky_relu, matrix),
    'clamp': (lambda x: x.clamp(-1, 1), matrix),
    'threshold': (lambda x: F.threshold(x, 0.1, 0), matrix),
    'hardshrink': (F.hardshrink, matrix),
    'hardtanh': (F.hardtanh, matrix),
    'relu6': (F.relu6, matrix),
    'celu': (F.celu, matrix),
    'gelu by tanh': (lambda x: F.gelu(x, approximate='tanh'), matrix),
    'logSigmoid': (F.logsigmoid, matrix),
    'softsign': (F.softsign, matrix),
    'tanhshrink': (F.tanhshrink, matrix),
    'aplu': (aplu, images, (64, 2), (64, 2)),
    'squash': (squash, (31250, 32)),
}
layers = {
    'max pool 1-D 2': (lambda x: F.max_pool1d(x, 2), sequences),
    'max pool 3-D 2': (lambda x: F.max_pool3d(x, 2), volumes),
    'average pool 1-D 2': (lambda x: F.avg_pool1d(x, 2), sequences),
    'average pool 3-D 2': (lambda x: F.avg_pool3d(x, 2), volumes),
    'adaptive average 7×7': (lambda x: F.adaptive_avg_pool2d(x, 7), images),
    'global average': (lambda x: F.adaptive_avg_pool2d(x, 1), images),
    'adaptive average 1-D 100': (lambda x: F.adaptive_avg_pool1d(x, 100), sequences),
    'adaptive average 3-D 5': (lambda x: F.adaptive_avg_pool3d(x, 5), volumes),
    'adaptive max 7×7': (lambda x: F.adaptive_max_pool2d(x, 7), images),
    'adaptive max 3-D 5': (lambda x: F.adaptive_max_pool3d(x, 5), volumes),
    'nearest ×2': (resized(2), small),
    'bilinear ×2': (resized(2, 'bilinear'), small),
    'bilinear ×½': (resized(0.5, 'bilinear'), (16, 16, 64, 64)),
    'bilinear ×1½': (resized(1.5, 'bilinear'), small),
    'linear ×2': (resized(2, 'linear'), (16, 64, 512)),
    'trilinear ×2': (resized(2, 'trilinear'), (2, 8, 16, 16, 16)),
    'bicubic ×2': (resized(2, 'bicubic'), small),
    'convolution 1-D': (lambda x, w: F.conv1d(x, w, padding=1), (16, 64, 256), (64, 64, 3)),
    'convolution 3-D': (lambda x, w: F.conv3d(x, w, padding=1), (2, 16, 8, 16, 16), (16, 16, 3, 3, 3)),
    'convolution 3-D 2 stride 2': (lambda x, w: F.conv3d(x, w, stride=2), (2, 16, 16, 16, 16), (32, 16, 2, 2, 2)),
    'transposed 2-D': (lambda x, w: F.conv_transpose2d(x, w, stride=2, padding=1), (16, 64, 16, 16), (64, 32, 4, 4)),
    'group norm': (lambda x, w, b: F.group_norm(x, 8, w, b), images, (64,), (64,)),
    'instance norm': (F.instance_norm, images),
    'rms norm': (lambda x, w: x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-6) * w, (4096, 256), (256,)),
    'batch norm, evaluation': (
        lambda x, w, b, mean, variance: F.batch_norm(x, mean.detach(), variance.detach(), w, b), images, *[(64,)] * 4),
    'weight norm': (lambda v, g: torch._weight_norm(v, g, 0), matrix, (1000, 1)),
    'local response norm': (lambda x: F.local_response_norm(x, 5), images),
    'attention': (attention, heads, heads, heads),
    'attention, 1024': (attention, long_heads, long_heads, long_heads),
    'attention, 1024, causal': (causal, long_heads, long_heads, long_heads),
    'prod, last axis': (lambda x: x.prod(1), matrix),
    'prod, first axis': (lambda x: x.prod(0), matrix),
    'prod, all': (torch.prod, matrix),
    'nansum': (lambda x: x.nansum(1), matrix),
    'mean': (lambda x: x.mean(1), matrix),
    'norm': (lambda x: x.norm(dim=1), matrix),
    'norm, all': (torch.norm, matrix),
    'norm, p = 1': (lambda x: x.norm(1, dim=1), matrix),
    'norm, p = 3': (lambda x: x.norm(3, dim=1), matrix),
    'cumprod': (lambda x: x.cumprod(1), matrix),
    'cumprod, first axis': (lambda x: x.cumprod(0), matrix),
    'cummax': (lambda x: x.cummax(1)[0], matrix),
    'logcumsumexp': (lambda x: x.logcumsumexp(1), matrix),
    'logSumExp': (lambda x: x.logsumexp(1), matrix),
    'variance': (lambda x: x.var(1), matrix),
    'pad, reflected': (lambda x: F.pad(x, (1, 1, 1, 1), 'reflect'), images),
    'roll': (lambda x: x.roll(10, 1), matrix),
    'roll, both axes': (lambda x: x.roll((10, 20), (0, 1)), matrix),
    'pad, zeros': (lambda x: F.pad(x, (1, 1, 1, 1)), images),
    'concat, first axis': (lambda *x: torch.cat(x), (500, 1000), (500, 1000)),
    'concat, last axis': (lambda *x: torch.cat(x, 1), (1000, 500), (1000, 500)),
    'stack, last axis': (lambda *x: torch.stack(x, 2), (500, 1000), (500, 1000)),
    'flip, last axis': (lambda x: x.flip(1), matrix),
    'tile': (lambda x: x.tile(2, 2), (500, 500)),
    'pixel shuffle': (lambda x: F.pixel_shuffle(x, 2), images),
    'tril': (torch.tril, matrix),
    'dropout': (F.dropout, matrix),
    'unfold 3×3': (lambda x: F.unfold(x, 3, padding=1), small),
    'fold 3×3': (lambda x: F.fold(x, (32, 32), 3, padding=1), (16, 144, 1024)),
    'fold 2×2, stride 2': (lambda x: F.fold(x, (32, 32), 2, stride=2), (16, 256, 256)),
    'lgamma': (torch.lgamma, matrix),
    'square': (torch.square, matrix),
    'reciprocal': (torch.reciprocal, matrix),
    'rsqrt': (torch.rsqrt, matrix),
    'pow 3': (lambda x: x.pow(3), matrix),
    'logit': (torch.logit, matrix),
    'Huber loss': (towards(F.huber_loss), matrix, matrix),
    'smooth L1 loss': (towards(F.smooth_l1_loss), matrix, matrix),
    'squared error': (towards(F.mse_loss), matrix, matrix),
    'absolute error': (towards(F.l1_loss), matrix, matrix),
    'binary cross entropy': (
        lambda x, t: F.binary_cross_entropy(x * 0.9, (t * 0.9).detach()), matrix, matrix),
    'binary cross entropy of logits': (towards(F.binary_cross_entropy_with_logits), matrix, matrix),
    'Kullback-Leibler': (towards(F.kl_div), matrix, matrix),
    'soft margin': (towards(F.soft_margin_loss), matrix, matrix),
    'cosine embedding': (
        lambda x, y, t: F.cosine_embedding_loss(x, y, t.sign().detach()), matrix, matrix, (1000,)),
    'triplet margin': (F.triplet_margin_loss, matrix, matrix, matrix),
    'hinge loss': (lambda x, t: (1 - t.detach() * x).relu().mean(), matrix, matrix),
    'Poisson loss': (towards(F.poisson_nll_loss), matrix, matrix),
}


def bags(mode):
    weight, indices = torch.randn(10000, 64), torch.randint(0, 10000, (512, 32))
    return lambda: F.embedding_bag(indices, weight, mode=mode)


def ctc():
    x, labels = torch.randn(100, 32, 40).log_softmax(2), torch.randint(1, 40, (32, 20))
    return x, lambda x: F.ctc_loss(x, labels, (100,) * 32, (20,) * 32)


def likelihood():
    labels = torch.randint(0, 1000, (1000,))
    return torch.randn(matrix).log_softmax(1), lambda x: F.nll_loss(x, labels)


def margins():
    labels = torch.randint(0, 1000, (1000,))
    return torch.randn(matrix), lambda x: F.multi_margin_loss(x, labels)


# name: what a loss is of, and the loss
of_labels = {'CTC loss': ctc, 'likelihood of labels': likelihood, 'margins of labels': margins}


def trained():
    parameters = [torch.nn.Parameter(torch.randn(rows, 1000)) for rows in (600, 400)]
    for parameter in parameters:
        parameter.grad = torch.randn(parameter.shape)
    return parameters


def clipping(clip):
    parameters = trained()
    return lambda: clip(parameters)


def r2(x, t):
    return (1 - (t - x).square().sum(0) / (t - t.mean(0)).square().sum(0)).mean().item()


def scored(score):
    operands = torch.randn(1000000), torch.randn(1000000)
    return lambda: score(*operands)


def step_of(rule):
    parameters = [torch.randn(rows, 1000).requires_grad_() for rows in (600, 400)]
    for parameter in parameters:
        parameter.grad = torch.randn(parameter.shape)
    return getattr(torch.optim, rule)(parameters, lr=1e-9).step


def padded_embedding():
    weight, indices = torch.randn(10000, 64), torch.randint(0, 10000, (16000,))
    return lambda: F.embedding(indices, weight, padding_idx=0)


def applied(function, x):
    return lambda: function(x)


# name: what makes the call
others = {
    'rand': lambda: applied(torch.rand, 1000000),
    'randn': lambda: applied(torch.randn, 1000000),
    'bernoulli': lambda: applied(lambda out: out.bernoulli_(0.3), torch.empty(1000000, dtype=torch.bool)),
    'gamma': lambda: applied(torch._standard_gamma, torch.rand(1000000) * 3 + 0.1),
    'poisson': lambda: applied(torch.poisson, torch.rand(1000000) * 10),
    'embedding bag, sum': lambda: bags('sum'),
    'embedding bag, max': lambda: bags('max'),
    'search in 10000': lambda: applied(
        lambda x, line=torch.randn(10000).sort()[0]: torch.searchsorted(line, x, out_int32=True), torch.randn(100000)),
    'randperm': lambda: applied(torch.randperm, 1000000),
    'embedding, padding': padded_embedding,
    **{name: lambda make=make: applied(*reversed(make())) for name, make in of_labels.items()},
    **{f'{name} gradient': lambda make=make: gradient_by_labels(*make()) for name, make in of_labels.items()},
    'one hot [10000, 100]': lambda: applied(lambda x: F.one_hot(x, 100), torch.randint(0, 100, (10000,))),
    'multinomial, 100 of 1000': lambda: applied(lambda w: torch.multinomial(w, 100), torch.rand(matrix)),
    **{rule: lambda rule=rule: step_of(rule)
       for rule in ('Adagrad', 'RMSprop', 'Adadelta', 'Adamax', 'NAdam', 'RAdam', 'ASGD', 'Rprop')},
    'median [1000, 1000]': lambda: applied(lambda x: x.median(1), torch.randn(matrix)),
    'median, all': lambda: applied(torch.median, torch.randn(1000000)),
    'quantile [1000, 1000]': lambda: applied(lambda x: x.quantile(0.3, 1), torch.randn(matrix)),
    'unique': lambda: applied(
        lambda x: x.unique(return_inverse=True, return_counts=True), torch.randint(0, 1000, (1000000,), dtype=torch.int32)),
    'index select, last axis': lambda: applied(
        lambda x, index=torch.randint(0, 1000, (1000,)): x.index_select(1, index), torch.randn(matrix)),
    'gather, first axis': lambda: applied(
        lambda x, index=torch.randint(0, 1000, matrix): x.gather(0, index), torch.randn(matrix)),
    'metric mean squared error': lambda: scored(lambda x, t: F.mse_loss(x, t).item()),
    'metric r2': lambda: scored(r2),
    'clip by norm': lambda: clipping(lambda ps: torch.nn.utils.clip_grad_norm_(ps, 1)),
    'clip by value': lambda: clipping(lambda ps: torch.nn.utils.clip_grad_value_(ps, 0.5)),
    'matrix exponential [256, 256]': lambda: applied(torch.matrix_exp, torch.randn(256, 256) / 16),
    'matrix exponential [64, 64, 64]': lambda: applied(torch.matrix_exp, torch.randn(64, 64, 64) / 8),
}


def forward(function, operands):
    def call():
        with torch.no_grad():
            return function(*operands)

    return call


def gradient(function, operands):
    for x in operands:
        x.requires_grad_()
    y = function(*operands)
    dy = torch.randn(y.shape)
    return lambda: torch.autograd.grad(y, operands, dy, retain_graph=True, allow_unused=True)


def gradient_by_labels(x, loss):
    return gradient(loss, [x])


def layer_variants(name):
    if name in others:
        return [('fresh', others[name]())]
    base = name[:-len(' gradient')] if name.endswith(' gradient') else name
    function, *shapes = {**layers, **activations}.get(base, [None])
    if function is None:
        return []
    operand = torch.randn if base in activations else lambda shape: torch.rand(shape) + 0.1
    way = forward if base == name else gradient
    return [('autograd' if way is gradient else 'fresh', way(function, [operand(shape) for shape in shapes]))]
