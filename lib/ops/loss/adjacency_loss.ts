import { show } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkRank, checkShapes } from '../check.js';
import { div } from '../elementwise/div.js';
import { mul } from '../elementwise/mul.js';
import { inFloat } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { squaredDistances } from './distances.js';
import { checkReduction, type LossOptions, type LossReduction, type Reduced, reduceLoss } from './loss.js';

/**
 * Smoothness of a graph's nodes: adjacency[i, j] · ‖xᵢ − xⱼ‖², small where neighbours are alike; reduced. The mean is
 * weighted, Σ loss / Σ adjacency; the sum is 2 tr(xᵀ · L · x) with the Laplacian L where edges have no direction.
 *
 * @param x          [nodes, features]
 * @param adjacency  [nodes, nodes], weights of the edges
 * @returns          [], or with reduction 'none' [nodes, nodes]
 * @throws ShapeError "adjacencyLoss: adjacency must be [4, 4], the nodes of x [4, 2]; got [4, 2]"
 * @source Belkin, Niyogi 2003, "Laplacian eigenmaps", Neural Computation 15(6), section 3; lecture notes 001, line 2121
 */
export function adjacencyLoss<const R extends LossReduction = 'mean'>(
  x: Tensor,
  adjacency: Tensor,
  options: LossOptions<R> = {},
): Tensor<Reduced<any, R>> {
  const op = 'adjacencyLoss';
  checkRank(op, 'x', x, ['nodes', 'features']);
  checkReduction(op, options.reduction);
  const [nodes]: number[] = x.shape;
  checkShapes(op, { adjacency }, [nodes, nodes], () => `the nodes of x ${show(x.shape)}`);
  const { reduction = 'mean' } = options;
  return inFloat([x, adjacency], (x: Tensor, weights: Tensor) => {
    const losses = mul(weights, squaredDistances(x, x));
    return reduction === 'mean' ? div(sum(losses), sum(weights)) : reduceLoss(losses, { reduction });
  });
}
