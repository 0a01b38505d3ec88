import type { Ratio } from '@kd-benchmarks/shared';
import Table from 'cli-table3';

/** One work on one peer. */
export interface Row {
  readonly work: string;
  readonly peer: string;
  /** Median of all steps. */
  readonly ms: number;
  /** The smallest and the largest of the rounds' medians. */
  readonly spread: readonly [number, number];
  /** Ratio to PyTorch in the same rounds. */
  readonly toTorch: Ratio;
}

/** Prints the milliseconds per step, with a row for each work and a column for each peer. */
export function drawTable(rows: readonly Row[]): void {
  const peers = [...new Set(rows.map(({ peer }) => peer))];
  const table = new Table({ head: ['ms (ratio to torch)', ...peers], style: { head: [], border: [] } });
  for (const work of new Set(rows.map((row) => row.work))) {
    const cells = peers.map((peer) => {
      const row = rows.find((candidate) => candidate.work === work && candidate.peer === peer);
      if (row === undefined) return '';
      const [lowest, highest] = row.toTorch.range;
      const ratio =
        peer === 'torch'
          ? ''
          : ` (${row.toTorch.median.toFixed(2)}; ${lowest.toFixed(2)}-${highest.toFixed(2)})`;
      return `${row.ms.toFixed(1)}${ratio}`;
    });
    table.push([work, ...cells]);
  }
  console.log(table.toString());
}
