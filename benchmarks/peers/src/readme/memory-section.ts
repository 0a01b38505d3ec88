import type { MemoryOfWork } from '../memory.js';
import type { MemoryResult } from '../results.js';
import { markdownTable } from './markdown-table.js';

type Count = 'tensors' | 'handles' | 'functions';

/** The table of what a process holds over many compiled steps. */
export function memorySection({ works, settings }: MemoryResult): string {
  return [
    `Over ${settings.steps.toLocaleString('en-US')} compiled steps, looked at eleven times:`,
    '',
    markdownTable(
      ['work', 'tensors', 'handles', 'functions', 'memory in MiB: first, middle, last'],
      works.map((one) => [
        one.work,
        range(one, 'tensors'),
        range(one, 'handles'),
        range(one, 'functions'),
        memory(one),
      ]),
    ),
  ].join('\n');
}

/** One number if it stays the same. */
function range({ held }: MemoryOfWork, count: Count): string {
  const values = held.map((moment) => moment[count] ?? NaN);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? String(low) : `**${String(low)} to ${String(high)}**`;
}

function memory({ held }: MemoryOfWork): string {
  const moments = [held[0], held[held.length >> 1], held.at(-1)];
  return moments.map((moment) => ((moment?.rssBytes ?? NaN) / 2 ** 20).toFixed(0)).join(', ');
}
