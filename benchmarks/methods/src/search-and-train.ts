import type { MethodResult } from './job.js';

/** Accuracies of a trained student, in per cent; undefined if its training was interrupted. */
export type Measure = (
  candidate: number,
  seed: number,
) => Promise<{ readonly validation: number; readonly test: number } | undefined>;

/**
 * The first seed tries all candidates, and the one with the best validation accuracy, the first of equals, is
 * for all seeds. The test accuracies of the others are not looked at.
 */
export async function searchAndTrain(
  candidates: readonly number[],
  [first = 1, ...others]: readonly number[],
  measure: Measure,
): Promise<MethodResult | undefined> {
  const tried: { readonly candidate: number; readonly validation: number; readonly test: number }[] = [];
  for (const candidate of candidates) {
    const measured = await measure(candidate, first);
    if (measured === undefined) return undefined;
    tried.push({ candidate, ...measured });
  }
  const best = tried.reduce((a, b) => (b.validation > a.validation ? b : a));
  const students = [{ seed: first, validation: best.validation, test: best.test }];
  for (const seed of others) {
    const measured = await measure(best.candidate, seed);
    if (measured === undefined) return undefined;
    students.push({ seed, ...measured });
  }
  const search = tried.map(({ candidate, validation }) => ({ candidate, validation }));
  return { search, chosen: best.candidate, students };
}
