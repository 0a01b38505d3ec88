import { leastOf, markdown } from '@kd-benchmarks/experiment/parts';
import { crossEntropyOf } from './experiment.js';
import type { Finished, Trained } from './experiment.js';
import type { Result } from './job.js';
import type { Settings } from './settings.js';

/** Perplexities on the test chapters, and what was tried on the validation chapters. */
export function tablesOf({ teacher, students }: Finished, { learningRates }: Settings): [string, string] {
  const [alone, distilled] = students.map(({ results }) => meanOf(results));
  const gain = (mean: number): string => {
    const whole = (alone ?? NaN) - (distilled ?? NaN);
    return whole > 0 && mean > 0 ? `${((100 * ((alone ?? NaN) - mean)) / whole).toFixed(0)} %` : '';
  };
  const rows = students.map(({ arm, results }) => [
    arm.name,
    perplexityOf(results),
    accuracyOf(results),
    gain(meanOf(results)),
  ]);
  const tried = students.map((trained) => [trained.arm.name, ...cellsOf(trained)]);
  return [
    markdown(
      ['', 'perplexity', 'accuracy', 'share of the gain'],
      [['teacher', perplexityOf([teacher]), accuracyOf([teacher]), ''], ...rows],
    ),
    markdown(['', ...learningRates.map((rate) => `rate ${String(rate)}`)], tried),
  ];
}

function cellsOf({ tried }: Trained): string[] {
  const best = leastOf(tried, crossEntropyOf);
  return tried.map((trial) => {
    const perplexity = Math.exp(trial.result.crossEntropy).toFixed(3);
    return trial === best ? `**${perplexity}**` : perplexity;
  });
}

const perplexities = (results: readonly Result[]): number[] =>
  results.map(({ crossEntropy }) => Math.exp(crossEntropy));

function meanOf(results: readonly Result[]): number {
  const all = perplexities(results);
  return all.reduce((sum, each) => sum + each, 0) / all.length;
}

function perplexityOf(results: readonly Result[]): string {
  const all = perplexities(results);
  if (all.length === 0) return '';
  const mean = meanOf(results).toFixed(3);
  return all.length === 1 ? mean : `${mean} (${Math.min(...all).toFixed(3)}-${Math.max(...all).toFixed(3)})`;
}

function accuracyOf(results: readonly Result[]): string {
  if (results.length === 0) return '';
  const mean = results.reduce((sum, { accuracy }) => sum + accuracy, 0) / results.length;
  return `${(100 * mean).toFixed(1)} %`;
}
