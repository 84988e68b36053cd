import { nn } from 'adjoint';
import { golden } from './golden.js';

golden(
  'linear',
  ({ params: { in_features, out_features, bias } }, dtype) => new nn.Linear(in_features, out_features, { bias, dtype }),
  ['bilinear'],
);

golden('conv2d', ({ params }, dtype) => {
  const { in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias } = params;
  return new nn.Conv2d(in_channels, out_channels, kernel_size, { stride, padding, dilation, groups, bias, dtype });
});

golden('batchnorm', ({ name, params }, dtype) => {
  const { num_features, eps = 1e-5, momentum = 0.1, affine = true, training } = params;
  const Layer = name.startsWith('bn2d') ? nn.BatchNorm2d : nn.BatchNorm1d;
  return new Layer(num_features, { eps, momentum, affine, dtype }).train(training);
});

golden(
  'layernorm',
  ({ params: { normalized_shape, eps = 1e-5, elementwise_affine = true } }, dtype) =>
    new nn.LayerNorm(normalized_shape, { eps, elementwiseAffine: elementwise_affine, dtype }),
);

// Instance normalisation, which has no parameter of that name, is that of groups of one channel.
golden('groupnorm', ({ params }, dtype) => {
  const { num_channels, num_features, num_groups = num_features, affine = true } = params;
  return new nn.GroupNorm(num_groups, num_channels ?? num_features, { affine, dtype });
});

golden(
  'embedding',
  ({ params: { num, dim, padding_idx = null } }, dtype) =>
    new nn.Embedding(num, dim, { paddingIdx: padding_idx, dtype }),
);

const pools: Record<string, () => nn.Module> = {
  max2: () => new nn.MaxPool2d(2),
  max3s2p1: () => new nn.MaxPool2d(3, { stride: 2, padding: 1 }),
  max3s1d2: () => new nn.MaxPool2d(3, { stride: 1, padding: 1, dilation: 2 }),
  max2ceil: () => new nn.MaxPool2d(2, { ceilMode: true }),
  max_rect: () => new nn.MaxPool2d([2, 3], { stride: [2, 1], padding: [1, 0] }),
  avg2: () => new nn.AvgPool2d(2),
  avg3s2p1: () => new nn.AvgPool2d(3, { stride: 2, padding: 1 }),
  avg3s2p1_noincpad: () => new nn.AvgPool2d(3, { stride: 2, padding: 1, countIncludePad: false }),
  avg2ceil: () => new nn.AvgPool2d(3, { stride: 2, padding: 1, ceilMode: true }),
  adaptavg1: () => new nn.GlobalAveragePool2d(),
};

golden('pooling', ({ name }) => pools[name](), ['adaptavg3x2', 'adaptmax2', 'max1d', 'avg1d']);
