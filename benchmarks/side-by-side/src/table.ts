import { median, pairedRatio } from '@kd-benchmarks/shared';
import { relativeDifferences } from './difference.js';
import type { Agreement, RunResult } from './results.js';
import { runsOf } from './runs-of.js';
import { nameOf, peers, titles } from './runs.js';
import type { PeerName, Run } from './runs.js';
import type { Time } from './time.js';

/** How far the peers agree where the formula is the same, and what a step costs once that is measured. */
export function agreementTable(agreement: Agreement, time?: Time): string {
  const head = ['', 'loss, SGD', 'weights, SGD', 'loss, Adam', 'weights, Adam', 'step', 'peak memory'];
  const rows = peers.flatMap((peer) => {
    const differences = (['sgd', 'adam'] as const).flatMap((part) =>
      differencesOf(agreement, part, titles[peer]),
    );
    return differences.every((cell) => cell === '')
      ? []
      : [[titles[peer], ...differences, ...costOf(time, peer)]];
  });
  return markdown(head, rows);
}

/** What a kink in the activation changes: the same recipe, and PyTorch against itself. */
export function kinksTable(agreement: Agreement): string {
  const rows = runsOf(agreement.settings)
    .filter((run) => run.part === 'relu' && run.against !== undefined)
    .map(({ part, title }) => [title, ...differencesOf(agreement, part, title)])
    .filter(([, loss]) => loss !== '');
  return markdown(['ReLU, SGD', 'loss', 'weights'], rows);
}

/** Where a peer has another formula: losses at equal weights, and what has become of the student. */
export function differencesTable(agreement: Agreement): string {
  const head = ['', 'first loss', 'ours', 'ratio', 'largest difference', 'test errors', 'ours'];
  const rows = runsOf(agreement.settings)
    .filter(({ part }) => part === 'differences')
    .flatMap((run) => {
      const [result, against] = pairOf(agreement, run);
      if (result === undefined || against === undefined) return [];
      const [first = NaN, ours = NaN] = [result.losses[0], against.losses[0]];
      const largest = Math.max(...relativeDifferences(result.losses, against.losses));
      const numbers = [first, ours, first / ours].map((value) => value.toPrecision(4));
      const errors = [result, against].map(({ testErrors }) => String(testErrors));
      return [[run.title, ...numbers, largest.toExponential(1), ...errors]];
    });
  return markdown(head, rows);
}

/** A run's result and the one that it is compared with. */
function pairOf({ runs }: Agreement, run: Run): (RunResult | undefined)[] {
  return [nameOf(run), run.against].map((wanted) => runs.find(({ name }) => name === wanted));
}

/** The largest relative difference of the losses, and that of the weights. */
function differencesOf(agreement: Agreement, part: Run['part'], title: string): readonly string[] {
  const run = runsOf(agreement.settings).find((one) => one.part === part && one.title === title);
  const [result, against] = run === undefined ? [] : pairOf(agreement, run);
  if (result === undefined) return ['', ''];
  if (against === undefined) return ['reference', 'reference'];
  const largest = Math.max(...relativeDifferences(result.losses, against.losses));
  return [largest, result.weights ?? NaN].map((value) => value.toExponential(1));
}

function costOf(time: Time | undefined, peer: PeerName): readonly string[] {
  const row = time?.rows.find((one) => one.peer === peer);
  if (row === undefined) return ['', ''];
  const torch = time?.rows.find((one) => one.peer === 'torch');
  const ratio =
    torch && row !== torch ? ` (${pairedRatio(row.rounds, torch.rounds).median.toFixed(2)}x)` : '';
  return [
    `${median(row.rounds).toFixed(2)} ms${ratio}`,
    `${String(Math.round(row.peakBytes / 2 ** 20))} MiB`,
  ];
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
