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


# name: function, shapes
layers = {
    'max pool 1-D 2': (lambda x: F.max_pool1d(x, 2), sequences),
    'max pool 3-D 2': (lambda x: F.max_pool3d(x, 2), volumes),
    'average pool 1-D 2': (lambda x: F.avg_pool1d(x, 2), sequences),
    'average pool 3-D 2': (lambda x: F.avg_pool3d(x, 2), volumes),
    'adaptive average 7×7': (lambda x: F.adaptive_avg_pool2d(x, 7), images),
    'global average': (lambda x: F.adaptive_avg_pool2d(x, 1), images),
    'nearest ×2': (resized(2), small),
    'bilinear ×2': (resized(2, 'bilinear'), small),
    'bilinear ×½': (resized(0.5, 'bilinear'), (16, 16, 64, 64)),
    'bicubic ×2': (resized(2, 'bicubic'), small),
    'convolution 1-D': (lambda x, w: F.conv1d(x, w, padding=1), (16, 64, 256), (64, 64, 3)),
    'convolution 3-D': (lambda x, w: F.conv3d(x, w, padding=1), (2, 16, 8, 16, 16), (16, 16, 3, 3, 3)),
    'transposed 2-D': (lambda x, w: F.conv_transpose2d(x, w, stride=2, padding=1), (16, 64, 16, 16), (64, 32, 4, 4)),
    'group norm': (lambda x, w, b: F.group_norm(x, 8, w, b), images, (64,), (64,)),
    'local response norm': (lambda x: F.local_response_norm(x, 5), images),
    'attention': (attention, heads, heads, heads),
    'attention, 1024': (attention, long_heads, long_heads, long_heads),
    'attention, 1024, causal': (causal, long_heads, long_heads, long_heads),
    'cumprod': (lambda x: x.cumprod(1), matrix),
    'cumprod, first axis': (lambda x: x.cumprod(0), matrix),
    'cummax': (lambda x: x.cummax(1)[0], matrix),
    'logcumsumexp': (lambda x: x.logcumsumexp(1), matrix),
    'logSumExp': (lambda x: x.logsumexp(1), matrix),
    'variance': (lambda x: x.var(1), matrix),
    'pad, reflected': (lambda x: F.pad(x, (1, 1, 1, 1), 'reflect'), images),
    'roll': (lambda x: x.roll(10, 1), matrix),
    'tril': (torch.tril, matrix),
    'dropout': (F.dropout, matrix),
    'unfold 3×3': (lambda x: F.unfold(x, 3, padding=1), small),
    'fold 3×3': (lambda x: F.fold(x, (32, 32), 3, padding=1), (16, 144, 1024)),
    'fold 2×2, stride 2': (lambda x: F.fold(x, (32, 32), 2, stride=2), (16, 256, 256)),
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
    'lgamma': (torch.lgamma, matrix),
    'Huber loss': (lambda x, t: F.huber_loss(x, t.detach()), matrix, matrix),
    'smooth L1 loss': (lambda x, t: F.smooth_l1_loss(x, t.detach()), matrix, matrix),
    'binary cross entropy': (lambda x, t: F.binary_cross_entropy(x - 0.1, t.detach()), matrix, matrix),
    'binary cross entropy of logits': (
        lambda x, t: F.binary_cross_entropy_with_logits(x, t.detach()), matrix, matrix),
    'soft margin loss': (lambda x, t: F.soft_margin_loss(x, t.detach()), matrix, matrix),
    'hinge loss': (lambda x, t: (1 - t.detach() * x).relu().mean(), matrix, matrix),
    'Kullback–Leibler divergence': (lambda x, t: F.kl_div(x, t.detach()), matrix, matrix),
    'Poisson loss': (lambda x, t: F.poisson_nll_loss(x, t.detach()), matrix, matrix),
}


def bags(mode):
    weight, indices = torch.randn(10000, 64), torch.randint(0, 10000, (512, 32))
    return lambda: F.embedding_bag(indices, weight, mode=mode)


def ctc():
    x, labels = torch.randn(100, 32, 40).log_softmax(2), torch.randint(1, 40, (32, 20))
    return x, lambda x: F.ctc_loss(x, labels, (100,) * 32, (20,) * 32)


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
    'CTC loss': lambda: applied(*reversed(ctc())),
    **{rule: lambda rule=rule: step_of(rule)
       for rule in ('Adagrad', 'RMSprop', 'Adadelta', 'Adamax', 'NAdam', 'RAdam', 'ASGD', 'Rprop')},
    'median [1000, 1000]': lambda: applied(lambda x: x.median(1), torch.randn(matrix)),
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


def layer_variants(name):
    if name in others:
        return [('fresh', others[name]())]
    if name == 'CTC loss gradient':
        x, loss = ctc()
        return [('autograd', gradient(loss, [x]))]
    base = name[:-len(' gradient')] if name.endswith(' gradient') else name
    if base not in layers:
        return []
    function, *shapes = layers[base]
    way = forward if base == name else gradient
    return [('autograd' if way is gradient else 'fresh', way(function, [torch.rand(shape) + 0.1 for shape in shapes]))]
