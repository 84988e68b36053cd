import { nn } from 'adjoint';
import { golden } from './golden.js';

golden('conv2d', ({ params }, dtype) => {
  const { in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias } = params;
  return new nn.Conv2d(in_channels, out_channels, kernel_size, { stride, padding, dilation, groups, bias, dtype });
});

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
