import { valueAt } from '@kd/core';
import type { Schedule } from '@kd/core';
import { readPieces } from './piecewise-options.js';
import type { PiecewiseOptions } from './piecewise-options.js';
import { timeSince } from './time-since.js';

/**
 * One value or schedule after another: `v(t) = piece(t - start)`, where `piece` is the last one that has
 * started.
 *
 * A schedule among the pieces starts at time zero with its piece: in steps if the pieces start at steps, in
 * epochs if they start at epochs.
 *
 * @param options `from`, the piece at time zero; `at`, the other pieces, each with its `value` and the `step`
 *   or `epoch` at which it starts: whole numbers >= 1, strictly increasing. Values are finite numbers or
 *   schedules.
 * @returns a schedule
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { linear, piecewise } from '@kd/schedule';
 * const temperature = piecewise({
 *   from: 8,
 *   at: [
 *     { epoch: 10, value: linear({ from: 8, to: 2, epochs: 20 }) },
 *     { epoch: 40, value: 1 },
 *   ],
 * });
 * for (const epoch of [0, 10, 20, 39, 40]) console.log(epoch, temperature({ step: 0, epoch }));
 * // 0 8
 * // 10 8
 * // 20 5
 * // 39 2
 * // 40 1
 * ```
 */
export function piecewise(options: PiecewiseOptions): Schedule {
  const pieces = readPieces('piecewise', options);
  return (time) => {
    let current = pieces[0];
    for (const piece of pieces) {
      if (time.step >= piece.start.step && time.epoch >= piece.start.epoch) current = piece;
    }
    return valueAt(current.value, timeSince(current.start, time));
  };
}
