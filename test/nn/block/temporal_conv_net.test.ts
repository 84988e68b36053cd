import { Generator, nn, randn, type Tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../../harness.js';
import { moduleSpec } from '../../module_spec.js';

/** The block as its paper draws it, from its own parameters. */
function drawn(block: nn.TemporalBlock, x: Tensor): Tensor {
  const { branch, shortcut } = block.residual;
  let y = x;
  for (const layer of (branch as nn.Sequential<nn.Module[]>).layers) y = layer.forward(y);
  return y.add(shortcut === null ? x : shortcut.forward(x)).relu();
}

const inputs = [
  [2, 3, 5],
  [1, 3, 1],
  [0, 3, 5],
];
const text = (dilation: number, from: number, to: number): string[] => {
  const layer = (at: number, channels: number): string[] => [
    `      (${at}): WeightNorm(`,
    "        name='weight'",
    `        (layer): Conv1d(inChannels=${channels}, outChannels=${to}, kernelSize=[2], dilation=${dilation}, padding='causal')`,
    '      )',
    `      (${at + 1}): ReLU()`,
    `      (${at + 2}): Dropout1d(p=0.2)`,
  ];
  return [
    'TemporalBlock(',
    `  inChannels=${from}, outChannels=${to}, kernelSize=2, dilation=${dilation}`,
    '  (residual): Residual(',
    ...(from === to ? ['    shortcut=null'] : []),
    '    (branch): Sequential(',
    ...layer(0, from),
    ...layer(3, to),
    '    )',
    ...(from === to ? [] : [`    (shortcut): Conv1d(inChannels=${from}, outChannels=${to}, kernelSize=[1])`]),
    '  )',
    ')',
  ];
};

moduleSpec('TemporalBlock', {
  make: (options) => new nn.TemporalBlock(3, 3, { dilation: 2, ...options }),
  inputs,
  equals: drawn,
  keepsNothing: false,
  text: text(2, 3, 3).join('\n'),
  errors: [
    {
      call: () => new nn.TemporalBlock(3, 3, { dilation: 0 }),
      says: 'TemporalBlock: dilation must be a whole number ≥ 1; got 0',
    },
    {
      call: () => new nn.TemporalBlock(3, 3, { kernelSize: 1.5 }),
      says: 'TemporalBlock: kernelSize must be a whole number ≥ 1; got 1.5',
    },
  ],
});

moduleSpec('TemporalConvNet', {
  make: (options) => new nn.TemporalConvNet(3, [2, 2], { dropout: 0.5, ...options }),
  inputs,
  equals: ({ layers }, x) => layers.reduce((y: Tensor, block) => drawn(block, y), x),
  keepsNothing: false,
  text: [
    'TemporalConvNet(',
    ...[...text(1, 3, 2), ...text(2, 2, 2)]
      .join('\n')
      .replaceAll('p=0.2', 'p=0.5')
      .split('\n')
      .map((line) => `  ${line}`),
    ')',
  ]
    .join('\n')
    .replace('  TemporalBlock', '  (0): TemporalBlock')
    .replace('\n  TemporalBlock', '\n  (1): TemporalBlock'),
  errors: [
    {
      call: () => new nn.TemporalConvNet(3, []),
      says: 'TemporalConvNet: channels must have one number for each block; got none',
    },
  ],
});

describe.each(engines)('TemporalConvNet on $name', ({ use }) => {
  it.each([
    [2, 1, 3],
    [3, 2, 13],
    [2, 4, 31],
    [3, 3, 29],
  ])('of kernel size %i and %i blocks sees %i steps, those before and not one more', (kernelSize, blocks, steps) => {
    use();
    const generator = new Generator(3);
    const net = new nn.TemporalConvNet(1, Array(blocks).fill(4), { kernelSize, generator }).eval();
    expect(net.receptiveField()).toBe(steps);
    expect(steps).toBe(1 + 2 * (kernelSize - 1) * (2 ** blocks - 1));
    const length = 2 * steps + 3;
    const at = length - 3;
    // Sums over many inputs, as relu hides some of what is seen from each.
    const seen = new Float64Array(length);
    for (let i = 0; i < 20; i++) {
      const x = randn([8, 1, length], { generator }).requireGrad();
      net.forward(x).slice(null, null, at).sum().backward();
      (x.grad as Tensor)
        .abs()
        .sum([0, 1])
        .data()
        .forEach((value: number, t: number) => {
          seen[t] += value;
        });
    }
    const wanted = Array.from(seen, (_, t) => t <= at && t > at - steps);
    expect(Array.from(seen, (value) => value > 0)).toEqual(wanted);
  });
});

it('a temporal block has the parameters of its two convolutions, their lengths and the shortcut', () => {
  const block = new nn.TemporalBlock(3, 4, { kernelSize: 5 });
  const counts = [3 * 4 * 5 + 4 + 4, 4 * 4 * 5 + 4 + 4, 3 * 4 + 4];
  expect(block.parameters().reduce((total, { size }) => total + size, 0)).toBe(counts.reduce((a, b) => a + b));
  expect(block.forward(zeros([2, 3, 7])).shape).toEqual([2, 4, 7]);
});

it.each([
  [3, 1, 3],
  [3, 2, 7],
  [3, 3, 15],
  [3, 4, 31],
  [3, 5, 63],
  [2, 8, 256],
])(
  'lecture notes 004, line 6327: kernels of %i, a convolution a level, %i levels: the last output sees %i inputs',
  (f, levels, steps) => {
    const layers = Array.from({ length: levels }, (_, k) => {
      const layer = new nn.Conv1d(1, 1, f, { dilation: 2 ** k, padding: 'causal', bias: false });
      nn.init.ones(layer.weight);
      return layer;
    });
    const x = zeros([1, 1, 2 * steps]).requireGrad();
    new nn.Sequential<readonly nn.Module[]>(...layers).forward(x).slice(0, 0, -1).backward();
    const seen = [...(x.grad as Tensor).data()].map((value) => value !== 0);
    expect(seen).toEqual(Array.from({ length: 2 * steps }, (_, t) => t >= steps));
  },
);
