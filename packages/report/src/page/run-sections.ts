import type { ReportedRun } from '../reported-run.js';
import { chartsOf, stagesByName } from './curves.js';
import { draw } from './draw.js';
import { figure, section } from './html.js';
import { lineChart } from './line-chart.js';
import { legend } from './marks.js';
import type { Mark } from './marks.js';
import { tableOf } from './table.js';

/** The sections on trainings: a table, and curves for each stage. */
export async function runSections(
  runs: Readonly<Record<string, ReportedRun>>,
  marks: ReadonlyMap<string, Mark>,
): Promise<string[]> {
  const sections = [section('Results', [tableOf(runs)])];
  for (const [name, stages] of stagesByName(runs)) {
    const figures: string[] = [];
    for (const chart of chartsOf(stages))
      figures.push(figure(chart.title, await draw(lineChart(chart, marks))));
    const charts = `<div class="charts">\n${figures.join('\n')}\n</div>`;
    sections.push(section(`Stage ${name}`, [legend(marks, [...stages.keys()]), charts]));
  }
  return sections;
}
