import type { Tensor } from 'adjoint';
import {
  Bernoulli,
  Beta,
  Categorical,
  Dirichlet,
  type Distribution,
  Gamma,
  klDivergence,
  Laplace,
  MixtureSameFamily,
  MultivariateNormal,
  Normal,
  Poisson,
  Uniform,
} from 'adjoint/distributions';
import { golden } from './golden.js';

/* torch.distributions' answers, made by distributions.py beside this file. */

type Inputs = Record<string, Tensor>;

const kinds: Record<string, (of: (name: string) => Tensor) => Distribution> = {
  Normal: (of) => new Normal(of('loc'), of('scale')),
  Laplace: (of) => new Laplace(of('loc'), of('scale')),
  Uniform: (of) => new Uniform(of('low'), of('high')),
  Gamma: (of) => new Gamma(of('concentration'), of('rate')),
  Beta: (of) => new Beta(of('concentration1'), of('concentration0')),
  Dirichlet: (of) => new Dirichlet(of('concentration')),
  Poisson: (of) => new Poisson(of('rate')),
  'Bernoulli probs': (of) => new Bernoulli({ probs: of('probs') }),
  'Bernoulli logits': (of) => new Bernoulli({ logits: of('logits') }),
  'Categorical probs': (of) => new Categorical({ probs: of('probs') }),
  'Categorical logits': (of) => new Categorical({ logits: of('logits') }),
  'MultivariateNormal scaleTril': (of) => new MultivariateNormal(of('loc'), { scaleTril: of('scaleTril') }),
  'MultivariateNormal covarianceMatrix': (of) =>
    new MultivariateNormal(of('loc'), { covarianceMatrix: of('covarianceMatrix') }),
  'MultivariateNormal precisionMatrix': (of) =>
    new MultivariateNormal(of('loc'), { precisionMatrix: of('precisionMatrix') }),
  MixtureSameFamily: (of) =>
    new MixtureSameFamily(new Categorical({ logits: of('logits') }), new Normal(of('loc'), of('scale'))),
};

type Method = (p: any, inputs: Inputs, q: () => Distribution) => Tensor;

const methods: Record<string, Method> = {
  logProb: (p, { value }) => p.logProb(value),
  cdf: (p, { value }) => p.cdf(value),
  icdf: (p, { share }) => p.icdf(share),
  entropy: (p) => p.entropy(),
  mean: (p) => p.mean,
  variance: (p) => p.variance,
  klDivergence: (p, _, q) => klDivergence(p, q() as any),
};

golden('distributions', ({ name }) => {
  const space = name.lastIndexOf(' ');
  const [kind, method] = [name.slice(0, space), name.slice(space + 1)];
  return (inputs) => {
    const make = (prefix: string): Distribution => kinds[kind]((parameter) => inputs[prefix + parameter]);
    return methods[method](make(''), inputs, () => make('q:'));
  };
});
