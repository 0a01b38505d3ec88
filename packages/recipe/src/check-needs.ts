import { describeShape, KdError } from '@kd/core';
import type { Targets, TeacherPrediction, Term } from '@kd/core';
import type { Recipe } from './recipe.js';

const needsOfBatch = {
  targets: 'Add labels to the data.',
  ids: 'Give every example an id.',
  mask: 'Add the mask of the sequences.',
} as const;

function missing(where: string, argument: string, expected: string, remedy: string): KdError {
  return new KdError({ code: 'KD_TERM_NEEDS', where, argument, expected, received: 'undefined', remedy });
}

function nameOf({ name }: Term): string {
  return `the term ${JSON.stringify(name)}`;
}

/** Throws if a batch lacks what a term needs, or has sample weights that a term cannot use. */
export function checkNeeds(targets: Targets, terms: readonly Term[]): void {
  for (const term of terms) {
    for (const need of ['targets', 'ids', 'mask'] as const) {
      if (term.needs?.includes(need) !== true || targets[need] !== undefined) continue;
      throw missing(nameOf(term), `batch.${need}`, 'given', needsOfBatch[need]);
    }
    if (term.reduces !== 'batch' || targets.sampleWeight === undefined) continue;
    throw new KdError({
      code: 'KD_TERM_NEEDS',
      where: nameOf(term),
      argument: 'batch.sampleWeight',
      expected: 'absent, because the term relates whole batches',
      received: describeShape(targets.sampleWeight.shape),
      remedy: 'Leave out the sample weights, or the term.',
    });
  }
}

/** Throws if a term needs the size of the data set and it is unknown. */
export function checkNeedOfSize(terms: readonly Term[], datasetSize: number | undefined): void {
  const term = terms.find(({ needs }) => needs?.includes('datasetSize'));
  if (term === undefined || datasetSize !== undefined) return;
  throw missing(nameOf(term), 'options.datasetSize', 'given', 'Pass the number of training examples.');
}

/** Throws if the recipe has a teacher but its answer is missing. */
export function checkNeedOfPrediction({ teacher }: Recipe, prediction: TeacherPrediction | undefined): void {
  if (teacher === undefined || prediction !== undefined) return;
  const remedy = 'Pass the result of objective.ask(batch).';
  throw missing('the objective', 'prediction', "the teacher's answer", remedy);
}
