import { attentionTransfer } from '@kd/attention-transfer';
import { hint } from '@kd/hint-regressor';
import { interChannel } from '@kd/inter-channel';
import { neuronSelectivity } from '@kd/neuron-selectivity';
import { review } from '@kd/review';
import { linear } from '@kd/schedule';
import { similarityPreserving } from '@kd/similarity-preserving';
import { variational } from '@kd/variational';
import { beside, deepest, middle, pairsOfMaps } from './method.js';
import type { Method } from './method.js';

/** Methods that compare maps. */
export const ofMaps: readonly Method[] = [
  beside('attention transfer (AT)', 'maps', 2, (nets, weight) =>
    pairsOfMaps(nets).map((pair) => attentionTransfer({ ...pair, weight })),
  ),
  beside('similarity preserving (SP)', 'maps', 600, (nets, weight) => [
    similarityPreserving({ ...deepest(nets), weight }),
  ]),
  beside('neuron selectivity (NST)', 'maps', 10, (nets, weight) => [
    neuronSelectivity({ ...deepest(nets), weight }),
  ]),
  beside('variational (VID)', 'maps', 0.2, (nets, weight) =>
    pairsOfMaps(nets).map((pair) => variational({ ...pair, weight })),
  ),
  beside('inter-channel (ICKD)', 'maps', 1, (nets, weight) => [interChannel({ ...deepest(nets), weight })]),
  beside('knowledge review (ReviewKD)', 'maps', 1, ({ student, teacher, epochs }, weight) => [
    review({
      student: [...student.maps, student.features],
      teacher: [...teacher.maps, teacher.features],
      weight: linear({ from: 0, to: weight, epochs: Math.max(1, Math.round(epochs / 12)) }),
    }),
  ]),
  beside('hints, jointly', 'maps', 0.05, (nets, weight) => [hint({ ...middle(nets), weight })]),
];
