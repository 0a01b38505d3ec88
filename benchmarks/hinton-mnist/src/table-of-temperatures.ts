import { meanOf, meanWithRange } from '@kd-benchmarks/experiment';
import { countOf, markdown } from '@kd-benchmarks/experiment/parts';
import { alone, distilled } from './arms.js';
import { chance } from './chance.js';
import type { Finished } from './experiment.js';
import type { Result } from './job.js';
import type { Settings } from './settings.js';

/** Infinite if there is none yet. */
const meanErrors = (results: readonly Result[]): number =>
  results.length === 0 ? Infinity : meanOf(results.map(({ wrong }) => countOf(wrong)));

/** Test errors by temperature and size, with the chance of each difference to the best of its size. */
export function tableOfTemperatures({ students }: Finished, { units, temperatures }: Settings): string {
  const of = (name: string): readonly Result[] => students.get(name) ?? [];
  const columns = units.map((count) => {
    const taught = temperatures.map((temperature) => of(distilled(count, temperature).name));
    const best = taught.toSorted((a, b) => meanErrors(a) - meanErrors(b))[0] ?? [];
    const cell = (results: readonly Result[]): string => {
      if (results.length === 0) return '';
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
