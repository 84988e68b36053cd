import { gradcheck, type Tensor, tensor } from 'adjoint';
import { activityPenalty, elasticPenalty, l1Penalty, l2Penalty, SGD } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';
import { message } from '../message.js';

describe.each(engines)('penalties on $name', ({ use }) => {
  const weights = (): Tensor[] => [
    tensor([1, -2], { dtype: 'float64' }).requireGrad(),
    tensor([[3]], { dtype: 'float64' }).requireGrad(),
  ];

  it('are sums of sizes and of squares', () => {
    use();
    expect(l1Penalty(weights(), 0.5).item()).toBe(3);
    expect(l2Penalty(weights(), 0.5).item()).toBe(3.5);
    expect(elasticPenalty(weights(), { l1: 0.5, l2: 0.5 }).item()).toBe(6.5);
    expect(elasticPenalty(weights(), {}).item()).toBe(0);
    expect(
      activityPenalty(
        tensor([
          [1, -2],
          [3, 0],
        ]),
        { l1: 1, l2: 1 },
      ).item(),
    ).toBe((6 + 7) / 2);
    expect(l1Penalty(tensor([-4]), 2).item()).toBe(8);
  });

  it('have gradients of their own', () => {
    use();
    const [a, b] = weights();
    gradcheck((x) => elasticPenalty([x, b], { l1: 0.3, l2: 0.7 }), [a]);
    gradcheck((x) => activityPenalty(x, { l1: 0.3, l2: 0.7 }), [b]);
  });

  it('lecture notes 004, line 3104: half the sum of squares is the weight decay of SGD', () => {
    use();
    const [[a], [b]] = [weights(), weights()];
    const loss = (w: Tensor): Tensor => w.mul(3).sum();
    loss(a)
      .add(l2Penalty([a], 0.1))
      .backward();
    loss(b).backward();
    new SGD([a], { lr: 0.5 }).step();
    new SGD([b], { lr: 0.5, weightDecay: 0.1 }).step();
    expect([...a.data()]).toEqual([...b.data()]);
  });

  it('lecture notes 002, lines 232 and 240: W − η (∇J + λ sign W), and W − η (∇J + λ W)', () => {
    use();
    for (const [penalty, expected] of [
      [l1Penalty, [1 - 0.5 * (3 + 0.1), -2 - 0.5 * (3 - 0.1)]],
      [l2Penalty, [1 - 0.5 * (3 + 0.1), -2 - 0.5 * (3 - 0.2)]],
    ] as const) {
      const [w] = weights();
      w.mul(3)
        .sum()
        .add(penalty([w], 0.1))
        .backward();
      new SGD([w], { lr: 0.5 }).step();
      for (const [i, value] of [...w.data()].entries()) expect(value).toBeCloseTo(expected[i], 14);
    }
  });
});

it('penalties refuse what makes no sense', () => {
  expect(message(() => l1Penalty([], 1))).toBe(
    "ValueError l1Penalty: there must be tensors; got none; is the model's iterator used up?",
  );
  expect(message(() => l2Penalty(tensor([1]), -1))).toBe(
    'ValueError l2Penalty: lambda must be a finite number ≥ 0; got -1',
  );
  expect(message(() => elasticPenalty(tensor([1]), { l1: Number.NaN }))).toBe(
    'ValueError elasticPenalty: l1 must be a finite number ≥ 0; got NaN',
  );
  expect(message(() => activityPenalty(tensor(1), {}))).toBe(
    'ValueError activityPenalty: the output must have examples along its first axis; got none',
  );
});
