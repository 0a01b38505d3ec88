import type { MeasuredModel } from '../../models/measured-model.js';
import { chartWidth } from '../draw.js';
import type { Drawing } from '../draw.js';
import { scalesOf } from '../marks.js';
import type { Mark } from '../marks.js';

/** A cost of models. */
export interface Cost {
  /** With its unit. */
  readonly title: string;
  /** Of its numbers on the axis, as d3-format names it; default as many digits as it takes. */
  readonly format?: string;
  readonly of: (model: MeasuredModel) => number | undefined;
}

/** Errors against a cost, with a dot for each model that has one; undefined if none has. */
export function costChart(
  models: readonly MeasuredModel[],
  examples: number,
  { title, format, of }: Cost,
  marks: ReadonlyMap<string, Mark>,
): Drawing | undefined {
  const values = models.flatMap((model) => {
    const cost = of(model);
    return cost === undefined ? [] : [{ name: model.name, cost, percent: (100 * model.errors) / examples }];
  });
  if (values.length === 0) return undefined;
  const scales = scalesOf(
    marks,
    values.map(({ name }) => name),
  );
  const mark = { field: 'name', type: 'nominal', legend: null } as const;
  const dots = values.map(({ name, cost, percent }) => `${name} ${percent.toFixed(2)} % at ${String(cost)}`);
  return {
    text: `Errors against ${title}: ${dots.join('; ')}.`,
    chart: {
      width: chartWidth,
      height: 220,
      data: { values },
      mark: { type: 'point', filled: true, opacity: 1, size: 110 },
      encoding: {
        x: {
          field: 'cost',
          type: 'quantitative',
          title,
          scale: { zero: true },
          axis: {
            tickCount: 4,
            ...(format && { format }),
            labelExpr: 'datum.value === 0 ? "0" : datum.label',
          },
        },
        y: {
          field: 'percent',
          type: 'quantitative',
          title: 'errors in %',
          scale: { zero: true },
          axis: { tickCount: 5 },
        },
        color: { ...mark, scale: scales.color },
        shape: { ...mark, scale: scales.shape },
      },
    },
  };
}
