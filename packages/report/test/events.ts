import type { EndEvent, EpochEvent, StartEvent, StepEvent } from '@kd/trainer';

/** The start of a stage of two epochs with two steps each. */
export const start = (more: Partial<StartEvent> = {}): StartEvent => ({
  type: 'start',
  stage: 0,
  name: 'hints',
  epochs: 2,
  stepsPerEpoch: 2,
  parameters: 10,
  step: 0,
  ...more,
});

/** A step of an epoch with two steps. */
export const step = (index: number, more: Partial<StepEvent> = {}): StepEvent => ({
  type: 'step',
  stage: 0,
  epoch: Math.floor(index / 2),
  step: index,
  stepInEpoch: index % 2,
  examples: 4,
  total: 10 - index,
  losses: { soft: 8 - index, hard: 2 },
  weights: { soft: 1, hard: 1 },
  scalars: { 'soft/temperature': 4 },
  normalizers: { soft: 4, hard: 4 },
  gradientNorm: 1 + index,
  milliseconds: 500,
  secondsLeft: undefined,
  ...more,
});

/** The end of an epoch with two steps. */
export const epoch = (index: number, more: Partial<EpochEvent> = {}): EpochEvent => ({
  type: 'epoch',
  stage: 0,
  epoch: index,
  step: 2 * index + 2,
  total: 9.5 - 2 * index,
  losses: { soft: 7.5 - 2 * index, hard: 2 },
  validation: { loss: 3 - index, accuracy: (index + 1) / 4 },
  improved: true,
  seconds: 2,
  ...more,
});

export const end = (more: Partial<EndEvent> = {}): EndEvent => ({
  type: 'end',
  stage: 0,
  reason: 'finished',
  bestEpoch: 1,
  ...more,
});
