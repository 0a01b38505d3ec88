import type { OutputDescription, Shape } from './teacher.js';

/** The shapes and conventions that a term receives before the first step. */
export interface TermShapes {
  readonly student: { readonly output: OutputDescription; readonly taps: readonly Shape[] };
  /** Absent if the recipe has no teacher. */
  readonly teacher?: {
    readonly output: OutputDescription;
    readonly taps: readonly Shape[];
    /** Name of the activation that produces each tap, if the teacher knows it. */
    readonly tapActivations?: readonly (string | undefined)[];
  };
}
