import { nn } from 'adjoint';
import { golden } from './golden.js';

golden('conv2d', ({ params }, dtype) => {
  const { in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias } = params;
  return new nn.Conv2d(in_channels, out_channels, kernel_size, { stride, padding, dilation, groups, bias, dtype });
});

golden('conv1d', ({ params }, dtype) => {
  const { in_channels, out_channels, kernel_size, stride, padding, dilation, groups } = params;
  return new nn.Conv1d(in_channels, out_channels, kernel_size, { stride, padding, dilation, groups, dtype });
});

golden('conv3d', ({ params: { in_channels, out_channels, kernel_size, stride, padding } }, dtype) => {
  return new nn.Conv3d(in_channels, out_channels, kernel_size, { stride, padding, dtype });
});

golden('conv_transpose2d', ({ params }, dtype) => {
  const { in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, dilation } = params;
  const options = { stride, padding, outputPadding: output_padding, groups, dilation, dtype };
  return new nn.ConvTranspose2d(in_channels, out_channels, kernel_size, options);
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
  adaptavg3x2: () => new nn.AdaptiveAvgPool2d([3, 2]),
  adaptmax2: () => new nn.AdaptiveMaxPool2d(2),
  max1d: () => new nn.MaxPool1d(3, { stride: 2 }),
  avg1d: () => new nn.AvgPool1d(3, { stride: 2, padding: 1 }),
};

golden('pooling', ({ name }) => pools[name]());
