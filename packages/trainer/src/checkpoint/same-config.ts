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
  const { argument, expected, received } = factsOf(difference);
  throw new KdError({
    code: 'KD_CHECKPOINT_MISMATCH',
    where,
    argument: `${argument} of the checkpoint ${name}`,
    expected: `${expected}, as in this training`,
    received,
    remedy:
      'Resume with the same student, teacher, recipe and data as the checkpoint, or choose another directory.',
  });
}

function factsOf({ path, own, kept }: Difference): Record<'argument' | 'expected' | 'received', string> {
  const [, what] = /^(data|stages\[\d+\]\.validation)$/.exec(path) ?? [];
  if (what === undefined) return { argument: path, expected: textOf(own), received: textOf(kept) };
  const argument = what === 'data' ? 'the training data' : 'the validation data';
  return { argument, expected: dataOf(own, 'data'), received: dataOf(kept, 'other data') };
}

/** Data as far as they are known: by their digest, which a stream does not have. */
function dataOf(digest: Json | undefined, data: string): string {
  return typeof digest === 'string' ? `${data} (digest ${digest})` : 'a stream or none';
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
