import { ValueError } from 'adjoint';
import { psnr, snr } from 'adjoint/metrics';
import { metricSpec } from '../metric_spec.js';

const images = {
  output: [
    [0.5, 0.5],
    [0, 1],
  ],
  target: [
    [0.6, 0.4],
    [0, 1],
  ],
};

metricSpec('psnr', psnr(), {
  samples: [
    { ...images, score: 10 * Math.log10(1 / 0.005) },
    { output: [1, 2], target: [1, 2], score: Infinity },
  ],
  errors: [{ call: () => psnr({ peak: 0 }), says: new ValueError('psnr: peak must be a number > 0; got 0') }],
});
metricSpec('psnr of bytes', psnr({ peak: 255 }), {
  samples: [{ output: [10, 20], target: [15, 15], score: 10 * Math.log10(255 ** 2 / 25) }],
});
metricSpec('snr', snr, {
  samples: [{ output: [1, 2, 3], target: [1, 2, 2], score: 10 * Math.log10(9) }],
});
