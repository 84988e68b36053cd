export { type DropoutOptions, dropout } from './dropout.js';
export { bernoulli, type RandomOptions, rand, randint, randn } from './random.js';
export { randperm } from './randperm.js';
