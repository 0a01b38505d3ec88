import type { ReadAnswers } from '../../models/read-answers.js';
import { chartWidth } from '../draw.js';
import type { Drawing } from '../draw.js';
import { scalesOf } from '../marks.js';
import type { Mark } from '../marks.js';

/** What a model thinks of a class. */
export interface SoftAnswer {
  readonly name: string;
  /** The name of the class. */
  readonly class: string;
  readonly probability: number;
}

/** Bars for each class, one for each model, in the order of the models. */
export function softAnswerChart(
  title: string,
  answers: readonly SoftAnswer[],
  models: readonly ReadAnswers[],
  marks: ReadonlyMap<string, Mark>,
): Drawing {
  const names = models.map(({ name }) => name);
  const classes = [...new Set(answers.map((answer) => answer.class))];
  const best = names.map((name) => {
    const own = answers.filter((answer) => answer.name === name);
    const [first] = own.sort((a, b) => b.probability - a.probability);
    return `${name} ${first?.class ?? ''} with ${(first?.probability ?? NaN).toFixed(3)}`;
  });
  return {
    text: `${title}, most likely classes: ${best.join('; ')}.`,
    chart: {
      width: chartWidth,
      height: classes.length * (names.length * 7 + 6) + 40,
      data: { values: answers.map((answer) => ({ ...answer })) },
      mark: 'bar',
      encoding: {
        x: {
          field: 'probability',
          type: 'quantitative',
          title: 'probability',
          scale: { domainMin: 0 },
          axis: { tickCount: 5 },
        },
        y: {
          field: 'class',
          type: 'nominal',
          title: null,
          scale: { domain: classes, paddingInner: 0.25 },
          axis: { ticks: false, labelLimit: 130, grid: false },
        },
        yOffset: { field: 'name', type: 'nominal', scale: { domain: names } },
        color: { field: 'name', type: 'nominal', legend: null, scale: scalesOf(marks, names).color },
      },
    },
  };
}
