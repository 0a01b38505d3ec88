import { activationBoundary } from '@kd/activation-boundary';
import { factorTransfer } from '@kd/factor-transfer';
import { hint } from '@kd/hint-regressor';
import { hardTarget } from '@kd/soft-target-loss';
import { around, deepest, middle, pairsOfMaps, upTo } from './method.js';
import type { Method } from './method.js';

const task = { name: 'train', share: 0.8, terms: [hardTarget()] };

/** Methods with a first stage, which gets a fifth of the epochs. */
export const ofStages: readonly Method[] = [
  {
    name: 'hints, two stages (FitNets)',
    reads: 'maps',
    candidates: around(1),
    stages: (nets, weight) => [
      {
        name: 'hints',
        share: 0.2,
        terms: [hint({ ...middle(nets), weight })],
        trainable: upTo(nets.student, middle(nets).student),
      },
      task,
    ],
  },
  {
    name: 'activation boundaries (AB)',
    reads: 'maps',
    candidates: around(0.003),
    stages: (nets, weight) => [
      {
        name: 'boundaries',
        share: 0.2,
        // Half the weight for each layer above, as the authors have it.
        terms: pairsOfMaps(nets).map((pair, index, { length }) =>
          activationBoundary({ ...pair, weight: weight / 2 ** (length - 1 - index) }),
        ),
        trainable: upTo(nets.student, deepest(nets).student),
      },
      task,
    ],
  },
  {
    name: 'factor transfer (FT)',
    reads: 'maps',
    candidates: around(100),
    stages: (nets, weight) => {
      const { paraphrase, transfer } = factorTransfer({ ...deepest(nets), weight });
      return [
        { name: 'paraphraser', share: 0.2, terms: [paraphrase], trainable: [] },
        { ...task, terms: [hardTarget(), transfer] },
      ];
    },
  },
];
