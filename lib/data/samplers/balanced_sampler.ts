import { checkWhole } from '../../core/check.js';
import { randperm } from '../../ops/random/randperm.js';
import { classesOf, type Labels, membersOf } from '../classes.js';
import type { Sampler } from './sampler.js';

/**
 * Draws each class as often as any other, within one example; inside a class every example before one comes again.
 *
 *     balancedSampler(labels)                              // as many examples an epoch as there are
 *     balancedSampler(labels, { size: 10 * smallest })     // undersampling of 10 classes: none comes twice
 *
 * @param labels        the class of each example
 * @param options.size  examples an epoch; whole, ≥ 1; default: as many as labels
 */
export function balancedSampler(labels: Labels, options: { size?: number } = {}): Sampler {
  const classes = classesOf('balancedSampler', 'labels', labels);
  const { size = classes.codes.length } = options;
  checkWhole('balancedSampler', 'size', size, 1);
  const members = membersOf(classes);
  return {
    length: size,
    order(generator) {
      // Which classes get one more than others is drawn as well, and where each draw comes in the epoch.
      const turns = randperm(members.length, { generator }).data();
      const drawn = new Int32Array(size);
      members.forEach((own, code) => {
        let order = new Int32Array(0);
        for (let at = turns[code], n = 0; at < size; at += members.length, n++) {
          if (n % own.length === 0) order = randperm(own.length, { generator }).data() as Int32Array<ArrayBuffer>;
          drawn[at] = own[order[n % own.length]];
        }
      });
      return randperm(size, { generator })
        .data()
        .map((at) => drawn[at]);
    },
  };
}
