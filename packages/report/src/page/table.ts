import type { ReportedEpoch, ReportedRun, ReportedStage } from '../reported-run.js';
import { durationOf } from '../text-of-progress.js';
import { namesIn } from './curves.js';
import { htmlTable } from './html-table.js';
import { counted, digits } from './html.js';

/** The epoch whose weights the student has: the best one, or the last one without validation. */
function finalEpoch({ history, bestEpoch }: ReportedStage): ReportedEpoch | undefined {
  return bestEpoch === undefined ? history.at(-1) : history.find(({ epoch }) => epoch === bestEpoch);
}

/** A table with a row for each stage of each run. */
export function tableOf(runs: Readonly<Record<string, ReportedRun>>): string {
  const rows = Object.entries(runs).flatMap(([run, { stages }]) => stages.map((stage) => ({ run, stage })));
  const stages = rows.map(({ stage }) => stage);
  const losses = namesIn(stages, (epoch) => epoch.losses);
  const metrics = namesIn(stages, (epoch) => epoch.validation);
  return htmlTable({
    label: 'Results',
    caption:
      'Numbers of the epoch whose weights were kept: the best one, or the last one without validation. Epochs count from 1.',
    columns: [
      ...['run', 'stage', 'end', 'epochs', 'steps', 'time', 'epoch', 'total'],
      ...losses.map((name) => `loss of ${name}`),
      ...metrics.map((name) => `validation ${name}`),
    ],
    texts: 3,
    rows: rows.map(({ run, stage }) => {
      const final = finalEpoch(stage);
      return [
        ...[run, stage.name, stage.reason ?? 'not ended'],
        `${String(stage.history.length)} of ${String(stage.epochs)}`,
        counted((stage.steps.at(-1)?.step ?? (stage.history.at(-1)?.step ?? 0) - 1) + 1),
        durationOf(stage.seconds),
        final === undefined ? '' : String(final.epoch + 1),
        digits(final?.total),
        ...losses.map((name) => digits(final?.losses[name])),
        ...metrics.map((name) => digits(final?.validation?.[name])),
      ];
    }),
  });
}
