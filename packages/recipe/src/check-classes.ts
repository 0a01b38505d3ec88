import { conventions, KdError } from '@kd/core';
import type { Source, SourcesOfReader } from './sources.js';

/**
 * Throws `KD_CLASSES_MISMATCH` unless what a term reads of both models under one name is equally many classes
 * or labels.
 */
export function checkClasses(where: string, { student, teacher }: SourcesOfReader): void {
  for (const [name, source] of Object.entries(student)) {
    const [own, other] = [widthOf(source), widthOf(teacher[name])];
    if (own === undefined || other === undefined || own === other) continue;
    throw new KdError({
      code: 'KD_CLASSES_MISMATCH',
      where,
      argument: 'the outputs of teacher and student',
      expected: 'of equal numbers of classes',
      received: `${String(other)} from the teacher and ${String(own)} from the student`,
      remedy: 'Align the classes of both first.',
    });
  }
}

function widthOf(source: Source | readonly Source[] | undefined): number | undefined {
  if (source === undefined || !('kind' in source) || source.kind === 'tap') return undefined;
  if (conventions[source.as].family === 'values') return undefined;
  return source.info.shape.at(-1) ?? undefined;
}
