import type { FloatDType } from '../core/dtype.js';
import { ShapeError } from '../core/errors.js';
import type { Generator } from '../core/random.js';
import { broadcastShapes, show } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import { eye, linalg, randn } from '../ops/index.js';
import type { Tensor } from '../tensor/tensor.js';
import { Reparameterised } from './distribution.js';
import { anyNumber, checkWithin, commonDType, expanded, finite, oneOf, parameter, positive } from './parameters.js';

/** How the spread of a normal distribution of vectors is given: [..., n, n] each. */
export type Spread =
  | { covarianceMatrix: Tensor; precisionMatrix?: undefined; scaleTril?: undefined }
  | { precisionMatrix: Tensor; covarianceMatrix?: undefined; scaleTril?: undefined }
  | { scaleTril: Tensor; covarianceMatrix?: undefined; precisionMatrix?: undefined };

const halfLog2Pi = 0.5 * Math.log(2 * Math.PI);

/**
 * The normal distribution of vectors of n numbers.
 *
 *   p(x) = exp(−½ (x − loc)ᵀ Σ⁻¹ (x − loc)) / √((2π)ⁿ det Σ),  Σ = L Lᵀ
 *
 * @param loc               the mean; [..., n]
 * @param covarianceMatrix  Σ, symmetric and positive definite; [..., n, n]
 * @param precisionMatrix   instead of it Σ⁻¹
 * @param scaleTril         instead of it L, lower triangular with a diagonal > 0; what is above is not read
 * @throws ValueError "MultivariateNormal: one of covarianceMatrix, precisionMatrix, scaleTril must be given; got none";
 *         ShapeError "MultivariateNormal: scaleTril must end with the axes [3, 3] for a loc of 3; got [2, 2]"
 * @source torch.distributions.MultivariateNormal
 */
export class MultivariateNormal extends Reparameterised {
  readonly loc: Tensor;
  /** L, [...batchShape, n, n] */
  readonly scaleTril: Tensor;
  readonly support = anyNumber;

  constructor(loc: Tensor, spread: Spread) {
    const op = 'MultivariateNormal';
    const name = oneOf(op, spread, ['covarianceMatrix', 'precisionMatrix', 'scaleTril']);
    const given = spread[name] as Tensor;
    const dtype = commonDType(op, [loc, given]);
    if (loc.rank === 0) throw new ShapeError(`${op}: loc must have the axes [..., n]; got ${show(loc.shape)}`);
    const n: number = loc.shape[loc.rank - 1];
    const [rows, columns] = given.shape.slice(-2);
    if (given.rank < 2 || rows !== n || columns !== n) {
      throw new ShapeError(
        `${op}: ${name} must end with the axes ${show([n, n])} for a loc of ${n}; got ${show(given.shape)}`,
      );
    }
    const batch = broadcastShapes(op, loc.shape.slice(0, -1), given.shape.slice(0, -2));
    super(batch, [n], dtype);
    this.loc = expanded(parameter(op, 'loc', loc, dtype, finite), [...batch, n]);
    const matrix = parameter(op, name, given, dtype, finite);
    if (name === 'scaleTril') checkWithin(op, "scaleTril's diagonal", linalg.diagonal(matrix), positive);
    const factor =
      name === 'scaleTril'
        ? matrix.tril()
        : name === 'covarianceMatrix'
          ? linalg.cholesky(matrix)
          : ofPrecision(matrix);
    this.scaleTril = expanded(factor, [...batch, n, n]);
  }

  get covarianceMatrix(): Tensor {
    return this.scaleTril.matmul(this.scaleTril.transpose());
  }
  get precisionMatrix(): Tensor {
    return linalg.choleskySolve(identity(this.eventShape[0], this.dtype), this.scaleTril);
  }
  get mean(): Tensor {
    return this.loc;
  }
  get mode(): Tensor {
    return this.loc;
  }
  /** Σ's diagonal */
  get variance(): Tensor {
    return this.scaleTril.square().sum(-1);
  }

  protected draw(shape: Shape, generator: Generator | undefined): Tensor {
    const z: Tensor = randn(this.extended(shape), { dtype: this.dtype, generator });
    return this.scaleTril.matmul(z.unsqueeze(-1)).squeeze(-1).add(this.loc);
  }

  protected logDensity(value: Tensor): Tensor {
    const distance = squaredDistance(this.scaleTril, value.sub(this.loc));
    return distance
      .mul(-0.5)
      .sub(this.#halfLogDet())
      .sub(this.eventShape[0] * halfLog2Pi);
  }

  /** ½ log det Σ = Σ log Lᵢᵢ */
  #halfLogDet(): Tensor {
    return linalg.diagonal(this.scaleTril).log().sum(-1);
  }

  /** ½ log det Σ + n / 2 · (1 + log 2π) */
  entropy(): Tensor {
    return this.#halfLogDet().add(this.eventShape[0] * (0.5 + halfLog2Pi));
  }

  /**
   * See `klDivergence`: ½ (tr(Σq⁻¹ Σ) + dᵀ Σq⁻¹ d − n + log(det Σq / det Σ)), d = q.loc − loc.
   *
   * @source Duchi 2007, "Derivations for linear algebra and optimization", section 9
   */
  divergence(q: MultivariateNormal): Tensor {
    const trace = linalg.solveTriangular(q.scaleTril, this.scaleTril, { upper: false }).square().sum([-2, -1]);
    const shift = squaredDistance(q.scaleTril, q.loc.sub(this.loc));
    const logs = q.#halfLogDet().sub(this.#halfLogDet());
    return trace.add(shift).sub(this.eventShape[0]).mul(0.5).add(logs);
  }
}

/** |L⁻¹ d|² for each d of a batch. */
const squaredDistance = (l: Tensor, d: Tensor): Tensor =>
  linalg.solveTriangular(l, d.unsqueeze(-1), { upper: false }).squeeze(-1).square().sum(-1);

const identity = (n: number, dtype: FloatDType): Tensor => eye(n, { dtype });

/** L of the precision P: with rows and columns turned round, P = U Uᵀ gives Σ = L Lᵀ for L = U⁻ᵀ. */
function ofPrecision(precision: Tensor): Tensor {
  const axes = [-2, -1];
  const inverse = linalg.cholesky(precision.flip(axes)).flip(axes).transpose() as Tensor;
  const n: number = precision.shape[precision.rank - 1];
  return linalg.solveTriangular(inverse, identity(n, precision.dtype), { upper: false });
}
