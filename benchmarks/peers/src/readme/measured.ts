import { readResult } from '../results.js';
import { memorySection } from './memory-section.js';
import { rowsSection } from './rows-section.js';
import { softTargetsSection } from './soft-targets-section.js';

/** The sections of the README that come from result files. */
export async function measured(folder: string): Promise<string> {
  const [unrestricted, avx2, softTargets, memory] = await Promise.all([
    readResult(folder, 'unrestricted'),
    readResult(folder, 'avx2'),
    readResult(folder, 'soft-targets'),
    readResult(folder, 'memory'),
  ]);
  const section = (title: string, text: string | undefined): string =>
    `### ${title}\n\n${text ?? 'Not measured yet.'}`;
  return [
    section('Unrestricted', unrestricted && rowsSection(unrestricted)),
    section('All held to AVX2', avx2 && rowsSection(avx2)),
    section('What precomputed soft targets cost', softTargets && softTargetsSection(softTargets)),
    section('Memory', memory && memorySection(memory)),
  ].join('\n\n');
}
