import type { BackendName } from './backend-name.js';

/** What a candidate is told when it is started. */
export interface StartContext {
  /** How many threads a backend may compute on, if it computes on the processor and lets one say. */
  readonly threads: number;
  /** Whether it is the only backend that will do; then a slow device is no reason to refuse. */
  readonly required: boolean;
  /** Aborted when nobody waits for the start any more: then nothing that comes late may become the current backend. */
  readonly signal: AbortSignal;
}

/** A package that brings a backend. */
export interface Candidate {
  readonly name: BackendName;
  readonly package: string;
  /** Imports the package and makes its backend the current one; gives the device, or throws what stands in the way. */
  readonly start: (context: StartContext) => Promise<string>;
}

/** The candidates to try, in order: those of the preferred backends first, then the others; or those of the required one only. */
export function orderedCandidates(
  candidates: readonly Candidate[],
  prefer: readonly BackendName[],
  required: BackendName | undefined,
): readonly Candidate[] {
  if (required !== undefined) return candidates.filter(({ name }) => name === required);
  const preferred = [...new Set(prefer)].flatMap((wanted) =>
    candidates.filter(({ name }) => name === wanted),
  );
  return [...new Set([...preferred, ...candidates])];
}
