import { ones, randn, rotary, seed, type Tensor, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { expectClose, spec } from '../../harness.js';

spec('rotary', rotary, {
  reference: ([{ shape, data }], { base = 10000, positions }: { base?: number; positions?: Tensor } = {}) => {
    const [length, width] = shape.slice(-2);
    const at = positions?.data() ?? Array.from({ length }, (_, t) => t);
    const turned = data.map((x, i) => {
      const column = i % width;
      const angle = Number(at[Math.floor(i / width) % length]) * base ** (-(column - (column % 2)) / width);
      const other = column % 2 === 0 ? -data[i + 1] : data[i - 1];
      return x * Math.cos(angle) + other * Math.sin(angle);
    });
    return { shape, data: turned };
  },
  samples: [
    { operands: [{ shape: [3, 4] }] },
    { operands: [{ shape: [2, 3, 5, 6] }], args: [{ base: 100 }] },
    { operands: [{ shape: [2, 3, 2] }], args: [{ positions: tensor(new Int32Array([7, 0, 3])) }] },
    { operands: [{ shape: [1, 2] }] },
    { operands: [{ shape: [0, 4] }], smooth: false },
  ],
  // Angles of several radians are rounded to float32 before their sine is taken.
  slack: 8,
  errors: [
    {
      call: () => rotary(ones([4, 3])),
      says: 'rotary: x must have an even width, its last axis; got [4, 3]',
    },
    { call: () => rotary(ones([4])), says: 'rotary: x must have the axes [..., length, width]; got [4]' },
    { call: () => rotary(ones([4, 2]), { base: 0 }), says: 'rotary: base must be a number > 0; got 0' },
    {
      call: () => rotary(ones([2, 4, 6]), { positions: ones([3]) }),
      says: 'rotary: positions must be [4], one for each vector of x [2, 4, 6]; got [3]',
    },
    {
      call: () => rotary(ones([1, 2]), { positions: tensor([true]) }),
      says: "rotary: positions must be numbers; got bool; convert with to('int32')",
    },
  ],
});

it('products of turned vectors depend on their distance alone', () => {
  seed(1);
  const [q, k] = [randn([1, 8]), randn([1, 8])];
  const product = (i: number, j: number): Tensor =>
    rotary(q, { positions: tensor([i]) })
      .mul(rotary(k, { positions: tensor([j]) }))
      .sum();
  for (const shift of [1, 10, 100]) {
    const wanted = product(5, 2).item();
    expectClose(product(5 + shift, 2 + shift), { shape: [], data: [wanted] }, { slack: 100 });
  }
  expect(Math.abs(product(5, 3).item() - product(5, 2).item())).toBeGreaterThan(1e-3);
});
