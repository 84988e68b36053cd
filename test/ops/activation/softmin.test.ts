import { ones, softmin } from 'adjoint';
import { spec } from '../../harness.js';
import { alongAxis, exponentials, samples, total } from '../../softmax.js';

spec('softmin', softmin as never, {
  reference: alongAxis((x) => {
    const shares = exponentials(x.map((v) => -v));
    return shares.map((e) => e / total(shares));
  }),
  samples,
  errors: [
    { call: () => softmin(ones([2, 3]), 2), says: 'softmax: axis 2 of a tensor with 2 axes; must be within -2 … 1' },
  ],
});
