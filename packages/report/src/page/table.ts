import type { ReportedEpoch, ReportedRun, ReportedStage } from '../reported-run.js';
import { durationOf } from '../text-of-progress.js';
import { namesIn } from './curves.js';
import { digits, escaped } from './html.js';

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
  const heads = ['epochs', 'steps', 'time', 'epoch', 'total'];
  const columns = [
    ...heads,
    ...losses.map((name) => `loss of ${name}`),
    ...metrics.map((name) => `validation ${name}`),
  ];
  const body = rows.map(({ run, stage }) => {
    const final = finalEpoch(stage);
    const cells = [
      `${String(stage.history.length)} of ${String(stage.epochs)}`,
      String((stage.steps.at(-1)?.step ?? (stage.history.at(-1)?.step ?? 0) - 1) + 1),
      durationOf(stage.seconds),
      final === undefined ? '' : String(final.epoch + 1),
      digits(final?.total),
      ...losses.map((name) => digits(final?.losses[name])),
      ...metrics.map((name) => digits(final?.validation?.[name])),
    ];
    const texts = [stage.name, stage.reason ?? 'not ended'];
    return `<tr><th scope="row">${escaped(run)}</th>${texts.map((text) => `<td class="text">${escaped(text)}</td>`).join('')}${cells.map((text) => `<td>${text}</td>`).join('')}</tr>`;
  });
  const head = [
    ...['run', 'stage', 'end'].map((text) => `<th scope="col" class="text">${text}</th>`),
    ...columns.map((text) => `<th scope="col">${escaped(text)}</th>`),
  ];
  return `<div class="wide" role="region" aria-label="Results" tabindex="0"><table>
<caption>Numbers of the epoch whose weights were kept: the best one, or the last one without validation. Epochs count from 1.</caption>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}
