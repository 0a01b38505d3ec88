import { layers, sequential } from '@tensorflow/tfjs-layers';
import { defineModule, defineTerm } from '@kd/core';
import type { Term } from '@kd/core';
import { hintLoss } from '@kd/hint-regressor';
import type { MaxoutRegressor } from './job.js';
import { maxout } from './maxout.js';
import { firstWeights, pieces } from './models.js';

/** The name of the regressor among the weights of a training. */
export const regressorName = 'regressor';

/**
 * The hint of the authors' program: `hintLoss` after a convolution of maxout units, without padding, that
 * brings the guided map to the size of the hint. The maps of both have known sizes.
 */
export function maxoutHint(
  { guided, hint }: { readonly guided: string; readonly hint: string },
  { uniform }: MaxoutRegressor,
): Term {
  const reads = { student: { map: guided }, teacher: { map: hint } } as const;
  const regressor = defineModule({
    name: regressorName,
    reads,
    build: ({ student, teacher, seed }) => {
      const [, height = 0, width = 0, channels = 0] = student.map.shape as number[];
      const [, rows = 0, columns = 0, units = 0] = teacher.map.shape as number[];
      const convolution = layers.conv2d({
        inputShape: [height, width, channels],
        filters: pieces * units,
        kernelSize: [height - rows + 1, width - columns + 1],
        kernelInitializer: firstWeights({ seed: seed + 1, ...(uniform !== undefined && { uniform }) }),
      });
      return { regress: sequential({ layers: [convolution, maxout({ pieces })] }) };
    },
  });
  return defineTerm({
    name: 'hint',
    reads,
    modules: { regressor },
    settings: { pieces, uniform: uniform ?? null },
    loss: ({ student, teacher, modules }) => ({
      values: hintLoss(teacher.map, modules.regressor.regress(student.map)),
    }),
  });
}
