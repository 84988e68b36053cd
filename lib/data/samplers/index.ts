export { balancedSampler } from './balanced_sampler.js';
export { type BucketSamplerOptions, bucketSampler } from './bucket_sampler.js';
export { classWeights, sampleWeights } from './class_weights.js';
export type { BatchSampler, Sampler } from './sampler.js';
export { type WeightedSamplerOptions, weightedSampler } from './weighted_sampler.js';
