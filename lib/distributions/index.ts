import '../ops/methods.js';

export { Bernoulli } from './bernoulli.js';
export { Beta } from './beta.js';
export { Categorical } from './categorical.js';
export { Dirichlet } from './dirichlet.js';
export { Distribution, Reparameterised, type SampleOptions } from './distribution.js';
export { Gamma } from './gamma.js';
export { type ClosedDivergence, klDivergence, type MonteCarloOptions, monteCarloKl } from './kl.js';
export { Laplace } from './laplace.js';
export { MixtureSameFamily } from './mixture_same_family.js';
export { MultivariateNormal, type Spread } from './multivariate_normal.js';
export { Normal } from './normal.js';
export type { Parameter, ProbsOrLogits, Range } from './parameters.js';
export { Poisson } from './poisson.js';
export { Uniform } from './uniform.js';
