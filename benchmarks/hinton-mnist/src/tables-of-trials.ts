import { bestOf, countOf, markdown } from '@kd-benchmarks/experiment/parts';
import type { Tried } from '@kd-benchmarks/experiment/parts';
import type { Finished } from './experiment.js';
import type { Job, Result } from './job.js';
import type { Settings } from './settings.js';

/** What was tried on the validation digits, and how many of them it got wrong; the chosen number is bold. */
export function tablesOfTrials(
  { teacherTrials, studentTrials }: Finished,
  { trials, teacher }: Settings,
): [string, string] {
  const [first, ...more] = trials.epochs;
  const rates = trials.learningRates.map((rate) => `rate ${String(rate)}, ${String(first)} epochs`);
  const students = markdown(
    ['', ...rates, ...more.map((epochs) => `best, ${String(epochs)} epochs`)],
    [...studentTrials].map(([name, tried]) => [name, ...errorsOf(tried)]),
  );
  const dropouts = [...new Set(teacher.trials.flatMap((trial) => trial.dropouts))].sort((a, b) => a - b);
  const teachers = [...teacherTrials].map(([epochs, tried]) => {
    const errors = errorsOf(tried);
    const at = (dropout: number): string =>
      errors[tried.findIndex(({ setting }) => setting === dropout)] ?? '';
    return [`teacher, ${String(epochs)} epochs`, ...dropouts.map(at)];
  });
  return [markdown(['', ...dropouts.map((dropout) => `dropout ${String(dropout)}`)], teachers), students];
}

function errorsOf<Setting>(tried: readonly Tried<Job, Setting, Result>[]): string[] {
  const best = bestOf(tried);
  return tried.map((trial) => {
    const errors = String(countOf(trial.result.wrong));
    return trial === best ? `**${errors}**` : errors;
  });
}
