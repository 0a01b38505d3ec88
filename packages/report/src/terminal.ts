import process from 'node:process';
import { like, optionsOf } from '@kd/core';
import type { EpochEvent, StartEvent, StepEvent, TrainEvent } from '@kd/trainer';
import { anEvent } from './event.js';
import { textOfEnd, textOfStep } from './text-of-progress.js';

/** Where text goes: `process.stderr`, for example. */
export interface TextStream {
  write(text: string): unknown;
  /** Whether it is a terminal, in which a line can be redrawn. */
  readonly isTTY?: boolean;
}

/** Options of `terminal`. */
export interface TerminalOptions {
  /** Default `process.stderr`, so that the results of a program can go to a file. */
  readonly stream?: TextStream;
}

const where = 'terminal';
const millisecondsBetween = 100;

const terminalOptions = optionsOf<TerminalOptions>()({
  stream: like(
    'a stream with a function write',
    (value): value is TextStream =>
      typeof value === 'object' && value !== null && typeof Reflect.get(value, 'write') === 'function',
    'Pass process.stderr or process.stdout.',
  ).default(process.stderr),
});

/**
 * Shows the progress of a training in the terminal: one line for each stage, redrawn in place.
 *
 * The line has epoch, step, the total and each term's loss, the validation of the last epoch, and the time
 * left. Epochs are counted from 1. It is redrawn at most ten times a second, and cut where the terminal ends.
 * Where the stream is no terminal, there is one line at the end of each stage and nothing else.
 *
 * @param options the stream
 * @returns a handler for the option `onEvent` of `train`, `trainStages` and `trainInTwoStages`
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { terminal } from '@kd/report/node';
 * const onEvent = terminal({ stream: { write: (text) => console.log(text.trim()) } });
 * const stage = { stage: 0, name: 'hints', epochs: 3, stepsPerEpoch: 5, parameters: 8, step: 0 };
 * onEvent({ type: 'start', ...stage });
 * onEvent({ type: 'end', stage: 0, reason: 'aborted', bestEpoch: undefined });
 * // hints: aborted after 0 epochs, 0 steps, 0:00
 * ```
 */
export function terminal(options: TerminalOptions = {}): (event: TrainEvent) => void {
  const { stream } = terminalOptions.read(where, options);
  const isTerminal = stream.isTTY === true;
  let stage: { readonly start: StartEvent; readonly began: number } | undefined;
  let step: StepEvent | undefined;
  let epoch: EpochEvent | undefined;
  let drawn = -Infinity;
  const draw = (): void => {
    if (!isTerminal || stage === undefined || step === undefined) return;
    drawn = performance.now();
    stream.write(redrawn(textOfStep(stage.start, step, epoch?.validation)));
  };
  return (event) => {
    anEvent.read({ where, argument: 'event' }, event);
    if (event.type === 'start') {
      stage = { start: event, began: performance.now() };
      [step, epoch, drawn] = [undefined, undefined, -Infinity];
    } else if (event.type === 'step') {
      step = event;
      if (performance.now() - drawn >= millisecondsBetween) draw();
    } else if (event.type === 'epoch') {
      epoch = event;
      draw();
    } else if (event.type === 'end' && stage !== undefined) {
      const { start, began } = stage;
      const { reason, bestEpoch } = event;
      const seconds = (performance.now() - began) / 1000;
      const steps = step === undefined ? start.step : step.step + 1;
      const ending = { reason, epochs: (epoch?.epoch ?? -1) + 1, steps, seconds, bestEpoch };
      const text = textOfEnd(start, ending, epoch ?? step, epoch?.validation);
      stream.write(`${isTerminal ? redrawn(text) : text}\n`);
      stage = undefined;
    }
  };
}

// A wrapped line could not be cleared, so the terminal cuts it. One write, so that whatever ends the program
// leaves the terminal as it was.
const redrawn = (text: string): string => `\r\x1b[2K\x1b[?7l${text}\x1b[?7h`;
