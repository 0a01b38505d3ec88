import type { Isa } from './isa.js';
import { ratioTo } from './ratio-to.js';
import { timesOf } from './row.js';
import type { Row } from './row.js';

/** What our compiled steps are to reach. */
export interface Targets {
  /** The largest ratio to PyTorch's eager mode, in every row. */
  readonly toTorch: number;
  /** The largest ratio to torch.compile, in every row. */
  readonly toCompiled: number;
  /** The largest median over all rows of the ratio to PyTorch's eager mode. */
  readonly median?: number;
}

export const targets: Readonly<Record<Isa, Targets>> = {
  unrestricted: { toTorch: 0.8, toCompiled: 1, median: 0.6 },
  avx2: { toTorch: 0.9, toCompiled: 1 },
};

/** The largest ratio of a step with precomputed soft targets to one without. */
export const mostForSoftTargets = 1.03;

/**
 * Whether a row reaches its targets, in words; empty if it lacks a peer that they are about. The medians
 * decide. If the fastest steps say otherwise, PyTorch may have been disturbed in all rounds.
 */
export function verdictOn(row: Row, isa: Isa): string {
  const ours = timesOf(row, 'compiled');
  if (ours === undefined) return '';
  if (ours.compiled !== true) return `**missed**: not compiled (${ours.compiled ?? 'not tried'})`;
  const limits = [
    { name: 'PyTorch', limit: targets[isa].toTorch, ratio: ratioTo(row, 'compiled', 'torch') },
    {
      name: 'torch.compile',
      limit: targets[isa].toCompiled,
      ratio: ratioTo(row, 'compiled', 'torch.compile'),
    },
  ].flatMap(({ ratio, ...limit }) => (ratio === undefined ? [] : [{ ...limit, ratio }]));
  if (limits.length === 0) return '';
  const over = (which: 'median' | 'best'): string =>
    limits
      .filter(({ limit, ratio }) => ratio[which] > limit)
      .map(({ name, limit, ratio }) => `${ratio[which].toFixed(3)} > ${limit.toFixed(2)} of ${name}`)
      .join(', ');
  if (over('median') !== '') return `**missed**: ${over('median')}`;
  return over('best') === '' ? 'met' : `met, but not by the fastest steps: ${over('best')}`;
}
