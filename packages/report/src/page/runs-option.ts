import { boolean, KdError, list, nested, oneOf, optionsOf, record, text, whole } from '@kd/core';
import type { StopReason } from '@kd/trainer';
import { number } from '../numbers-in-json.js';
import { orUndefined } from '../or-undefined.js';
import type { ReportedEpoch, ReportedRun, ReportedStage, ReportedStep } from '../reported-run.js';

const count = whole(0);
const measurements = record(number);

const step = optionsOf<ReportedStep>()({
  step: count,
  epoch: count,
  examples: count,
  total: number,
  losses: measurements,
  weights: measurements,
  scalars: measurements,
  gradientNorm: number,
});
const epoch = optionsOf<ReportedEpoch>()({
  epoch: count,
  step: count,
  total: number,
  losses: measurements,
  weights: measurements,
  scalars: measurements,
  gradientNorm: orUndefined(number),
  validation: measurements.optional(),
  improved: boolean,
  seconds: number,
});
const stage = optionsOf<ReportedStage>()({
  name: text,
  epochs: count,
  parameters: count,
  steps: list(nested(step)),
  history: list(nested(epoch)),
  bestEpoch: orUndefined(count),
  reason: orUndefined(oneOf<StopReason>('finished', 'early', 'aborted', 'callback')),
  seconds: number,
});
const runs = record(nested(optionsOf<ReportedRun>()({ stages: list(nested(stage)), seconds: number })));

/** Checks runs by name, of which there must be one at least, unless the page has something else to show. */
export function readRuns(
  where: string,
  given: unknown,
  mayBeEmpty: boolean,
): Readonly<Record<string, ReportedRun>> {
  const at = { where, argument: 'runs' };
  runs.read(at, given);
  const read = given as Readonly<Record<string, ReportedRun>>;
  if (mayBeEmpty || Object.keys(read).length > 0) return read;
  throw new KdError({
    ...at,
    code: 'KD_BATCH_EMPTY',
    expected: 'one or more runs by name',
    received: 'none',
    remedy: 'Pass { student: runOf(events) }.',
  });
}
