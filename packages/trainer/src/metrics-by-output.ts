import { conventions, describeValue, KdError, like, onlyOutput } from '@kd/core';
import type { Batch, Check, Convention, Named } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Measurements } from './history.js';
import { classificationMetrics, valueMetrics } from './metrics.js';
import type { Metric } from './metrics.js';

/** What is measured: a metric for the only output, or one for each of several outputs by name. */
export type Metrics = Metric | Readonly<Record<string, Metric>>;

/** Describes an option that is a metric, or metrics by output. */
export const metrics: Check<Metrics> = like(
  'a metric, or metrics by output',
  (value): value is Metrics =>
    typeof value === 'function' ||
    (typeof value === 'object' &&
      value !== null &&
      Object.keys(value).length > 0 &&
      Object.values(value).every((one) => typeof one === 'function')),
  'Pass a function (measured, batch) => ({ name: values }), or one for each output by name.',
);

/** An output to measure. */
export interface NamedConvention {
  readonly name: string;
  readonly convention: Convention;
}

/** An output with its metric. */
export interface MeasuredBy {
  readonly output: NamedConvention;
  readonly metric: Metric;
  /** Name of its target. */
  readonly target: string;
  /** What precedes the names of its measurements; empty for the only output. */
  readonly prefix: string;
}

/**
 * The metric of each output. By default classes and independent labels are measured by cross-entropy and
 * accuracy, values by their errors.
 */
export function metricsByOutput(
  where: string,
  outputs: readonly NamedConvention[],
  chosen: Metrics | undefined,
): MeasuredBy[] {
  const names = outputs.map(({ name }) => name);
  if (typeof chosen === 'function' && outputs.length > 1)
    throw notByName(where, names, 'metrics', `an object with metrics for ${names.join(', ')}`, chosen);
  const unknown =
    typeof chosen === 'object' ? Object.keys(chosen).find((name) => !names.includes(name)) : undefined;
  if (unknown !== undefined)
    throw notByName(where, names, `metrics.${unknown}`, `the metric of one of ${names.join(', ')}`, unknown);
  return outputs.flatMap((output) => {
    const usual = conventions[output.convention].family === 'values' ? valueMetrics : classificationMetrics;
    const metric = typeof chosen === 'object' ? chosen[output.name] : (chosen ?? usual);
    if (metric === undefined) return [];
    const target = output.name === onlyOutput ? 'labels' : output.name;
    return [{ output, metric, target, prefix: outputs.length > 1 ? `${output.name}/` : '' }];
  });
}

function notByName(
  where: string,
  names: readonly string[],
  argument: string,
  expected: string,
  received: unknown,
): KdError {
  return new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected,
    received: describeValue(received),
    remedy: `Pass one metric for each output to measure: { ${names.join(', ')} }.`,
  });
}

/** The measurements of all outputs, each checked; of several, with their names before. */
export function measureOutputs(
  measured: readonly MeasuredBy[],
  outputs: Named,
  batch: Batch,
  check: (values: unknown, output: Tensor) => Named,
): Named {
  const all = measured.map(({ output: { name, convention }, metric, target, prefix }) => {
    const output = outputs[name] as Tensor;
    const values = check(metric({ output, convention, target }, batch), output);
    return Object.entries(values).map(([own, value]) => [`${prefix}${own}`, value] as const);
  });
  return Object.fromEntries(all.flat());
}

/** Measurements, and as `loss` the sum of the losses of several outputs. */
export function withTotalLoss(measured: readonly MeasuredBy[], means: Measurements): Measurements {
  const losses = measured.flatMap(({ prefix }) => (prefix === '' ? [] : (means[`${prefix}loss`] ?? [])));
  return losses.length === 0 ? means : { ...means, loss: losses.reduce((sum, loss) => sum + loss, 0) };
}
