import type { ValueInfo } from '@kd/core';
import type { Sources } from './sources.js';

/** The output that the targets of a term are for: the first one that it reads of the student. */
export function outputOfTargets(student: Sources): ValueInfo | undefined {
  for (const source of Object.values(student)) {
    if ('kind' in source && source.kind === 'output') return source.info;
  }
  return undefined;
}
