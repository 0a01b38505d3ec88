import process from 'node:process';

/** An abort signal triggered by Ctrl-C. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Stops listening: Ctrl-C ends the process again. */
  readonly dispose: () => void;
}

/**
 * Turns the first Ctrl-C (SIGINT) or SIGTERM into an abort signal: a training ends after the current step and
 * returns what it has learnt. The second signal ends the process as usual.
 *
 * @returns the signal for `train`, and a function that stops listening
 *
 * @example
 * ```ts
 * import { abortOnInterrupt } from '@kd/trainer/node';
 * const interrupt = abortOnInterrupt();
 * console.log(interrupt.signal.aborted);
 * // false
 * interrupt.dispose();
 * ```
 */
export function abortOnInterrupt(): Interrupt {
  const controller = new AbortController();
  const dispose = (): void => {
    process.off('SIGINT', abort).off('SIGTERM', abort);
  };
  const abort = (): void => {
    dispose();
    controller.abort();
  };
  process.on('SIGINT', abort).on('SIGTERM', abort);
  return { signal: controller.signal, dispose };
}
