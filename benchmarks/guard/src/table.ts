import type { Ratio } from '@kd-benchmarks/shared';
import Table from 'cli-table3';
import type { Comparison, Difference } from './compare-weights.js';
import type { Finding } from './measure.js';

/** The results as a table, with a row for each recipe on each backend. */
export function drawTable(findings: readonly Finding[], limit: number): string {
  const head = ['recipe', 'backend', 'weights', 'ms there', 'ms here', 'ratio', 'ratio of processor time'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const finding of findings) {
    const timed = finding.type === 'compared' ? timesOf(finding, limit) : ['', '', '', ''];
    table.push([finding.recipe, finding.backend, describeWeights(finding), ...timed]);
  }
  return table.toString();
}

/** A result as one line, printed as soon as it is there. */
export function describeFinding(finding: Finding): string {
  const times = finding.type === 'compared' ? `, ratio ${describeRatio(finding.wall.ratio, Infinity)}` : '';
  return `${finding.recipe} on ${finding.backend}: ${describeWeights(finding).replaceAll('\n', ', ')}${times}`;
}

function describeWeights(finding: Finding): string {
  if (finding.type === 'unknown') return 'not on both sides';
  if (finding.type === 'failure') return `fails ${finding.side}: ${finding.message.slice(0, 60)}`;
  const doubts = finding.unrepeatable.map((side) => `\nnot repeatable ${side}`);
  return describeComparison(finding.weights) + doubts.join('');
}

function timesOf({ wall, processor }: Extract<Finding, { type: 'compared' }>, limit: number): string[] {
  return [
    wall.there.toFixed(2),
    wall.here.toFixed(2),
    describeRatio(wall.ratio, limit),
    describeRatio(processor.ratio, limit),
  ];
}

/** The median of a ratio, marked if it is above the limit, and the range over the rounds. */
function describeRatio({ median, range }: Ratio, limit: number): string {
  const [lowest, highest] = range.map((ratio) => ratio.toFixed(2));
  return `${median.toFixed(3)}${median > limit ? ' SLOWER' : ''} (${String(lowest)}-${String(highest)})`;
}

/** The result of comparing weights, in words. */
function describeComparison(comparison: Comparison): string {
  if (comparison.type === 'equal') return 'equal';
  if (comparison.type === 'other shapes') return 'different shapes';
  const { count, of, absolute, relative } = comparison;
  return [
    `${String(count)} of ${String(of)} differ`,
    `by ${absolute.difference.toExponential(1)} in ${placeOf(absolute)}`,
    `relatively ${relative.difference.toExponential(1)} in ${placeOf(relative)}`,
  ].join('\n');
}

const placeOf = ({ weight, at }: Difference): string => `${weight}[${String(at)}]`;
