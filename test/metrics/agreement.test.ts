import { balancedAccuracy, cohenKappa, matthews } from 'adjoint/metrics';
import { metricSpec } from '../metric_spec.js';

metricSpec('balancedAccuracy', balancedAccuracy(), {
  // scikit-learn's own example.
  samples: [{ output: [0, 1, 0, 0, 0, 1], target: [0, 1, 0, 0, 1, 0], score: 0.625 }],
});
metricSpec('balancedAccuracy, adjusted', balancedAccuracy({ adjusted: true }), {
  samples: [{ output: [0, 1, 0, 0, 0, 1], target: [0, 1, 0, 0, 1, 0], score: 0.25 }],
});

// Two readers of 50 grants, 20 yes and 15 no in common, 5 and 10 apart: p = 0.7, pₑ = 0.5.
const times = <T>(n: number, value: T): T[] => new Array<T>(n).fill(value);
const grants = {
  output: [...times(20, 1), ...times(5, 0), ...times(10, 1), ...times(15, 0)],
  target: [...times(20, 1), ...times(5, 1), ...times(10, 0), ...times(15, 0)],
};
metricSpec('cohenKappa', cohenKappa(), { samples: [{ ...grants, score: 0.4 }] });

// Three disagreements by 1 in four; margins (2, 1, 1) and (1, 2, 1), whose products weigh 14 by |d| and 20 by d².
const ordered = { output: [0, 1, 1, 2], target: [0, 0, 2, 1] };
metricSpec('cohenKappa, linear', cohenKappa({ weights: 'linear' }), {
  samples: [{ output: ordered.output, target: ordered.target, score: 1 - 3 / (14 / 4) }],
});
metricSpec('cohenKappa, quadratic', cohenKappa({ weights: 'quadratic' }), {
  samples: [{ output: ordered.output, target: ordered.target, score: 1 - 3 / (20 / 4) }],
});

metricSpec('matthews', matthews(), {
  samples: [
    // scikit-learn's own example.
    { output: [1, 0, 1, 1], target: [1, 1, 1, 0], score: -1 / 3 },
    { output: [0, 1, 2, 2], target: [0, 1, 2, 2], score: 1 },
    { output: [0, 0, 0], target: [0, 1, 0], score: 0 },
  ],
});
