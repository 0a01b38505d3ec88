import type { Tap, Teacher } from '@kd/core';
import type { ExampleShape } from '../subject.js';

/** What a teacher is asked. */
export interface TeacherRequests {
  /** Shapes of an example's inputs, by name. */
  readonly inputs: Readonly<Record<string, ExampleShape>>;
  /** Taps to ask for; default: none. */
  readonly taps?: readonly Tap[];
  /** A tap that it lacks. */
  readonly unknownTap?: Tap;
  /** Ids of five examples, for a teacher that looks its answers up. */
  readonly ids?: readonly string[];
}

/** A teacher to try: a function that makes a fresh one, and what it is asked. */
export interface TeacherSubject {
  readonly makeTeacher: () => Teacher | Promise<Teacher>;
  readonly requests: TeacherRequests;
}

/** One rule for teachers. */
export interface TeacherCheck {
  readonly name: string;
  readonly rule: string;
  readonly applies?: (subject: TeacherSubject) => boolean;
  readonly run: (subject: TeacherSubject) => Promise<void>;
}
