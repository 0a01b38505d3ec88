import type { OutputDescription, Shape } from './teacher.js';

/** Shapes and conventions as a term sees them before the first step. */
export interface TermShapes {
  readonly student: { readonly output: OutputDescription; readonly taps: readonly Shape[] };
  /** Absent if the recipe has no teacher. */
  readonly teacher?: {
    readonly output: OutputDescription;
    readonly taps: readonly Shape[];
    /** Name of the activation that each tap comes out of, where the teacher knows it. */
    readonly tapActivations?: readonly (string | undefined)[];
  };
}
