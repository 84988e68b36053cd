import {
  maxPool1d,
  maxPool2d,
  maxPool3d,
  minPool1d,
  minPool2d,
  minPool3d,
  nn,
  randn,
  relu,
  type Tensor,
  zeros,
} from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';
import { layerInputs as inputs } from '../../windows.js';

moduleSpec('MaxPool1d', {
  make: () => new nn.MaxPool1d(2, { stride: 1, padding: 1 }),
  inputs: inputs[1],
  equals: (_, x) => maxPool1d(x, { kernelSize: 2, stride: 1, padding: 1 }),
  text: 'MaxPool1d(kernelSize=2, stride=1, padding=1)',
  errors: [
    {
      call: () => new nn.MaxPool1d(2, { padding: 2 }),
      says: 'MaxPool1d: padding must be at most half of the kernel [2], or a window could be empty; got [2]',
    },
    {
      call: () => new nn.MaxPool1d(2, { stride: 0 }),
      says: 'MaxPool1d: stride must be a whole number ≥ 1 or one of them, [length]; got 0',
    },
  ],
});

moduleSpec('MaxPool2d', {
  make: () => new nn.MaxPool2d([2, 3], { stride: [2, 1], padding: 1, ceilMode: true }),
  inputs: inputs[2],
  equals: (_, x) => maxPool2d(x, { kernelSize: [2, 3], stride: [2, 1], padding: 1, ceilMode: true }),
  text: 'MaxPool2d(kernelSize=[2, 3], stride=[2, 1], padding=1, ceilMode=true)',
  errors: [
    {
      call: () => new nn.MaxPool2d(2, { padding: 2 }),
      says: 'MaxPool2d: padding must be at most half of the kernel [2, 2], or a window could be empty; got [2, 2]',
    },
    {
      call: () => new nn.MaxPool2d(2, { stride: 0 }),
      says: 'MaxPool2d: stride must be a whole number ≥ 1 or two of them, [height, width]; got 0',
    },
  ],
});

moduleSpec('MaxPool3d', {
  make: () => new nn.MaxPool3d(2, { stride: 1, padding: 1 }),
  inputs: inputs[3],
  equals: (_, x) => maxPool3d(x, { kernelSize: 2, stride: 1, padding: 1 }),
  text: 'MaxPool3d(kernelSize=2, stride=1, padding=1)',
  errors: [
    {
      call: () => new nn.MaxPool3d(2, { padding: 2 }),
      says: 'MaxPool3d: padding must be at most half of the kernel [2, 2, 2], or a window could be empty; got [2, 2, 2]',
    },
    {
      call: () => new nn.MaxPool3d(2, { stride: 0 }),
      says: 'MaxPool3d: stride must be a whole number ≥ 1 or three of them, [depth, height, width]; got 0',
    },
  ],
});

moduleSpec('MinPool1d', {
  make: () => new nn.MinPool1d(2, { stride: 1, padding: 1 }),
  inputs: inputs[1],
  equals: (_, x) => minPool1d(x, { kernelSize: 2, stride: 1, padding: 1 }),
  text: 'MinPool1d(kernelSize=2, stride=1, padding=1)',
  errors: [
    {
      call: () => new nn.MinPool1d(2, { padding: 2 }),
      says: 'MinPool1d: padding must be at most half of the kernel [2], or a window could be empty; got [2]',
    },
    {
      call: () => new nn.MinPool1d(2, { stride: 0 }),
      says: 'MinPool1d: stride must be a whole number ≥ 1 or one of them, [length]; got 0',
    },
  ],
});

moduleSpec('MinPool2d', {
  make: () => new nn.MinPool2d([2, 3], { stride: [2, 1], padding: 1, ceilMode: true }),
  inputs: inputs[2],
  equals: (_, x) => minPool2d(x, { kernelSize: [2, 3], stride: [2, 1], padding: 1, ceilMode: true }),
  text: 'MinPool2d(kernelSize=[2, 3], stride=[2, 1], padding=1, ceilMode=true)',
  errors: [
    {
      call: () => new nn.MinPool2d(2, { padding: 2 }),
      says: 'MinPool2d: padding must be at most half of the kernel [2, 2], or a window could be empty; got [2, 2]',
    },
    {
      call: () => new nn.MinPool2d(2, { stride: 0 }),
      says: 'MinPool2d: stride must be a whole number ≥ 1 or two of them, [height, width]; got 0',
    },
  ],
});

moduleSpec('MinPool3d', {
  make: () => new nn.MinPool3d(2, { stride: 1, padding: 1 }),
  inputs: inputs[3],
  equals: (_, x) => minPool3d(x, { kernelSize: 2, stride: 1, padding: 1 }),
  text: 'MinPool3d(kernelSize=2, stride=1, padding=1)',
  errors: [
    {
      call: () => new nn.MinPool3d(2, { padding: 2 }),
      says: 'MinPool3d: padding must be at most half of the kernel [2, 2, 2], or a window could be empty; got [2, 2, 2]',
    },
    {
      call: () => new nn.MinPool3d(2, { stride: 0 }),
      says: 'MinPool3d: stride must be a whole number ≥ 1 or three of them, [depth, height, width]; got 0',
    },
  ],
});

// The second pool's stride is not given: 2 as the first's, or 1.
it('lecture notes 002, lines 354–364: 36 × 36 × 3 → 26 × 26 × 9 → 12 × 12 × 9 → 6 × 6 × 3 → 2 × 2 × 3', () => {
  const [first, second] = [new nn.Conv2d(3, 9, 11), new nn.Conv2d(9, 3, 7)];
  const wide = first.forward(zeros([1, 3, 36, 36]));
  expect(wide.shape).toEqual([1, 9, 26, 26]);
  const pooled = new nn.MaxPool2d(3, { stride: 2 }).forward(wide);
  expect(pooled.shape).toEqual([1, 9, 12, 12]);
  const narrow = second.forward(pooled);
  expect(narrow.shape).toEqual([1, 3, 6, 6]);
  expect(new nn.MaxPool2d(3, { stride: 2 }).forward(narrow).shape).toEqual([1, 3, 2, 2]);
  expect(new nn.MaxPool2d(3, { stride: 1 }).forward(narrow).shape).toEqual([1, 3, 4, 4]);
  expect([first, second].map(({ weight }) => weight.size)).toEqual([3267, 1323]);
  expect([first, second].map((layer) => layer.weight.size + (layer.bias as Tensor).size)).toEqual([3276, 1326]);
});

it('pools give their indices to the layers that undo them', () => {
  const pool = new nn.MaxPool2d(2, { returnIndices: true });
  const x = randn([2, 3, 4, 6]);
  const [y, indices] = pool.forward(x);
  expect([y.data(), indices.data()]).toEqual(
    maxPool2d(x, { kernelSize: 2, returnIndices: true }).map((part: Tensor) => part.data()),
  );
  const back = new nn.MaxUnpool2d(2).forward(y, indices);
  expect(maxPool2d(back.abs(), { kernelSize: 2 }).data()).toEqual(y.abs().data());
  expect(back.countNonzero().item()).toBe(y.size);
  expect(`${pool}`).toBe('MaxPool2d(kernelSize=2, returnIndices=true)');
  const lines = [new nn.MaxPool1d(2, { returnIndices: true }), new nn.MinPool1d(2, { returnIndices: true })];
  for (const line of lines) {
    const [z, places] = line.forward(randn([1, 2, 6]));
    expect([z.shape, new nn.MaxUnpool1d(2).forward(z, places).shape]).toEqual([
      [1, 2, 3],
      [1, 2, 6],
    ]);
  }
  const [volume, where] = new nn.MaxPool3d(2, { returnIndices: true }).forward(randn([1, 1, 2, 4, 2]));
  expect(new nn.MaxUnpool3d(2).forward(volume, where).shape).toEqual([1, 1, 2, 4, 2]);
  // In a chain ReLU comes before them, as it stands.
  const chain = new nn.Sequential(new nn.ReLU(), pool);
  const [first]: Tensor[] = chain.forward(x) as never;
  expect(first.data()).toEqual(pool.forward(relu(x))[0].data());
});
