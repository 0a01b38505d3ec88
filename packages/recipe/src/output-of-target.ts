import { conventions } from '@kd/core';
import type { Family, TargetPlace, ValueInfo } from '@kd/core';
import type { Sources } from './sources.js';

const familyOf: Readonly<Record<TargetPlace['as'], Family>> = {
  'class-ids': 'classes',
  probabilities: 'classes',
  'sigmoid-probabilities': 'independent labels',
  values: 'values',
};

/** The output that a target is for: the first one of its family that the term reads of the student. */
export function outputOfTarget(student: Sources, as: TargetPlace['as']): ValueInfo | undefined {
  for (const source of Object.values(student)) {
    if ('kind' in source && source.kind === 'output' && conventions[source.as].family === familyOf[as])
      return source.info;
  }
  return undefined;
}
