import { crossEntropy, nn, optim, randint, randn, seed } from 'adjoint';
import { activationStatistics, gradientStatistics, Trainer } from 'adjoint/train';
import { describe, expect, it } from 'vitest';

type Weights = 'standardNormal' | 'xavier' | 'he';

/** Hidden layers of one width without biases, and a linear one. */
function deep(depth: number, width: number, activation: () => nn.Module, weights: Weights): nn.Sequential<any> {
  const linear = (outFeatures: number): nn.Linear => {
    const layer = new nn.Linear(width, outFeatures, { bias: false });
    if (weights === 'standardNormal') nn.init.normal(layer.weight);
    else if (weights === 'xavier') nn.init.xavierNormal(layer.weight);
    else nn.init.heNormal(layer.weight);
    return layer;
  };
  return new nn.Sequential(...Array.from({ length: depth }, () => [linear(width), activation()]).flat(), linear(10));
}

/** What both callbacks see in a first step. */
async function firstStep(model: nn.Sequential<any>, width: number, count: number) {
  const [x, labels] = [randn([count, width]), randint(0, 10, [count])];
  const [gradients, activations] = [gradientStatistics(), activationStatistics(x)];
  const optimizer = new optim.SGD(model.parameters(), { lr: 1e-12 });
  await new Trainer(model, { optimizer, loss: crossEntropy }).fit([[x, labels]], {
    epochs: 1,
    callbacks: [gradients, activations],
  });
  return {
    norms: gradients.records[0].parameters.map(({ norm }) => norm),
    layers: activations.records[0].layers.filter(({ kind }) => kind !== 'Linear'),
  };
}

describe('twenty layers', () => {
  it('of sigmoids hardly have a gradient in the first, of ReLUs as large a one as in the last', async () => {
    seed(1);
    const sigmoid = await firstStep(
      deep(20, 32, () => new nn.Sigmoid(), 'xavier'),
      32,
      64,
    );
    const relu = await firstStep(
      deep(20, 32, () => new nn.ReLU(), 'he'),
      32,
      64,
    );
    expect(sigmoid.norms).toHaveLength(21);
    // σ' ≤ 1/4 in each of twenty: 4⁻²⁰ = 9e-13.
    expect(sigmoid.norms[0] / sigmoid.norms[20]).toBeLessThan(1e-8);
    expect(sigmoid.norms[0]).toBeGreaterThan(0);
    const ratio = relu.norms[0] / relu.norms[20];
    expect(ratio).toBeGreaterThan(0.05);
    expect(ratio).toBeLessThan(20);
    // Half of a ReLU's values are 0, and some of its units for all 64 inputs, which are alike after twenty layers.
    for (const { zeros, saturated } of relu.layers) {
      expect(Math.abs(zeros - 0.5)).toBeLessThan(0.25);
      expect(saturated).toBe(0);
    }
  });
});

describe('a hundred layers of a hundred sigmoids', () => {
  // Lecture notes 000, lines 638–665: the share of activations outside 0.01 … 0.99 after every 20th layer, computed there
  // as 0.43 to 0.64 for weights of N(0, 1) and 0 for Xavier's.
  it.each([
    ['standardNormal', 0.4, 0.68],
    ['xavier', 0, 0],
  ] as const)('saturate with %s weights from %d to %d', async (weights, least, most) => {
    seed(2);
    const { layers } = await firstStep(
      deep(100, 100, () => new nn.Sigmoid(), weights),
      100,
      200,
    );
    const every20th = [19, 39, 59, 79, 99].map((i) => layers[i].saturated);
    for (const saturated of every20th) {
      expect(saturated).toBeGreaterThanOrEqual(least);
      expect(saturated).toBeLessThanOrEqual(most);
    }
  });
});

it('saturation is counted within the bounds of each activation', async () => {
  seed(3);
  const wide = 40;
  const shares: Record<string, number> = {};
  for (const [name, layer] of Object.entries({
    tanh: new nn.Tanh(),
    scaled: new nn.ScaledTanh({ a: 3, b: 1 }),
    softsign: new nn.Softsign(),
    hardtanh: new nn.Hardtanh(-2, 5),
    hardsigmoid: new nn.Hardsigmoid(),
    relu: new nn.ReLU(),
  })) {
    const { layers } = await firstStep(
      deep(1, wide, () => layer, 'standardNormal'),
      wide,
      500,
    );
    shares[name] = layers[0].saturated;
  }
  // Of N(0, 40): P(|x| > artanh 0.98), of both tanh; > 49; outside −1.93 … 4.93; outside ±2.94.
  const outside = { tanh: 0.716, scaled: 0.716, softsign: 0, hardtanh: 0.598, hardsigmoid: 0.642, relu: 0 };
  for (const [name, share] of Object.entries(outside)) expect(Math.abs(shares[name] - share)).toBeLessThan(0.03);
});
