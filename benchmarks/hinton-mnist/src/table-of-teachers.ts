import { meanWithRange } from '@kd-benchmarks/experiment';
import { countOf, markdown } from '@kd-benchmarks/experiment/parts';
import { distilled, lowAndHigh, ofWeaker } from './arms.js';
import { chance } from './chance.js';
import type { Finished } from './experiment.js';
import type { Result } from './job.js';
import type { Settings } from './settings.js';

/** Test errors of teachers that learnt for longer and longer, and of their students at two temperatures. */
export function tableOfTeachers(
  { teachers, weakerTeachers, students }: Finished,
  settings: Settings,
): string {
  const [units] = settings.units;
  const [low, high] = lowAndHigh(settings);
  const of = (name: string): readonly Result[] => students.get(name) ?? [];
  const errors = (results: readonly Result[]): string =>
    results.length === 0 ? '' : meanWithRange(results.map(({ wrong }) => countOf(wrong)));
  const row = (epochs: number, taught: readonly Result[], [first, second]: readonly [string, string]) => [
    `${String(epochs)} epochs`,
    errors(taught),
    errors(of(first)),
    errors(of(second)),
    chance(of(first), of(second)),
  ];
  return markdown(
    ['teacher', 'its errors', `student, T = ${String(low)}`, `student, T = ${String(high)}`, 'difference'],
    [
      ...[...weakerTeachers].map(([epochs, taught]) =>
        row(epochs, taught, [ofWeaker(units, low, epochs).name, ofWeaker(units, high, epochs).name]),
      ),
      row(settings.teacher.training.epochs, teachers, [
        distilled(units, low).name,
        distilled(units, high).name,
      ]),
    ],
  );
}
