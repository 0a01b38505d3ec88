import type { EpochEvent, Measurements, StartEvent, StepEvent, StopReason } from '@kd/trainer';

type Measured = Pick<StepEvent | EpochEvent, 'total' | 'losses'>;

const endings: Readonly<Record<StopReason, string>> = {
  finished: 'finished',
  early: 'ended early',
  aborted: 'aborted',
  callback: 'ended by a callback',
};

/** The line of a stage that is running. People count epochs from 1. */
export function textOfStep(
  { name, epochs, stepsPerEpoch }: StartEvent,
  step: StepEvent,
  validation: Measurements | undefined,
): string {
  const steps = stepsPerEpoch === undefined ? '' : `/${String(epochs * stepsPerEpoch)}`;
  return joined([
    `${name}: epoch ${String(step.epoch + 1)}/${String(epochs)}, step ${String(step.step + 1)}${steps}`,
    ...textsOf(step, validation),
    step.secondsLeft === undefined ? '' : `${durationOf(step.secondsLeft)} left`,
  ]);
}

/** How a stage ended. */
export interface StageEnding {
  readonly reason: StopReason;
  readonly epochs: number;
  readonly steps: number;
  readonly seconds: number;
  readonly bestEpoch: number | undefined;
}

/** The line of a stage that has ended; `last` is its last epoch, or its last step if it has no epoch. */
export function textOfEnd(
  { name }: StartEvent,
  { reason, epochs, steps, seconds, bestEpoch }: StageEnding,
  last: Measured | undefined,
  validation: Measurements | undefined,
): string {
  const parts = [counted(epochs, 'epoch'), counted(steps, 'step'), durationOf(seconds)];
  return joined([
    `${name}: ${endings[reason]} after ${parts.join(', ')}`,
    ...(last === undefined ? [] : textsOf(last, validation)),
    bestEpoch === undefined ? '' : `best epoch ${String(bestEpoch + 1)}`,
  ]);
}

/** `1:02:03` or `2:03`, in whole seconds. */
export function durationOf(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  const hours = Math.floor(whole / 3600);
  const all = hours === 0 ? parts : [hours, ...parts];
  return all.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

function textsOf({ total, losses }: Measured, validation: Measurements | undefined): string[] {
  const measured = (values: Measurements): string =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${value.toPrecision(4)}`)
      .join(', ');
  return [
    `total ${total.toPrecision(4)} (${measured(losses)})`,
    validation === undefined ? '' : `validation ${measured(validation)}`,
  ];
}

const counted = (count: number, noun: string): string => `${String(count)} ${noun}${count === 1 ? '' : 's'}`;

/** One line, whatever the names in it are. */
const joined = (parts: readonly string[]): string =>
  parts
    .filter((part) => part !== '')
    .join(' | ')
    .replaceAll(/\p{Cc}/gu, ' ');
