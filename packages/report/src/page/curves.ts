import type { ReportedEpoch, ReportedRun, ReportedStage } from '../reported-run.js';
import { thinned } from './thinned.js';

/** A number by epoch. */
export interface Curve {
  /** The name of the run. */
  readonly run: string;
  /** Epochs from 1; only finite values, because others have no place on an axis. */
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

/** What a chart shows: the same measurement of each run. */
export interface Chart {
  readonly title: string;
  readonly curves: readonly Curve[];
}

/** The stages of this name, by run. */
export type StageOfRuns = ReadonlyMap<string, ReportedStage>;

/** The stages of all runs by name, in the order in which they appear. */
export function stagesByName(
  runs: Readonly<Record<string, ReportedRun>>,
): Map<string, Map<string, ReportedStage>> {
  const all = new Map<string, Map<string, ReportedStage>>();
  for (const [run, { stages }] of Object.entries(runs))
    for (const stage of stages) {
      const others = all.get(stage.name) ?? new Map<string, ReportedStage>();
      all.set(stage.name, others.set(run, stage));
    }
  return all;
}

/** The names of the values that any of the epochs has. */
export function namesIn(
  stages: Iterable<ReportedStage>,
  values: (epoch: ReportedEpoch) => Readonly<Record<string, number>> | undefined,
): string[] {
  const names = [...stages].flatMap(({ history }) =>
    history.flatMap((epoch) => Object.keys(values(epoch) ?? {})),
  );
  return [...new Set(names)];
}

/** The charts of a stage: losses, validation, weights and scalars that change, and the gradient norm. */
export function chartsOf(stages: StageOfRuns): Chart[] {
  const chart = (title: string, value: (epoch: ReportedEpoch) => number | undefined): Chart => ({
    title,
    curves: [...stages].map(([run, { history }]) => ({
      run,
      points: history
        .map((record) => ({ epoch: record.epoch + 1, value: value(record) ?? NaN }))
        .filter((point) => Number.isFinite(point.value)),
    })),
  });
  const weights = changing(stages, ({ weights }) => weights);
  const scalars = changing(stages, ({ scalars }) => scalars);
  const losses = namesIn(stages.values(), (epoch) => epoch.losses);
  const metrics = namesIn(stages.values(), (epoch) => epoch.validation);
  return [
    chart('Total', ({ total }) => total),
    ...losses.map((name) => chart(`Loss of ${name}`, (epoch) => epoch.losses[name])),
    ...metrics.map((name) => chart(`Validation: ${name}`, ({ validation }) => validation?.[name])),
    ...weights.map((name) => chart(`Weight of ${name}`, (epoch) => epoch.weights[name])),
    ...scalars.map((name) => chart(nameOfScalar(name), (epoch) => epoch.scalars[name])),
    chart('Gradient norm', ({ gradientNorm }) => gradientNorm),
  ]
    .filter(({ curves }) => curves.some(({ points }) => points.length > 0))
    .map(({ title, curves }) => ({
      title,
      curves: curves.map(({ run, points }) => ({ run, points: thinned(points) })),
    }));
}

/** The names of the values that change in any run. Means of equal values may differ by rounding. */
function changing(
  stages: StageOfRuns,
  values: (epoch: ReportedEpoch) => Readonly<Record<string, number>>,
): string[] {
  return namesIn(stages.values(), values).filter((name) =>
    [...stages.values()].some(({ history }) => {
      const ofEpochs = history.flatMap((epoch) => values(epoch)[name] ?? []);
      const [least, most] = [Math.min(...ofEpochs), Math.max(...ofEpochs)];
      return most - least > 1e-9 * Math.max(Math.abs(least), Math.abs(most));
    }),
  );
}

/** "soft/temperature" as "Temperature of soft". */
function nameOfScalar(name: string): string {
  const at = name.lastIndexOf('/');
  const [term, scalar] = [name.slice(0, at), name.slice(at + 1)];
  return `${scalar.charAt(0).toUpperCase()}${scalar.slice(1)} of ${term}`;
}
