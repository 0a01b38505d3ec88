import { hardTarget } from '@kd/soft-target-loss';
import type { Method } from './method.js';

/** The student alone: its search tries learning rates, as many as others try weights. */
export const alone: Method = {
  name: 'student alone',
  reads: 'labels',
  candidates: [0.5, 1, 2],
  searchesRate: true,
  stages: () => [{ name: 'train', share: 1, terms: [hardTarget()] }],
};
