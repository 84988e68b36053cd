export { alphaDropout } from './alpha_dropout.js';
export { type DropoutConvention, type DropoutOptions, dropout } from './dropout.js';
export { gaussianNoise } from './gaussian_noise.js';
export { type MultinomialOptions, multinomial } from './multinomial.js';
export { poisson } from './poisson.js';
export { bernoulli, type RandomOptions, rand, randint, randn } from './random.js';
export { randperm } from './randperm.js';
export { spatialDropout } from './spatial_dropout.js';
export { standardGamma } from './standard_gamma.js';
