import { ValueError } from 'adjoint';
import * as distributions from 'adjoint/distributions';
import { expect, it } from 'vitest';

const { Bernoulli, Categorical, klDivergence, monteCarloKl, MultivariateNormal, Normal }: any = distributions;

it('distributions made of nothing say what they need', () => {
  const none = (name: string, options: string) => new ValueError(`${name}: one of ${options} must be given; got none`);
  expect(() => new Bernoulli()).toThrow(none('Bernoulli', 'probs, logits'));
  expect(() => new Categorical(null)).toThrow(none('Categorical', 'probs, logits'));
  expect(() => new MultivariateNormal()).toThrow(ValueError);
  for (const [name, f] of Object.entries<any>({ klDivergence, monteCarloKl })) {
    const says = new ValueError(`${name}: p and q must be distributions; got undefined`);
    expect(() => f(new Normal(0, 1))).toThrow(says);
  }
});
