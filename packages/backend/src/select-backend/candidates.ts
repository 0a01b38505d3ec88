import type { BackendName } from './backend-name.js';

/** A package that brings a backend. */
export interface Candidate {
  readonly name: BackendName;
  readonly package: string;
}

/** All of them, the fastest at training first. */
const candidates: readonly Candidate[] = [
  { name: 'tensorflow', package: '@tensorflow/tfjs-node-gpu' },
  { name: 'tensorflow', package: '@tensorflow/tfjs-node' },
  { name: 'wasm', package: '@tensorflow/tfjs-backend-wasm' },
  { name: 'cpu', package: '@tensorflow/tfjs-backend-cpu' },
];

/** The packages to try, in order: those of the preferred backends first, then the others; or those of the required one only. */
export function candidatesFor(
  prefer: readonly BackendName[],
  required: BackendName | undefined,
): readonly Candidate[] {
  if (required !== undefined) return candidates.filter(({ name }) => name === required);
  const preferred = [...new Set(prefer)].flatMap((wanted) =>
    candidates.filter(({ name }) => name === wanted),
  );
  return [...new Set([...preferred, ...candidates])];
}
