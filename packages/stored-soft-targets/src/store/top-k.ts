import { conventions, describeValue, KdError, onlyOutput, optionFault } from '@kd/core';
import type { OutputInfo } from '@kd/core';
import { classesOf } from '../files/row-shape.js';
import type { StoredOutput } from '../files/manifest.js';
import { where } from './options.js';
import type { StoreOptions } from './options.js';
import { unknownOutput } from './outputs-to-store.js';

/** k of each output, by name. */
export function topKByName(
  topK: StoreOptions['topK'],
  names: readonly string[],
): Readonly<Record<string, number | undefined>> {
  if (topK === undefined) return {};
  if (typeof topK === 'number') {
    const [only] = names;
    if (only !== undefined && names.length === 1) return { [only]: topK };
    const remedy = `Write topK: { ${only ?? onlyOutput}: ${String(topK)} }.`;
    const expected = 'numbers by name of the output, unless there is one output';
    throw optionFault('TYPE', { where, argument: 'options.topK' }, expected, topK, remedy);
  }
  const unknown = Object.keys(topK).find((name) => !names.includes(name));
  if (unknown !== undefined) throw unknownOutput('options.topK', unknown, names);
  return topK;
}

/** Throws unless an output is a distribution over classes. */
export function checkTopK(
  topK: number,
  { convention, shape }: Pick<OutputInfo, 'convention' | 'shape'>,
): void {
  const isDistribution = conventions[convention].family === 'classes';
  if (isDistribution && shape.length >= 2) return;
  throw new KdError({
    code: isDistribution ? 'KD_TEACHER_OUTPUT' : 'KD_TEACHER_CONVENTION',
    where,
    argument: 'options.topK',
    expected: 'absent unless the teacher gives distributions over classes, [B, ..., N]',
    received: `${String(topK)} with ${isDistribution ? `outputs of rank ${String(shape.length)}` : `the convention ${JSON.stringify(convention)}`}`,
    remedy: 'Omit topK to store all outputs. The dtype "float16" halves their size.',
  });
}

/** Throws `KD_OPTION_RANGE` unless k is below the number of classes. */
export function checkBelowClasses({ topK, rowShape }: StoredOutput): void {
  const { classes } = classesOf({ rowShape });
  if (topK === undefined || topK < classes) return;
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: 'options.topK',
    expected: `below the number of classes, ${String(classes)}`,
    received: describeValue(topK),
    remedy: 'Omit it to store all outputs.',
  });
}
