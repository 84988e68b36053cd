import { Generator, tensor } from 'adjoint';
import { MultivariateNormal, type Spread } from 'adjoint/distributions';
import { expect, it } from 'vitest';
import { distributionSpec } from './distribution_spec.js';

const covariance = [
  [2, 0.5],
  [0.5, 1],
];
const parameters = {
  batch: {
    loc: [
      [1, 2],
      [0, -1],
    ],
  },
  one: { loc: [0.5, -1] },
  other: { loc: [0, 0.25] },
};

distributionSpec('MultivariateNormal', {
  make: ({ loc, matrix }) => new MultivariateNormal(loc, { covarianceMatrix: matrix }),
  batch: { ...parameters.batch, matrix: covariance },
  one: { ...parameters.one, matrix: covariance },
  other: {
    ...parameters.other,
    matrix: [
      [1, -0.25],
      [-0.25, 1.5],
    ],
  },
  values: [
    [0, 0],
    [1, -2],
  ],
  errors: [
    {
      call: () => new MultivariateNormal(tensor([0, 0]), {} as Spread),
      says: 'MultivariateNormal: one of covarianceMatrix, precisionMatrix, scaleTril must be given; got none',
    },
    {
      call: () =>
        new MultivariateNormal(tensor([0, 0, 0]), {
          scaleTril: tensor([
            [1, 0],
            [0, 1],
          ]),
        }),
      says: 'MultivariateNormal: scaleTril must end with the axes [3, 3] for a loc of 3; got [2, 2]',
    },
    {
      call: () => new MultivariateNormal(tensor(0), { scaleTril: tensor([[1]]) }),
      says: 'MultivariateNormal: loc must have the axes [..., n]; got []',
    },
    {
      call: () =>
        new MultivariateNormal(tensor([0, 0]), {
          scaleTril: tensor([
            [1, 0],
            [0, -1],
          ]),
        }),
      says: "MultivariateNormal: scaleTril's diagonal must be a finite number > 0; got -1 at [1]",
    },
  ],
});

it('MultivariateNormal is the same by covariance, precision and factor', () => {
  const loc = tensor([1, 2], { dtype: 'float64' });
  const byCovariance = new MultivariateNormal(loc, { covarianceMatrix: tensor(covariance, { dtype: 'float64' }) });
  const spreads: Spread[] = [
    { precisionMatrix: byCovariance.precisionMatrix },
    { scaleTril: byCovariance.scaleTril },
    { covarianceMatrix: byCovariance.covarianceMatrix },
  ];
  for (const spread of spreads) {
    const p = new MultivariateNormal(loc, spread);
    expect(p.scaleTril.allClose(byCovariance.scaleTril, { rtol: 1e-12, atol: 1e-12 })).toBe(true);
    expect(p.covarianceMatrix.allClose(tensor(covariance, { dtype: 'float64' }), { rtol: 1e-12 })).toBe(true);
  }
  expect([...byCovariance.mode.data()]).toEqual([1, 2]);
});

it("MultivariateNormal's draws have its covariance", () => {
  const p = new MultivariateNormal(tensor([1, 2]), { covarianceMatrix: tensor(covariance) });
  const x = p.sample([20_000], { generator: new Generator(1) });
  const product = x.slice(null, 0).sub(1).mul(x.slice(null, 1).sub(2)).mean().item();
  // Its variance is 2 · 1 + 0.5².
  expect(Math.abs(product - 0.5)).toBeLessThan(4 * Math.sqrt(2.25 / 20_000));
});
