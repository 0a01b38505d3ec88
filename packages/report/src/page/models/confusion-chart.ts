import type { MeasuredModel } from '../../models/measured-model.js';
import { chartWidth } from '../draw.js';
import type { Drawing } from '../draw.js';

const cell = 30;

/** A heat map with the counts: labels downwards, predictions to the right. */
export function confusionChart(
  { name, errors, confusions }: MeasuredModel,
  classes: readonly string[],
): Drawing {
  const worst = Math.max(1, ...confusions.map((one) => (isRight(one) ? 0 : one.count)));
  const values = confusions.map((one) => ({
    label: classes[one.label],
    predicted: classes[one.predicted],
    count: one.count,
    fill: isRight(one) ? 'var(--right)' : 'var(--wrong)',
    // Errors are told apart from each other; next to the correct answers they would all look pale.
    strength: isRight(one) ? 0.25 : 0.08 + 0.47 * Math.sqrt(one.count / worst),
  }));
  const longest = Math.max(...classes.map(({ length }) => length));
  const axis = { domain: false, ticks: false, grid: false, labelLimit: 130, labelPadding: 4 };
  const [most] = confusions.filter((one) => !isRight(one));
  return {
    text:
      `Confusion matrix of ${name}: ${String(errors)} wrong ${errors === 1 ? 'answer' : 'answers'}` +
      (most === undefined
        ? '.'
        : `; most often ${classes[most.label] ?? ''} is taken for ${classes[most.predicted] ?? ''}, ${most.count === 1 ? 'once' : `${String(most.count)} times`}.`),
    chart: {
      width: Math.max(chartWidth, cell * classes.length + 60),
      height: Math.max(chartWidth, cell * classes.length + 60) - 10,
      data: { values },
      view: { fill: 'currentColor', fillOpacity: 0.03 },
      encoding: {
        x: {
          field: 'predicted',
          type: 'ordinal',
          title: 'answer',
          scale: { domain: [...classes], paddingInner: 0.05 },
          axis: { ...axis, orient: 'top', labelAngle: longest > 3 ? -45 : 0 },
        },
        y: {
          field: 'label',
          type: 'ordinal',
          title: 'label',
          scale: { domain: [...classes], paddingInner: 0.05 },
          axis,
        },
      },
      layer: [
        {
          mark: 'rect',
          encoding: {
            fill: { field: 'fill', type: 'nominal', scale: null },
            fillOpacity: { field: 'strength', type: 'quantitative', scale: null },
          },
        },
        {
          mark: { type: 'text', fontSize: 11, color: 'currentColor' },
          encoding: { text: { field: 'count', type: 'quantitative' } },
        },
      ],
    },
  };
}

const isRight = ({ label, predicted }: { label: number; predicted: number }): boolean => label === predicted;
