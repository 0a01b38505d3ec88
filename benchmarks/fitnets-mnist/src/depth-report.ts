import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { meanWithRange } from '@kd-benchmarks/experiment';
import Table from 'cli-table3';
import { depthChart } from './depth-chart.js';
import { net } from './models.js';
import type { Plan } from './plan.js';

/** A student of the depth study. */
export interface DepthStudent {
  readonly arm: string;
  readonly plan: Plan;
  /** Of 10,000. */
  readonly testErrors: number;
}

/** The students of one depth: their size, and the test errors in per cent of each way of training. */
interface DepthRow {
  readonly depth: number;
  readonly units: number;
  readonly parameters: number;
  readonly testErrors: Readonly<Record<string, readonly number[]>>;
}

/** Prints the table of the depth study, and writes `result.json` and the chart. */
export async function depthReport(
  students: readonly DepthStudent[],
  title: string,
  out: string,
  run: Readonly<Record<string, string | number>>,
): Promise<void> {
  const arms = [...new Set(students.map(({ arm }) => arm))];
  const depths = [...new Set(students.map(({ plan }) => plan.length))];
  const rows = depths.map((depth) =>
    rowOf(
      students.filter(({ plan }) => plan.length === depth),
      arms,
    ),
  );
  const lines = arms.map((name) => ({
    name,
    depths: rows.map(({ depth, testErrors }) => ({ depth, errors: testErrors[name] ?? [] })),
  }));
  await writeFile(join(out, 'depth.svg'), await depthChart(lines, { title }));
  await writeFile(join(out, 'result.json'), `${JSON.stringify({ rows, ...run }, null, 2)}\n`);
  console.log(drawDepthTable(rows, arms));
  console.log(`Test errors in %. ${String(run['seconds'])} s. Chart: ${join(out, 'depth.svg')}.`);
}

function rowOf(students: readonly DepthStudent[], arms: readonly string[]): DepthRow {
  const plan = students[0]?.plan ?? [];
  const model = net(plan, { seed: 0 });
  const parameters = model.countParams();
  model.dispose();
  const errorsOf = (name: string): number[] =>
    students.filter(({ arm }) => arm === name).map(({ testErrors }) => testErrors / 100);
  return {
    depth: plan.length,
    units: plan[0]?.units ?? 0,
    parameters,
    testErrors: Object.fromEntries(arms.map((name) => [name, errorsOf(name)])),
  };
}

function drawDepthTable(rows: readonly DepthRow[], arms: readonly string[]): string {
  const table = new Table({
    head: ['layers', 'units', 'parameters', ...arms],
    colAligns: ['right', 'right', 'right', ...arms.map(() => 'right' as const)],
    style: { head: [], border: [] },
  });
  table.push(
    ...rows.map(({ depth, units, parameters, testErrors }) => [
      String(depth),
      String(units),
      parameters.toLocaleString('en-US'),
      ...arms.map((name) => meanWithRange(testErrors[name] ?? [], 1)),
    ]),
  );
  return table.toString();
}
