import { constants } from 'node:os';
import process from 'node:process';

/** An abort signal triggered by Ctrl-C or SIGTERM. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /**
   * The exit status that tells shells and service managers what ended the program, 128 plus the number of
   * the signal: 130 after Ctrl-C, 143 after SIGTERM. Undefined before either.
   */
  readonly exitStatus: () => number | undefined;
  /** Stops listening: Ctrl-C ends the process again. */
  readonly dispose: () => void;
}

/**
 * Turns the first Ctrl-C (SIGINT) or SIGTERM into an abort signal: a training ends after the current step and
 * returns what it has learnt. The second signal, of either kind, ends the process as usual.
 *
 * @returns the signal for `train`, the exit status for `process.exitCode`, and a function that stops
 *   listening
 *
 * @example
 * ```ts
 * import { abortOnInterrupt } from '@kd/trainer/node';
 * const interrupt = abortOnInterrupt();
 * console.log(interrupt.signal.aborted, interrupt.exitStatus());
 * // false undefined
 * interrupt.dispose();
 * ```
 */
export function abortOnInterrupt(): Interrupt {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const dispose = (): void => {
    process.off('SIGINT', abort).off('SIGTERM', abort);
  };
  const abort = (name: NodeJS.Signals): void => {
    received = name;
    dispose();
    controller.abort();
  };
  process.on('SIGINT', abort).on('SIGTERM', abort);
  return {
    signal: controller.signal,
    exitStatus: () => received && 128 + constants.signals[received],
    dispose,
  };
}
