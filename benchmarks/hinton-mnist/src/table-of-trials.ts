import { countOf } from '@kd-benchmarks/experiment/parts';
import type { Finished, Tried } from './experiment.js';
import { markdown } from './markdown.js';

/** What was tried on the validation digits, and how many of them it got wrong; the chosen number is bold. */
export function tableOfTrials({ teacherTrials, studentTrials }: Finished): string {
  return markdown(
    ['', 'tried', 'validation errors'],
    [
      ['teacher', ...listed(teacherTrials, (dropout) => `dropout ${String(dropout)}`)],
      ...[...studentTrials].map(([name, tried]) => [
        name,
        ...listed(
          tried,
          ({ learningRate, epochs }) => `${String(learningRate)} for ${String(epochs)} epochs`,
        ),
      ]),
    ],
  );
}

function listed<Setting>(
  tried: readonly Tried<Setting>[],
  nameOf: (setting: Setting) => string,
): [string, string] {
  const errors = tried.map(({ result }) => countOf(result.wrong));
  const best = errors.indexOf(Math.min(...errors));
  const bold = (text: string, index: number): string => (index === best ? `**${text}**` : text);
  return [tried.map(({ setting }) => nameOf(setting)).join(' / '), errors.map(String).map(bold).join(' / ')];
}
