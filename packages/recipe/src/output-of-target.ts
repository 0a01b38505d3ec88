import { conventions } from '@kd/core';
import type { Family, TargetPlace, ValueInfo } from '@kd/core';
import type { Source, Sources } from './sources.js';

const familyOf: Readonly<Record<TargetPlace['as'], Family>> = {
  'class-ids': 'classes',
  probabilities: 'classes',
  'sigmoid-probabilities': 'independent labels',
  values: 'values',
};

/**
 * The output that a target is for: the student's output of the target's family that the term reads under the
 * same name, or else the first one of the family; undefined if it reads none.
 *
 * By family, because an embedding says nothing about how many classes there are.
 */
export function outputOfTarget(name: string, as: TargetPlace['as'], student: Sources): ValueInfo | undefined {
  const fits = (source: Source | readonly Source[] | undefined): ValueInfo[] =>
    source !== undefined &&
    'kind' in source &&
    source.kind === 'output' &&
    conventions[source.as].family === familyOf[as]
      ? [source.info]
      : [];
  return [student[name], ...Object.values(student)].flatMap(fits)[0];
}
