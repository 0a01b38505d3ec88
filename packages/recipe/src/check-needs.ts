import { checkShape, describeShape, describeValue, KdError } from '@kd/core';
import type { Batch, TeacherAnswer, Term } from '@kd/core';
import type { PreparedTerm } from './prepared.js';
import type { Recipe } from './recipe.js';

function missing(
  where: string,
  argument: string,
  expected: string,
  remedy: string,
  received = 'undefined',
): KdError {
  return new KdError({ code: 'KD_TERM_NEEDS', where, argument, expected, received, remedy });
}

function nameOf({ name }: Term): string {
  return `the term ${JSON.stringify(name)}`;
}

/** Throws if a batch lacks what a term reads, or has weights that a term cannot use. */
export function checkNeeds(batch: Partial<Batch>, terms: readonly PreparedTerm[]): void {
  for (const { term } of terms) {
    const { targets = {}, inputs = {}, rows } = term.reads;
    for (const [key, { target = key }] of Object.entries(targets)) {
      if (batch.targets?.[target] !== undefined) continue;
      const given = Object.keys(batch.targets ?? {}).join(', ') || 'no targets';
      const remedy = 'Add the labels to the data, or name the target that holds them.';
      throw missing(nameOf(term), `batch.targets.${target}`, 'given', remedy, given);
    }
    for (const input of batch.inputs === undefined ? [] : Object.values(inputs)) {
      if (batch.inputs?.[input] !== undefined) continue;
      const given = Object.keys(batch.inputs ?? {}).join(', ');
      throw missing(nameOf(term), `batch.inputs.${input}`, 'given', 'Name an input of the data.', given);
    }
    if (rows === true && batch.inputs !== undefined) checkRowsOfBank(term, batch);
    checkReduction(term, batch);
  }
}

function checkRowsOfBank(term: Term, { rows, inputs = {} }: Partial<Batch>): void {
  if (rows === undefined) {
    const remedy = 'Let the stream give each batch its rows: an int32 tensor [B], from 0.';
    throw missing(nameOf(term), 'batch.rows', 'given', remedy);
  }
  if (rows.dtype !== 'int32')
    throw missing(nameOf(term), 'batch.rows', 'an int32 tensor', 'Cast it.', describeValue(rows));
  checkShape(nameOf(term), 'batch.rows', rows, [Object.values(inputs)[0]?.shape[0] ?? 0]);
}

function checkReduction({ name, reads, reduces }: Term, batch: Partial<Batch>): void {
  if (reduces !== 'batch') return;
  const labelled = reads.targets === undefined ? undefined : batch.labelled;
  const given = Object.entries({ sampleWeight: batch.sampleWeight, labelled });
  for (const [argument, weights] of given) {
    if (weights === undefined) continue;
    throw new KdError({
      code: 'KD_TERM_NEEDS',
      where: `the term ${JSON.stringify(name)}`,
      argument: `batch.${argument}`,
      expected: 'absent, because the term relates whole batches',
      received: describeShape(weights.shape),
      remedy: 'Leave out the weights, or the term.',
    });
  }
}

/** Throws if a term reads rows and the size of the data set is unknown. */
export function checkNeedOfSize(terms: readonly Term[], datasetSize: number | undefined): void {
  const reads = ({ reads: { rows }, modules }: Term): boolean =>
    rows === true || Object.values(modules).some((module) => module.reads.rows === true);
  const term = terms.find(reads);
  if (term === undefined || datasetSize !== undefined) return;
  const remedy = 'Data in memory have it; a stream states it: data: { batches, size }.';
  throw missing(nameOf(term), 'the size of the data set', 'known, because the term reads rows', remedy);
}

/** Throws if the recipe has a teacher but its answer is missing. */
export function checkNeedOfAnswer({ teacher }: Recipe, answer: TeacherAnswer | undefined): void {
  if (teacher === undefined || answer !== undefined) return;
  const remedy = 'Pass the result of objective.ask(batch).';
  throw missing('the objective', 'answer', "the teacher's answer", remedy);
}
