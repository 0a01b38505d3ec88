import { median } from '@kd-benchmarks/shared';
import type { PeerName } from '../peer.js';
import { ratioTo } from '../ratio-to.js';
import type { RowsResult } from '../results.js';
import { timesOf } from '../row.js';
import type { Row } from '../row.js';
import { targets, verdictOn } from '../targets.js';
import { markdownTable } from './markdown-table.js';

const titles: Readonly<Record<PeerName, string>> = {
  torch: 'PyTorch, eager',
  'torch.compile': 'torch.compile',
  eager: 'ours, eager',
  compiled: 'ours, compiled',
  wasm: 'ours on wasm',
};

/** The tables of one set of instructions: milliseconds, then ratios with their targets. */
export function rowsSection({ isa, rows, about, machine, settings }: RowsResult): string {
  const peers = (Object.keys(titles) as PeerName[]).filter((name) => rows.some((row) => timesOf(row, name)));
  const compared = rows.filter((row) => ratioTo(row, 'compiled', 'torch') !== undefined);
  return [
    `${machine.processor}, ${String(machine.cores)} cores, Node ${machine.node}. ${devicesOf(about)}`,
    `${String(settings.rounds)} rounds of ${String(settings.steps)} steps.`,
    'Milliseconds per step: the median and, in brackets, the fastest step.',
    '',
    markdownTable(
      ['work', ...peers.map((name) => titles[name])],
      rows.map((row) => [row.work, ...peers.map((name) => milliseconds(row, name))]),
    ),
    '',
    'Ours, compiled, as a ratio: the median and the range of the rounds, then the ratio of the fastest steps.',
    '',
    markdownTable(
      ['work', 'to PyTorch, eager', 'to torch.compile', 'to ours, eager', 'target'],
      rows.map((row) => [
        row.work,
        ...(['torch', 'torch.compile', 'eager'] as const).map((name) => ratio(row, name)),
        verdictOn(row, isa),
      ]),
    ),
    '',
    targetOfAllRows(compared, isa),
    disturbance(rows),
  ].join('\n');
}

function devicesOf(about: RowsResult['about']): string {
  const texts = Object.entries(about).map(([name, text]) => `${titles[name as PeerName]}: ${text}.`);
  return texts.join(' ');
}

function milliseconds(row: Row, name: PeerName): string {
  const times = timesOf(row, name);
  if (times === undefined) return '';
  const layout = times.layout === 'channels-last' ? ', channels last' : '';
  return `${times.ms.toFixed(2)} (${times.best.toFixed(2)}${layout})`;
}

function ratio(row: Row, reference: PeerName): string {
  const compared = ratioTo(row, 'compiled', reference);
  if (compared === undefined) return '';
  const range = compared.range.map((value) => value.toFixed(2)).join('-');
  return `**${compared.median.toFixed(2)}** (${range}); ${compared.best.toFixed(2)}`;
}

function targetOfAllRows(rows: readonly Row[], isa: RowsResult['isa']): string {
  if (rows.length === 0) return '';
  const overallOf = (which: 'median' | 'best'): number =>
    median(rows.map((row) => ratioTo(row, 'compiled', 'torch')?.[which] ?? NaN));
  const overall = overallOf('median');
  const best = overallOf('best').toFixed(2);
  const text = `The median of the rows to PyTorch's eager mode is ${overall.toFixed(2)} (fastest steps: ${best})`;
  const { median: limit } = targets[isa];
  if (limit === undefined) return `${text}.`;
  return `${text}; its target of at most ${limit.toFixed(2)} is ${overall > limit ? '**missed**' : 'met'}.`;
}

function disturbance(rows: readonly Row[]): string {
  const sum = (key: 'rerun' | 'disturbed'): string =>
    String(rows.reduce((total, row) => total + row[key], 0));
  return `${sum('rerun')} rounds were run again because PyTorch was disturbed; in ${sum('disturbed')} it stayed so.`;
}
