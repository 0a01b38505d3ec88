import { attentionTransfer } from '@kd/attention-transfer';
import { hint } from '@kd/hint-regressor';
import { interChannel } from '@kd/inter-channel';
import { neuronSelectivity } from '@kd/neuron-selectivity';
import { similarityPreserving } from '@kd/similarity-preserving';
import { hardTarget } from '@kd/soft-target-loss';
import { variational } from '@kd/variational';
import { around, beside, lastMap, pairsOfMaps } from './method.js';
import type { Method, Nets } from './method.js';

const deepest = ({ student, teacher }: Nets): { student: string; teacher: string } => ({
  student: lastMap(student),
  teacher: lastMap(teacher),
});

/** Methods that compare maps. */
export const ofMaps: readonly Method[] = [
  beside('attention transfer (AT)', 'maps', 200, (nets, weight) =>
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
  beside('hints, jointly', 'maps', 1, (nets, weight) => [hint({ ...middle(nets), weight })]),
  {
    name: 'hints, two stages (FitNets)',
    reads: 'maps',
    candidates: around(1),
    stages: (nets, weight) => [
      {
        name: 'hints',
        share: 0.2,
        terms: [hint({ ...middle(nets), weight })],
        trainable: upTo(nets, middle(nets).student),
      },
      { name: 'train', share: 0.8, terms: [hardTarget()] },
    ],
  },
];

function middle(nets: Nets): { student: string; teacher: string } {
  const pairs = pairsOfMaps(nets);
  return pairs[pairs.length >> 1] as { student: string; teacher: string };
}

/** The student's layers up to one. */
function upTo({ student: { model } }: Nets, name: string): string[] {
  const names = model.layers.map((layer) => layer.name);
  return names.slice(0, names.indexOf(name) + 1);
}
