import type { BackendName } from './backend-name.js';

/** The instructions for starting a candidate. */
export interface StartContext {
  /**
   * The number of threads for backends that compute on the processor; if undefined, one per processor.
   */
  readonly threads: number | undefined;
  /** Whether it is the only acceptable backend; if so, a slow device is no reason to refuse it. */
  readonly required: boolean;
  /** Aborted when the caller stops waiting; afterwards the backend must not become the current one. */
  readonly signal: AbortSignal;
}

/** A package that brings a backend. */
export interface Candidate {
  readonly name: BackendName;
  readonly package: string;
  /**
   * Imports the package and makes its backend the current one; returns the device, or throws the reason for
   * failing.
   */
  readonly start: (context: StartContext) => Promise<string>;
}

/**
 * The candidates in the order to try: the preferred ones first, then the others; or only the required one.
 */
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
