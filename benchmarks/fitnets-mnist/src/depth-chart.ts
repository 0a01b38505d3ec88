import { KdError } from '@kd/core';
import { lineChart } from './line-chart.js';
import { spreadOf } from './spread.js';

/** The errors of one way of training at each depth. */
export interface DepthLine {
  readonly name: string;
  /** Errors in per cent, one per seed. */
  readonly depths: readonly { readonly depth: number; readonly errors: readonly number[] }[];
}

/**
 * Draws the depth study as the text of an SVG file: error by depth, with one line for each way of training
 * and a bar over the seeds.
 *
 * @throws (rejects) `KD_BATCH_EMPTY` for no line, or a depth without an error
 */
export async function depthChart(
  lines: readonly DepthLine[],
  { title, yTitle = 'test error in %' }: { readonly title: string; readonly yTitle?: string },
): Promise<string> {
  const all = lines.flatMap(({ depths }) => depths);
  if (all.length === 0 || all.some(({ errors }) => errors.length === 0)) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where: 'depthChart',
      argument: 'lines',
      expected: 'one or more depths with one or more errors each',
      received: 'a depth without an error, or no depth',
      remedy: 'Omit depths that were not trained.',
    });
  }
  return lineChart(
    lines.map(({ name, depths }) => ({
      name,
      points: depths.map(({ depth, errors }) => spreadOf(depth, errors)),
    })),
    {
      title,
      xTitle: 'convolutional layers',
      yTitle,
      dots: 'all',
      range: 'bars',
      xTicks: [...new Set(all.map(({ depth }) => depth))].sort((a, b) => a - b),
    },
  );
}
