import type { MaxoutRegressor } from '../job.js';
import type { Way } from './study.js';

/** Labels alone. */
export const backprop: Way = { arm: 'backprop', lesson: {} };

/** Labels alone, with as large a loss as soft targets and labels have together. */
export const doubled: Way = { arm: 'backprop, loss doubled', against: 'backprop', lesson: { labels: 2 } };

/** Soft targets and labels. */
export const kd: Way = { arm: 'KD', against: 'backprop', lesson: { soft: true } };

/** Hints, soft targets and labels at once, as in most libraries. */
export const joint: Way = {
  arm: 'hints and KD, joint',
  against: 'KD',
  lesson: { soft: true, joint: true },
};

/** Hints for a share of the epochs, then soft targets and labels. */
export function hintsFirst(hintShare: number, regressor?: MaxoutRegressor): Way {
  return {
    arm: 'hints, then KD',
    against: 'KD',
    lesson: { soft: true, hintShare, ...(regressor && { regressor }) },
  };
}
