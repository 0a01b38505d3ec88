import { mostForSoftTargets } from './targets.js';
import type { CostOfSoftTargets } from './cost-of-soft-targets.js';
import type { MemoryOfWork } from './memory.js';
import { peerNames } from './peer.js';
import { ratioTo } from './ratio-to.js';
import { timesOf } from './row.js';
import type { Row } from './row.js';

/** One row in a few lines, as soon as it is measured. */
export function describeRow(row: Row): string {
  const lines = peerNames.flatMap((name) => {
    const times = timesOf(row, name);
    if (times === undefined) return [];
    const ratios = (['torch', 'torch.compile'] as const).flatMap((reference) => {
      const ratio = name === reference ? undefined : ratioTo(row, name, reference);
      if (ratio === undefined) return [];
      const range = ratio.range.map((value) => value.toFixed(2)).join('-');
      return [`${ratio.median.toFixed(2)} (${range}; best ${ratio.best.toFixed(2)}) of ${reference}`];
    });
    const layout = times.layout === 'channels-last' ? ' channels-last' : '';
    const ms = `${times.ms.toFixed(2)} ms, best ${times.best.toFixed(2)}`;
    const isCompiled = name !== 'compiled' || times.compiled === true;
    const fault = isCompiled ? [] : [`not compiled: ${String(times.compiled)}`];
    return [`  ${`${name}${layout}`.padEnd(28)} ${[ms, ...ratios, ...fault].join('; ')}`];
  });
  const again = `${String(row.rerun)} rounds run again, ${String(row.disturbed)} still disturbed`;
  return [`${row.work} (${again})`, ...lines].join('\n');
}

/** The cost of soft targets in one line. */
export function describeCost({ net, peer, ratio, difference }: CostOfSoftTargets): string {
  const interval = ({ interval: [low, high] }: typeof ratio): string =>
    `${low.toFixed(3)} to ${high.toFixed(3)}`;
  const verdict = verdictOnInterval(ratio.interval);
  const added = `${difference.median.toFixed(3)} ms (${interval(difference)})`;
  return `${net} on ${peer}: ${ratio.median.toFixed(3)} (${interval(ratio)}), ${added}: ${verdict}`;
}

/** Whether a cost is within its target: yes, no, or its interval does not tell. */
export function verdictOnInterval([low, high]: readonly [number, number]): 'met' | '**missed**' | 'open' {
  if (high <= mostForSoftTargets) return 'met';
  return low > mostForSoftTargets ? '**missed**' : 'open';
}

/** The memory of one work in one line. */
export function describeMemory({ work, peer, held }: MemoryOfWork): string {
  const states = held.map(({ step, tensors, handles = '-', functions = '-', rssBytes }) => {
    const counts = [tensors, handles, functions].map(String).join('/');
    return `${String(step)}: ${counts}, ${(rssBytes / 2 ** 20).toFixed(0)} MiB`;
  });
  return `${work} on ${peer}; step: tensors/handles/functions, memory. ${states.join(' | ')}`;
}
