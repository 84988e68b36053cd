import type { AverageRanks } from 'adjoint/stats';

/*
 * Lecture notes 004, lines 1984–1999 (after Demšar 2006): scores of C4.5, C4.5+m, C4.5+cf, C4.5+m+cf on fourteen data
 * sets of UCI.
 */
export const scores = [
  [0.763, 0.768, 0.771, 0.798], // adult (sample)
  [0.599, 0.591, 0.59, 0.569], // breast cancer
  [0.954, 0.971, 0.968, 0.967], // breast cancer wisconsin
  [0.628, 0.661, 0.654, 0.657], // cmc
  [0.882, 0.888, 0.886, 0.898], // ionosphere
  [0.936, 0.931, 0.916, 0.931], // iris
  [0.661, 0.668, 0.609, 0.685], // liver disorders
  [0.583, 0.583, 0.563, 0.625], // lung cancer
  [0.775, 0.838, 0.866, 0.875], // lymphography
  [1, 1, 1, 1], // mushroom
  [0.94, 0.962, 0.965, 0.962], // primary tumor
  [0.619, 0.666, 0.614, 0.669], // rheum
  [0.972, 0.981, 0.975, 0.975], // voting
  [0.957, 0.978, 0.946, 0.97], // wine
];

/** The scores of one method. */
export const method = (j: number): number[] => scores.map((row) => row[j]);

/**
 * Lecture notes 004, line 1999. Of unrounded scores: voting's 0.975 and 0.975 are ranked 2 and 3, so the printed scores
 * give others.
 */
export const printed: AverageRanks = { ranks: [3.143, 2, 2.893, 1.964], count: 14 };
