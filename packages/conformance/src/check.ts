import type { Term } from '@kd/core';
import type { Given } from './rig/given.js';
import { givenFor } from './rig/given.js';
import { withRig } from './rig/rig.js';
import type { Rig } from './rig/rig.js';
import type { Subject } from './subject.js';

/** One rule, which every term keeps, or every term that claims it. */
export interface Check {
  /** Named in the report of a test, and by whoever leaves it out. */
  readonly name: string;
  /** What holds, for the title of the test: "gives the same for the same batch". */
  readonly rule: string;
  /** Whether the rule is meant for a term; default: for every one. */
  readonly applies?: (subject: Subject, term: Term) => boolean;
  /** Rejects with a `Nonconformity` that says what was found. */
  readonly run: (subject: Subject) => Promise<void>;
}

/** The term of a subject, with its usual options. */
export function termOf({ makeTerm, claims }: Subject): Term {
  return makeTerm(claims.options);
}

/** Uses a rig for the term of a subject, and a batch of five examples. */
export async function withSubject<T>(
  subject: Subject,
  use: (rig: Rig, given: Given) => Promise<T>,
  seed = 1,
): Promise<T> {
  const { shapes } = subject;
  return withRig(termOf(subject), shapes, (rig) => use(rig, givenFor(rig.slots, shapes, 5)), seed);
}
