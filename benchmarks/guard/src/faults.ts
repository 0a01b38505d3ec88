import type { Finding } from './measure.js';

/**
 * The reasons why a run of the guard fails, one per line: weights that differ, and ratios above the limit if
 * there is one.
 */
export function faultsOf(findings: readonly Finding[], limit: number = Infinity): string[] {
  return findings.flatMap((finding) => {
    const title = `${finding.recipe} on ${finding.backend}`;
    if (finding.type === 'failure') return [`${title} fails ${finding.side}: ${finding.message}`];
    if (finding.type === 'unknown') return [];
    const faults: string[] = [];
    const { weights, unrepeatable, wall } = finding;
    if (weights.type === 'other shapes') {
      faults.push(`${title}: the weights are ${weights.there} there and ${weights.here} here`);
    }
    if (weights.type === 'different') {
      const { weight, at, there, here } = weights.first;
      faults.push(
        `${title}: the first weight that differs is ${weight}[${String(at)}], ${String(there)} there and ${String(here)} here`,
      );
    }
    for (const side of unrepeatable) faults.push(`${title}: weights differ from run to run ${side}`);
    if (wall.ratio.median > limit) {
      faults.push(
        `${title}: a step takes ${wall.ratio.median.toFixed(3)} times as long, above ${String(limit)}`,
      );
    }
    return faults;
  });
}
