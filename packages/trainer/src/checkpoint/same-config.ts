import { KdError } from '@kd/core';
import type { Json } from './plain.js';

// Compared by checkEpochs: a training may be extended.
const compared = (path: string): boolean => !/^stages\[\d+\]\.epochs$/.test(path);

/**
 * Throws `KD_CHECKPOINT_MISMATCH`, naming the first difference, unless the config of the checkpoint equals
 * that of the training, apart from the numbers of epochs.
 */
export function checkSameConfig(where: string, name: string, kept: Json, own: Json): void {
  const difference = differenceOf(kept, own, '');
  if (difference === undefined) return;
  throw new KdError({
    code: 'KD_CHECKPOINT_MISMATCH',
    where,
    argument: `${difference.path} of the checkpoint ${name}`,
    expected: `${textOf(difference.own)}, as in this training`,
    received: textOf(difference.kept),
    remedy:
      'Resume with the same student, teacher, recipe and data as the checkpoint, or choose another directory.',
  });
}

interface Difference {
  readonly path: string;
  readonly kept: Json | undefined;
  readonly own: Json | undefined;
}

function differenceOf(kept: Json | undefined, own: Json | undefined, path: string): Difference | undefined {
  if (!isContainer(kept) || !isContainer(own))
    return Object.is(kept, own) || !compared(path) ? undefined : { path, kept, own };
  for (const key of new Set([...Object.keys(kept), ...Object.keys(own)])) {
    const inner = path === '' ? key : Array.isArray(own) ? `${path}[${key}]` : `${path}.${key}`;
    const found = differenceOf(entryOf(kept, key), entryOf(own, key), inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Container = readonly Json[] | { readonly [key: string]: Json };

function isContainer(value: Json | undefined): value is Container {
  return typeof value === 'object' && value !== null;
}

function entryOf(container: Container, key: string): Json | undefined {
  return Reflect.get(container, key) as Json | undefined;
}

function textOf(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200);
}
