import { eye, Generator, linalg, matmul, rand, randn, type Tensor, tensor, zeros } from 'adjoint';
import { Imputer, MinMaxScaler, PCA, Pipeline, PolynomialFeatures, StandardScaler, ZCA } from 'adjoint/data';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { engines } from '../../harness.js';
import { message } from '../../message.js';

/*
 * Numbers of scikit-learn 1.9.1 on the same values, unless a formula stands beside them.
 */

const wide = (values: number[][]) => tensor(values, { dtype: 'float64' });

function expectClose(actual: Tensor, wanted: number[][], digits = 12): void {
  expect(actual.shape).toEqual([wanted.length, wanted[0].length]);
  const values = actual.data();
  wanted.flat().forEach((value, i) => {
    expect(values[i]).toBeCloseTo(value, digits);
  });
}

/** Σ yᵀy / (n − 1) of columns with mean 0. */
const covariance = (y: Tensor): Tensor => matmul(y.transpose(), y).div(y.shape[0] - 1) as Tensor;

describe.each(engines)('scalers on $name', ({ use }) => {
  const x = wide([
    [1, 2, 5],
    [3, -1, 5],
    [4, 0.5, 5],
    [-2, 7, 5],
  ]);

  it('standardise, and back', () => {
    use();
    const scaler = new StandardScaler().fit(x);
    const y = scaler.transform(x);
    expectClose(y, [
      [-0.2182178902359924, -0.04155858174616913, 0],
      [0.6546536707079772, -1.0389645436542283, 0],
      [1.091089451179962, -0.5402615627001988, 0],
      [-1.5275252316519468, 1.6207846881005963, 0],
    ]);
    expectClose(scaler.inverse(y), x.toArray());
    expect(scaler.stateDict().std.toArray()[2]).toBe(1);
  });

  it('scale to a range, and back', () => {
    use();
    const scaler = new MinMaxScaler({ range: [-1, 1] });
    const y = scaler.fitTransform(x);
    expectClose(y, [
      [0, -0.25, -1],
      [2 / 3, -1, -1],
      [1, -0.625, -1],
      [-1, 1, -1],
    ]);
    expectClose(scaler.inverse(y), x.toArray());
    expectClose(scaler.transform(wide([[0, 0, 7]])), [[-1 / 3, -0.75, 3]]);
    // Lecture notes 001, line 712: (x − 127.5) / 127.5.
    const pixels = new MinMaxScaler({ range: [-1, 1] }).fit(tensor(new Uint8Array([0, 255]), { shape: [2, 1] }));
    const scaled = pixels.transform(tensor(new Uint8Array([0, 127, 128, 255]), { shape: [4, 1] }));
    expect(scaled.dtype).toBe('float32');
    expectClose(scaled, [[-1], [-0.00392157], [0.00392157], [1]], 7);
  });

  it('have a number for each channel of images', () => {
    use();
    const images = rand([5, 3, 4, 4], { generator: new Generator(1) }).mul(tensor([1, 10, 100]).reshape([3, 1, 1]));
    const scaler = new StandardScaler({ axis: -3 }).fit(images);
    const y = scaler.transform(images);
    expectTypeOf(y).toExtend<Tensor<any, 'float32'>>();
    expect(y.shape).toEqual([5, 3, 4, 4]);
    for (let channel = 0; channel < 3; channel++) {
      const own = y.slice(null, channel).reshape([80]);
      expect(own.mean().item()).toBeCloseTo(0, 5);
      expect(own.square().mean().item()).toBeCloseTo(1, 5);
    }
    expect(scaler.transform(images.slice(0)).toArray()).toEqual(y.slice(0).toArray());
  });

  it('keep the digits of large offsets, and do not blow up the rounding of a constant', () => {
    use();
    const years = tensor([[16777212], [16777214]]);
    expectClose(new StandardScaler().fitTransform(years), [[-1], [1]]);
    const constant = tensor(new Float64Array(10).fill(0.1), { shape: [10, 1] });
    expect(new StandardScaler().fit(constant).stateDict().std.toArray()).toEqual([1]);
  });
});

describe('Imputer', () => {
  const x = wide([
    [1, Number.NaN],
    [3, 4],
    [Number.NaN, 6],
    [8, 7],
  ]);
  it.each([
    ['mean', 4, 17 / 3],
    ['median', 3, 6],
    ['constant', -1, -1],
  ] as const)('fills in the %s', (strategy, first, second) => {
    const imputer = new Imputer({ strategy, value: -1 });
    expectClose(imputer.fitTransform(x), [
      [1, second],
      [3, 4],
      [first, 6],
      [8, 7],
    ]);
    expect(imputer.transform(wide([[Number.NaN, 0]])).toArray()).toEqual([[imputer.stateDict().fill.toArray()[0], 0]]);
  });
  it('takes the mean of the two in the middle', () => {
    const even = wide([[4], [1], [Number.NaN], [10], [2]]);
    expect(new Imputer({ strategy: 'median' }).fit(even).stateDict().fill.toArray()).toEqual([3]);
  });
});

describe('PolynomialFeatures', () => {
  it('has the columns in their order', () => {
    const cubic = new PolynomialFeatures({ degree: 3 });
    const y = cubic.fitTransform(wide([[2, 3]]));
    expect(y.toArray()).toEqual([[1, 2, 3, 4, 6, 9, 8, 12, 18, 27]]);
    expect(cubic.inverse(y).toArray()).toEqual([[2, 3]]);
    const interactions = new PolynomialFeatures({ degree: 3, interactionOnly: true, bias: false });
    const z = interactions.fitTransform(wide([[2, 3, 5]]));
    expect(z.toArray()).toEqual([[2, 3, 5, 6, 10, 15, 30]]);
    expect(interactions.inverse(z).toArray()).toEqual([[2, 3, 5]]);
    expect(interactions.exponents).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 1, 0],
      [1, 0, 1],
      [0, 1, 1],
      [1, 1, 1],
    ]);
    expect(new PolynomialFeatures().fit(zeros([1, 3])).exponents).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [2, 0, 0],
      [1, 1, 0],
      [1, 0, 1],
      [0, 2, 0],
      [0, 1, 1],
      [0, 0, 2],
    ]);
  });

  it('is each column the product that its exponents say', () => {
    const x = rand([4, 5], { generator: new Generator(1), dtype: 'float64' });
    const features = new PolynomialFeatures({ degree: 4 }).fit(x);
    const y = features.transform(x).toArray();
    expect(features.exponents.length).toBe(126); // C(9, 4)
    x.toArray().forEach((row, i) => {
      features.exponents.forEach((exponents, j) => {
        expect(y[i][j]).toBeCloseTo(
          exponents.reduce((product, e, at) => product * row[at] ** e, 1),
          14,
        );
      });
    });
  });
});

describe.each(engines)('PCA on $name', ({ use }) => {
  const x = wide([
    [2.5, 2.4, 0.1],
    [0.5, 0.7, 1.2],
    [2.2, 2.9, -0.3],
    [1.9, 2.2, 0.4],
    [3.1, 3, 0.9],
    [2.3, 2.7, 1.7],
  ]);
  const components = [
    [0.695385865948563, 0.680829815523763, -0.2300201289731957],
    [0.21356002607135358, 0.1098396037943265, 0.9707354823548523],
    [-0.6861709792051611, 0.7241588387447768, 0.06901712515344492],
  ];

  it.each([
    // By the examples, and by the covariance of as many copies as it takes.
    [1, 5],
    [20, 119],
  ])('finds the axes: %i times the examples', (times, divisor) => {
    use();
    const pca = new PCA().fit(tensor(new Array(times).fill(x.toArray()).flat(), { dtype: 'float64' }));
    expectClose(pca.stateDict().components, components, 10);
    const variances = [1.4847145233000947, 0.4965348224579582, 0.044750654241946866];
    variances.forEach((variance, i) => {
      expect(pca.explainedVariance[i]).toBeCloseTo((variance * 5 * times) / divisor, 12);
    });
    const ratios = [0.7328304655972827, 0.24508135363176617, 0.022088180770951073];
    ratios.forEach((ratio, i) => {
      expect(pca.explainedVarianceRatio[i]).toBeCloseTo(ratio, 12);
    });
    expectClose(
      pca.transform(x).slice([0, 2]),
      [
        [0.4768246685236921, -0.4519467954884918, -0.26466770902703773],
        [-2.324379891634346, 0.0020148565087834136, -0.04747693881404666],
      ],
      10,
    );
    expectClose(pca.inverse(pca.transform(x)), x.toArray(), 12);
  });

  it('whitens', () => {
    use();
    const pca = new PCA({ whiten: true }).fit(x);
    const y = pca.transform(x);
    expectClose(
      y.slice([0, 2]),
      [
        [0.39132467853757796, -0.6413756321332584, -1.2511266172547444],
        [-1.90759260989834, 0.002859362827392098, -0.22443108785122162],
      ],
      10,
    );
    expectClose(covariance(y), eye(3).toArray(), 10);
    expectClose(pca.inverse(y), x.toArray(), 12);
  });

  it('keeps so many, or what explains more than a share', () => {
    use();
    expect(new PCA({ components: 0.9 }).fit(x).transform(x).shape).toEqual([6, 2]);
    expect(new PCA({ components: 0.7 }).fit(x).transform(x).shape).toEqual([6, 1]);
    const two = new PCA({ components: 2 }).fit(x);
    // What is lost is the variance of what was left out.
    const lost = two.inverse(two.transform(x)).sub(x).square().sum().item();
    expect(lost / 5).toBeCloseTo(0.044750654241946866, 12);
    expect(new PCA().fit(zeros([2, 4]).add(tensor([[0], [1]]))).transform(zeros([3, 4])).shape).toEqual([3, 2]);
  });
});

describe.each(engines)('ZCA on $name', ({ use }) => {
  it('makes the covariance the identity by a symmetric map', () => {
    use();
    const generator = new Generator(2);
    const mixing = wide([
      [2, 1, 0],
      [0, 1, 0.5],
      [0.3, 0, 1],
    ]);
    const x = matmul(randn([200, 3], { generator, dtype: 'float64' }), mixing).add(5) as Tensor;
    const zca = new ZCA({ eps: 0 }).fit(x);
    const y = zca.transform(x);
    expectClose(covariance(y), eye(3).toArray(), 10);
    expectClose(zca.inverse(y), x.toArray() as number[][], 10);
    const centred = x.sub(zca.stateDict().mean);
    const map = linalg.lstsq(centred, y).solution as Tensor;
    expectClose(map, map.transpose().toArray() as number[][], 10);
    expectClose(new ZCA({ eps: 1e9 }).fit(x).transform(x), zeros([200, 3]).toArray(), 3);
  });
});

describe('state', () => {
  it('is saved and loaded', () => {
    const x = rand([30, 4], { generator: new Generator(3) });
    for (const make of [
      () => new StandardScaler(),
      () => new MinMaxScaler({ range: [-1, 1] }),
      () => new Imputer({ strategy: 'median' }),
      () => new PCA({ components: 2, whiten: true }),
      () => new ZCA(),
      () => new PolynomialFeatures(),
      () => new Pipeline<Tensor, Tensor>([new Imputer(), new StandardScaler(), new PCA({ components: 3 })]),
    ]) {
      const fitted = make().fit(x);
      const loaded = make();
      loaded.loadStateDict(fitted.stateDict() as never);
      expect(loaded.transform(x).toArray()).toEqual(fitted.transform(x).toArray());
      expect(loaded.inverse(fitted.transform(x)).shape).toEqual([30, 4]);
    }
  });

  it('stays as it was if another does not fit', () => {
    const x = rand([30, 4], { generator: new Generator(3) });
    const pipeline = new Pipeline<Tensor, Tensor>([new StandardScaler(), new PCA({ components: 3 })]).fit(x);
    const [scaler, pca] = new Pipeline([new StandardScaler(), new PCA({ components: 3 })]).fit(x.mul(2)).stateDict();
    const before = pipeline.transform(x).toArray();
    expect(message(() => pipeline.loadStateDict([scaler, { ...(pca as object), total: 3 }]))).toBe(
      'FormatError PCA.loadStateDict: total must be float64 []; got 3',
    );
    expect(pipeline.transform(x).toArray()).toEqual(before);
    pipeline.loadStateDict([scaler, pca]);
    expect(pipeline.transform(x.mul(2)).toArray()).toEqual(before);
  });

  it('is what a pipeline goes through, and back', () => {
    const x = wide([[1], [Number.NaN], [5]]);
    const pipeline = new Pipeline<Tensor, Tensor>([new Imputer(), new MinMaxScaler()]).fit(x);
    expect(pipeline.transform(x).toArray()).toEqual([[0], [0.5], [1]]);
    expect(pipeline.inverse(pipeline.transform(x)).toArray()).toEqual([[1], [3], [5]]);
  });
});

it.each<[() => unknown, string]>([
  [
    () => new StandardScaler().transform(zeros([2, 2])),
    'StateError StandardScaler.transform: there is nothing learnt yet; call fit, or loadStateDict',
  ],
  [
    () => new StandardScaler().fit(zeros([2])),
    'ShapeError StandardScaler.fit: x must have an axis of examples and one of features; got shape [2]; reshape one feature to [n, 1]',
  ],
  [
    () => new StandardScaler().fit(zeros([0, 2])),
    'ShapeError StandardScaler.fit: there must be examples; got shape [0, 2]',
  ],
  [
    () => new MinMaxScaler().fit(tensor([[1, 2, Number.NaN]])),
    'ValueError MinMaxScaler.fit: x must be finite; element 2 is NaN; fill in what is missing by an Imputer',
  ],
  [
    () => new StandardScaler().fit(zeros([2, 3])).transform(zeros([2, 4])),
    'ShapeError StandardScaler.transform: axis -1 must have size 3, as it was fitted; got shape [2, 4]',
  ],
  [
    () => new PCA({ components: 1 }).fit(rand([3, 3])).inverse(zeros([2, 3])),
    'ShapeError PCA.inverse: axis -1 must have size 1, as it was fitted; got shape [2, 3]',
  ],
  [
    () => new StandardScaler().loadStateDict({ mean: zeros([2]), std: zeros([2]) }),
    'FormatError StandardScaler.loadStateDict: mean must be float64 [features]; got float32 [2]',
  ],
  [
    () =>
      new StandardScaler().loadStateDict({
        mean: zeros([2], { dtype: 'float64' }),
        std: zeros([3], { dtype: 'float64' }),
      }),
    'FormatError StandardScaler.loadStateDict: std must be float64 [features]; got float64 [3]',
  ],
  [() => new MinMaxScaler({ range: [1, 1] }), 'ValueError MinMaxScaler: range must be finite, low < high; got 1 and 1'],
  [
    () => new Imputer().fit(tensor([[Number.NaN]])),
    'ValueError Imputer.fit: every feature must have a value; feature 0 has none; leave it out, or fill in a constant',
  ],
  [
    () => new Imputer({ strategy: 'mode' as 'mean' }),
    "ValueError Imputer: strategy must be 'mean', 'median' or 'constant'; got 'mode'",
  ],
  [
    () => new PCA({ components: 1.5 }),
    'ValueError PCA: components must be a whole number ≥ 1 or a share within (0, 1); got 1.5',
  ],
  [
    () => new PCA({ components: 5 }).fit(zeros([9, 4])),
    'ValueError PCA.fit: components must be at most min(n, features) = 4; got 5',
  ],
  [
    () => new PCA().fit(zeros([1, 4])),
    'ShapeError PCA.fit: x must be [n, features] with at least 2 examples; got shape [1, 4]',
  ],
  [() => new ZCA().fit(zeros([3, 5])), 'ShapeError ZCA.fit: there must be more examples than features; got 3 of 5'],
  [
    () => new PolynomialFeatures({ degree: 0 }),
    'ValueError PolynomialFeatures: degree must be a whole number ≥ 1; got 0',
  ],
  [
    () => new PolynomialFeatures().fit(zeros([1, 2])).transform(zeros([1, 3])),
    'ShapeError PolynomialFeatures.transform: x must have 2 features, as it was fitted; got shape [1, 3]',
  ],
  [
    () => new PolynomialFeatures().transform(zeros([1, 3])),
    'StateError PolynomialFeatures.transform: there is nothing learnt yet; call fit, or loadStateDict',
  ],
  [() => new Pipeline([]), 'ValueError Pipeline: there must be a step; got none'],
  [
    () => new Pipeline([new PCA()]).loadStateDict([]),
    'FormatError Pipeline.loadStateDict: the state must be an array of 1, one a step; got 0',
  ],
])('states its error: %s', (call, says) => {
  expect(message(call)).toBe(says);
});
