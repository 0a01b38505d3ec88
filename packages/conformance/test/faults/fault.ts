import type { Tensor } from '@tensorflow/tfjs-core';
import type { Claims, Subject } from '../../src/index.js';
import { pair, subjectOf } from '../sound.js';

/** A broken term, and the one check that finds it. */
export interface Fault {
  readonly name: string;
  readonly caughtBy: string;
  readonly subject: Subject;
  /** Whether it shows only where `dataSync` returns the numbers of the tensor themselves. */
  readonly onCpu?: boolean;
}

/** A term on two maps, with a value for each example. */
export function example(
  of: (student: Tensor, teacher: Tensor) => Tensor,
  claims: Partial<Claims<object>> = {},
): Subject {
  return subjectOf({
    ...pair,
    claims,
    loss: ({ student, teacher }) => ({ values: of(student.map, teacher.map) }),
  });
}

/** A term on two maps that relates all examples. */
export function relation(
  of: (student: Tensor, teacher: Tensor) => Tensor,
  claims: Partial<Claims<object>> = {},
): Subject {
  return subjectOf({
    ...pair,
    reduces: 'batch',
    claims,
    loss: ({ student, teacher }) => ({ values: of(student.map, teacher.map) }),
  });
}
