import type { EpochPosition } from './epoch-position.js';
import type { Progress } from './report-steps.js';

/** Estimates from the time since `start` how long the rest of a stage will take. */
export function timer(
  epochs: number,
  stepsPerEpoch: number | undefined,
  start: EpochPosition,
): Progress['secondsLeft'] {
  const began = performance.now();
  return ({ step }) => {
    if (stepsPerEpoch === undefined) return undefined;
    const [done, left] = [step - start.step, epochs * stepsPerEpoch - step];
    return done === 0 ? undefined : ((performance.now() - began) / 1000 / done) * left;
  };
}
