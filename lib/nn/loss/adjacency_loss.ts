import { adjacencyLoss } from '../../ops/loss/adjacency_loss.js';
import type { LossReduction, Reduced } from '../../ops/loss/loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** Smoothness of a graph's nodes, reduced; see the op `adjacencyLoss`. */
export class AdjacencyLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  forward(x: Tensor, adjacency: Tensor): Tensor<Reduced<any, R>> {
    return adjacencyLoss(x, adjacency, this);
  }
}
