import { checkNonNegative } from '../../core/check.js';
import { huber } from './huber_loss.js';
import { absoluteErrors } from './l1_loss.js';
import { reducedLoss } from './loss.js';

export interface SmoothL1LossOptions {
  /** Where the parabola ends; ≥ 0; default 1. */
  beta?: number;
}

export const checkSmoothL1 = (op: string, { beta = 1 }: SmoothL1LossOptions): void =>
  checkNonNegative(op, 'beta', beta);

/**
 * Smooth mean absolute error, with d = input − target: d² / (2 · beta) where |d| < beta, else |d| − beta / 2; reduced.
 *
 * @param input   [...]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ValueError "smoothL1Loss: beta must be a finite number ≥ 0; got -1"
 * @source Girshick 2015, arXiv:1504.08083, equation 3; beta as in PyTorch
 */
export const smoothL1Loss = reducedLoss<SmoothL1LossOptions>(
  'smoothL1Loss',
  (x, t, { reduction = 'mean', beta = 1 }) =>
    beta === 0 ? absoluteErrors(x, t, { reduction }) : huber(x, t, { reduction, edge: beta, scale: 1 / beta }),
  { check: checkSmoothL1 },
);
