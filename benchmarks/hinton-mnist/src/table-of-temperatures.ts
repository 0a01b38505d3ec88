import { meanOf, meanWithRange } from '@kd-benchmarks/experiment';
import { compare, countOf } from '@kd-benchmarks/experiment/parts';
import { alone, distilled } from './arms.js';
import type { Finished } from './experiment.js';
import type { Result } from './job.js';
import { markdown } from './markdown.js';
import type { Settings } from './settings.js';

const meanErrors = (results: readonly Result[]): number => meanOf(results.map(({ wrong }) => countOf(wrong)));

/** Test errors by temperature and size, with the chance of each difference to the best of its size. */
export function tableOfTemperatures({ students }: Finished, { units, temperatures }: Settings): string {
  const of = (name: string): readonly Result[] => students.get(name) ?? [];
  const columns = units.map((count) => {
    const taught = temperatures.map((temperature) => of(distilled(count, temperature).name));
    const best = taught.reduce((a, b) => (meanErrors(b) < meanErrors(a) ? b : a));
    const cell = (results: readonly Result[]): string => {
      const errors = meanWithRange(results.map(({ wrong }) => countOf(wrong)));
      return results === best ? `**${errors}**` : `${errors}, ${chance(results, best)}`;
    };
    return [of(alone(count).name), ...taught].map(cell);
  });
  const rows = ['labels', ...temperatures.map((temperature) => `T = ${String(temperature)}`)];
  return markdown(
    ['', ...units.map((count) => `2 x ${String(count)}`)],
    rows.map((row, index) => [row, ...columns.map((column) => column[index] ?? '')]),
  );
}

/** McNemar's p over the pairs of seeds. */
export function chance(first: readonly Result[], second: readonly Result[]): string {
  const pairs = first.map(({ wrong }, index) => [wrong, second[index]?.wrong ?? ''] as const);
  const { p } = compare(pairs);
  return p < 0.0001 ? 'p < 0.0001' : `p = ${p.toPrecision(2)}`;
}
