import { verdictOnInterval } from '../report.js';
import type { SoftTargetsResult } from '../results.js';
import { markdownTable } from './markdown-table.js';

/** The table of what precomputed soft targets add to a step. */
export function softTargetsSection({ costs, machine, settings }: SoftTargetsResult): string {
  const rounds = `${String(settings.rounds)} pairs of ${String(settings.steps)} steps each`;
  return [
    `${machine.processor}, ${String(machine.cores)} cores, Node ${machine.node}; ${rounds}.`,
    '',
    markdownTable(
      ['net', 'peer', 'ratio', '95 % interval', 'milliseconds', 'at most 1.03'],
      costs.map(({ net, peer, ratio, difference }) => [
        net,
        peer,
        ratio.median.toFixed(3),
        ratio.interval.map((value) => value.toFixed(3)).join(' to '),
        difference.median.toFixed(3),
        peer === 'compiled' ? verdictOnInterval(ratio.interval) : '',
      ]),
    ),
  ].join('\n');
}
