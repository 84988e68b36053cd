import type { LossOptions, LossReduction, Reduced } from '../../ops/loss/loss.js';
import { checkYolo, type YoloLossOptions, yoloLoss } from '../../ops/loss/yolo_loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Loss } from './loss.js';

/** The loss of YOLO's boxes, confidences and classes, reduced over images; see the op `yoloLoss`. */
export class YoloLoss<const R extends LossReduction = 'mean'> extends Loss<R> {
  readonly boxes: number;
  readonly coord: number;
  readonly noObject: number;

  constructor(options: YoloLossOptions & LossOptions<R> = {}) {
    super(options);
    const { boxes = 2, coord = 5, noObject = 0.5 } = options;
    this.boxes = boxes;
    this.coord = coord;
    this.noObject = noObject;
    checkYolo('YoloLoss', this);
  }

  forward(input: Tensor, target: Tensor): Tensor<Reduced<[number], R>> {
    return yoloLoss(input, target, this);
  }
}
