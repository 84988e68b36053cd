import { ShapeError, ValueError } from 'adjoint';
import { bleu } from 'adjoint/metrics';
import { metricSpec } from '../metric_spec.js';

const words = (text: string) => text.split(' ');
const references = [words('the cat is on the mat'), words('there is a cat on the mat')];

metricSpec('bleu, of words', bleu({ order: 1 }), {
  // Papineni et al., example 2 of section 2.1: each reference has "the" at most twice.
  samples: [{ output: [words('the the the the the the the')], target: [references], score: 2 / 7 }],
  tensors: false,
});
metricSpec('bleu', bleu(), {
  tensors: false,
  samples: [
    {
      output: [words('a b c d e')],
      target: [[words('a b c d f')]],
      score: ((4 / 5) * (3 / 4) * (2 / 3) * (1 / 2)) ** 0.25,
    },
    // Counts add up over the corpus; the second output is one word too short: 9 words for 10.
    {
      output: [words('a b c d e'), words('a b c d')],
      target: [[words('a b c d f')], [words('a b c d e')]],
      score: Math.exp(1 - 10 / 9) * ((8 / 9) * (6 / 7) * (4 / 5) * (2 / 3)) ** 0.25,
    },
    { output: [words('a b')], target: [[words('a b')]], score: 0 },
    {
      output: [[1, 2, 3, 4]],
      target: [
        [
          [1, 2, 3, 4, 5],
          [1, 2, 3, 4],
        ],
      ],
      score: 1,
    },
    { output: [[]], target: [[[1]]], score: 0 },
  ],
  errors: [
    { call: () => bleu({ order: 0 }), says: new ValueError('bleu: order must be a whole number ≥ 1; got 0') },
    {
      call: () => bleu()([[1]], []),
      says: new ShapeError('bleu: each output needs its list of references; got 1 outputs and 0 lists'),
    },
  ],
});
metricSpec('bleu, smoothed', bleu({ order: 2, smoothing: true }), {
  tensors: false,
  samples: [{ output: [words('a c')], target: [[words('a b')]], score: Math.sqrt((1 / 2) * (1 / 2)) }],
});
