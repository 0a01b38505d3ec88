import { KdError } from '@kd/core';
import { lineChart } from './line-chart.js';
import { spreadOf } from './spread.js';

/** The runs of one arm of an experiment. */
export interface Curve {
  readonly name: string;
  /** Validation error of each epoch in per cent, one list per seed. Runs may end at different epochs. */
  readonly runs: readonly (readonly number[])[];
  /** Number of earlier epochs that the list leaves out, such as those on hints; default 0. */
  readonly epochsBefore?: number;
}

/**
 * Draws learning curves as the text of an SVG file: validation error by epoch, with one line per arm, a band
 * over its seeds and a dot at its lowest mean. After some runs of an arm have ended, its line is the mean of
 * the others.
 *
 * @throws (rejects) `KD_BATCH_EMPTY` for no curve, or a curve without an epoch
 */
export async function learningCurves(
  curves: readonly Curve[],
  { title }: { readonly title: string },
): Promise<string> {
  const lines = curves.map(({ name, runs, epochsBefore = 0 }) => {
    const epochs = Math.max(0, ...runs.map((run) => run.length));
    const points = Array.from({ length: epochs }, (_, epoch) =>
      spreadOf(
        epochsBefore + epoch + 1,
        runs.flatMap((run) => run.slice(epoch, epoch + 1)),
      ),
    );
    return { name, points };
  });
  const empty = lines.find(({ points }) => points.length === 0);
  if (lines.length === 0 || empty !== undefined) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where: 'learningCurves',
      argument: empty === undefined ? 'curves' : `curve "${empty.name}"`,
      expected: 'one or more curves with one or more epochs each',
      received: 'none',
      remedy: 'Draw the curves after the first epoch.',
    });
  }
  return lineChart(lines, {
    title,
    xTitle: 'epoch',
    yTitle: 'validation error in %',
    dots: 'lowest',
    range: 'band',
  });
}
