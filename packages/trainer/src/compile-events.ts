import type { StepRunner } from '@kd/core';
import type { CompileEvent } from './events.js';

/** Reports what becomes of the steps, each time that it is another outcome. */
export function compileEvents(
  runner: StepRunner,
  stage: number,
  onEvent: (event: CompileEvent) => void,
): (step: number) => void {
  let reported: ReturnType<StepRunner['outcome']>;
  return (step) => {
    const outcome = runner.outcome();
    if (outcome === undefined || outcome === reported) return;
    reported = outcome;
    const compiled = outcome === true;
    onEvent({ type: 'compile', stage, step, compiled, reason: compiled ? undefined : outcome });
  };
}
