import { describeValue, isOutput, KdError } from '@kd/core';
import type { Member, Place, Reads, Term, TermBatch } from '@kd/core';
import { Tensor } from '@tensorflow/tfjs-core';
import { standardized } from './standardized.js';

type Values = Readonly<Record<string, unknown>>;

/**
 * The same term on `standardized` logits of student and teacher. Wrap the term that compares the two, not the
 * one on labels, which needs the logits as they are (Sun et al. 2024).
 *
 * Whatever else the term reads stays as it is. The authors use T = 2 and a weight of 9 beside `hardTarget`.
 *
 * @param term a term that reads logits: soft targets or another method on them
 * @returns a `Term` for `defineRecipe`, named `standardized <term>`
 * @throws `KD_TERM_INVALID` for anything but a term, or for one that reads no logits
 *
 * @example
 * ```ts
 * import { standardizeLogits } from '@kd/logit-standardization';
 * import { softTarget } from '@kd/soft-target-loss';
 * const term = standardizeLogits(softTarget({ temperature: 2, weight: 9 }));
 * console.log(term.name, term.weight);
 * // standardized soft 9
 * ```
 */
export function standardizeLogits(term: Term): Term {
  const { reads, settings, name } = checked(term);
  return {
    ...term,
    name: `standardized ${name}`,
    settings: { ...settings, logits: 'standardized' },
    loss: (batch: TermBatch) =>
      term.loss({
        ...batch,
        student: side(reads, 'student', batch.student),
        teacher: side(reads, 'teacher', batch.teacher),
      } as TermBatch),
  };
}

function side(reads: Reads, of: 'student' | 'teacher', values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isLogits(reads[of]?.[name]) ? standardizedValue(value) : value,
    ]),
  );
}

function standardizedValue(value: unknown): unknown {
  if (value instanceof Tensor) return standardized(value as Tensor);
  return (value as readonly Member[]).map(({ output, weight }) => ({ output: standardized(output), weight }));
}

function isLogits(place: Place | readonly Place[] | undefined): boolean {
  return (
    !Array.isArray(place) && isOutput((place ?? '') as Place) && (place as { as: string }).as === 'logits'
  );
}

function checked(term: unknown): Term {
  const { name, reads, loss } = Object(term) as Partial<Record<keyof Term, unknown>>;
  const { student, teacher } = Object(reads) as Reads;
  const places = [student, teacher].flatMap((side) =>
    Object.values<Place>(Object(side) as Readonly<Record<string, Place>>),
  );
  const isTerm = typeof name === 'string' && typeof loss === 'function';
  if (isTerm && places.some(isLogits)) return term as Term;
  throw new KdError({
    code: 'KD_TERM_INVALID',
    where: 'standardizeLogits',
    argument: 'term',
    expected: 'a term that reads logits',
    received: isTerm ? 'one that reads none' : describeValue(term),
    remedy:
      'Wrap softTarget or another term on the outputs: standardizeLogits(softTarget({ temperature: 2 })).',
  });
}
