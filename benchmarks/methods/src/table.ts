import { meanWithRange } from '@kd-benchmarks/experiment';
import { methodNamed } from './methods/index.js';
import type { MethodEntry, Results } from './results.js';

/** The results as a table of Markdown, in the order of the methods. */
export function table({ methods }: Results): string {
  const head = ['', 'compares', 'searched', 'test accuracy in %', 'step', 'memory'];
  const lines = methods.filter(({ result }) => result !== undefined).map(cellsOf);
  const rule = head.map((_, column) => (column < 2 ? '---' : '---:'));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellsOf({ name, result, cost }: MethodEntry): string[] {
  const { reads, searchesRate } = methodNamed(name);
  const tests = result?.students.map(({ test }) => test) ?? [];
  const chosen = `${searchesRate === true ? 'rate ×' : ''}${String(Number((result?.chosen ?? NaN).toPrecision(3)))}`;
  const ratio = (of: 'milliseconds' | 'memory'): string =>
    cost === undefined ? '' : `${(cost.own[of] / cost.plain[of]).toFixed(2)}x`;
  return [name, reads, chosen, meanWithRange(tests, 2), ratio('milliseconds'), ratio('memory')];
}
