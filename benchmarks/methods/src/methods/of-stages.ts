import { factorTransfer } from '@kd/factor-transfer';
import { hint } from '@kd/hint-regressor';
import { hardTarget } from '@kd/soft-target-loss';
import { around, deepest, middle, upTo } from './method.js';
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
