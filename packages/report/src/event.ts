import { boolean, like, oneOf, optionsOf, record, text, whole } from '@kd/core';
import type { Check, OptionPath, Options } from '@kd/core';
import type { CompileEvent, EndEvent, EpochEvent, StartEvent, StepEvent, TrainEvent } from '@kd/trainer';
import { number } from './numbers-in-json.js';
import { orUndefined } from './or-undefined.js';

const count = whole(0);
const measurements = record(number);

const start = optionsOf<StartEvent>()({
  type: oneOf('start'),
  stage: count,
  name: text,
  epochs: count,
  stepsPerEpoch: orUndefined(count),
  parameters: count,
  step: count,
});
const step = optionsOf<StepEvent>()({
  type: oneOf('step'),
  stage: count,
  epoch: count,
  step: count,
  stepInEpoch: count,
  examples: count,
  total: number,
  losses: measurements,
  weights: measurements,
  scalars: measurements,
  normalizers: measurements,
  gradientNorm: number,
  milliseconds: number,
  secondsLeft: orUndefined(number),
});
const compile = optionsOf<CompileEvent>()({
  type: oneOf('compile'),
  stage: count,
  step: count,
  compiled: boolean,
  reason: orUndefined(text),
});
const epoch = optionsOf<EpochEvent>()({
  type: oneOf('epoch'),
  stage: count,
  epoch: count,
  step: count,
  total: number,
  losses: measurements,
  validation: measurements.optional(),
  improved: boolean,
  seconds: number,
});
const end = optionsOf<EndEvent>()({
  type: oneOf('end'),
  stage: count,
  reason: oneOf('finished', 'early', 'aborted', 'callback'),
  bestEpoch: orUndefined(count),
});

const types = oneOf('start', 'step', 'compile', 'epoch', 'end');

/** A value that may be an event, perhaps of a newer trainer. */
export const anEvent: Check<TrainEvent> = like(
  'an event of a training',
  (value): value is TrainEvent =>
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string',
  'Pass what onEvent receives.',
);

/** Checks an event, which may be parsed JSON, and fills in the fields that JSON leaves out. */
export function readEvent(at: OptionPath, value: unknown): TrainEvent {
  const event = anEvent.read(at, value);
  const known = <T extends TrainEvent, D>(options: Options<T, D>): ReturnType<typeof options.read> => {
    const { where, argument } = at;
    const names = Object.keys(options.fields as object);
    const entries = Object.entries(event).filter(([name]) => names.includes(name));
    return options.read(where, ...([Object.fromEntries(entries), argument] as never));
  };
  switch (types.read({ ...at, argument: `${at.argument}.type` }, event.type)) {
    case 'start': {
      const { stepsPerEpoch, ...others } = known(start);
      return { ...others, stepsPerEpoch };
    }
    case 'step': {
      const { secondsLeft, ...others } = known(step);
      return { ...others, secondsLeft };
    }
    case 'compile': {
      const { reason, ...others } = known(compile);
      return { ...others, reason };
    }
    case 'epoch':
      return known(epoch);
    case 'end': {
      const { bestEpoch, ...others } = known(end);
      return { ...others, bestEpoch };
    }
  }
}
