import type { DigitCounts, Lesson, Result, Training } from '../job.js';
import type { Plan } from '../plan.js';

/** A way of training a student. */
export interface Way {
  readonly arm: string;
  /** The arm of the same group that it is compared with. */
  readonly against?: string;
  readonly lesson: Lesson;
}

/** A kind of student: its students differ in the seed alone. */
export interface Kind extends Way {
  /** What it shares with the kinds that it is compared with; empty if the study has one group. */
  readonly group: string;
  readonly plan: Plan;
  /** Range of the first weights, as `net` expects it. */
  readonly uniform?: number;
  readonly digits: DigitCounts;
  readonly training: Training;
  /** Where the chart of errors has it; without `x`, as a horizontal line. */
  readonly place?: { readonly panel: string; readonly line: string; readonly x?: number };
}

/** A teacher; studies that name the same one share it. */
export interface TeacherKind {
  readonly name: string;
  readonly plan: Plan;
  readonly digits: DigitCounts;
  readonly training: Training;
  /** The largest shift of an image in each direction, in pixels; absent: none. */
  readonly shift?: number;
}

/** The results of a kind of student, one for each seed. */
export interface Trained {
  readonly kind: Kind;
  readonly results: readonly Result[];
}

/** What a study tells beside errors: a column of its table. */
export interface Column {
  readonly head: string;
  /** Of a kind of student; undefined for the teacher. */
  readonly cell: (trained: Trained | undefined) => string;
}

/** The trainings of a study as data. */
export interface Study {
  /** Begins the names of its parts. */
  readonly name: string;
  readonly title: string;
  readonly teacher: TeacherKind;
  readonly kinds: readonly Kind[];
  /** Seeds if the command line says nothing else. */
  readonly seeds: number;
  /** Tried for each kind on the validation digits; absent: the kind's own rate. */
  readonly learningRates?: readonly number[];
  readonly columns?: readonly Column[];
  /** The text of an SVG file. */
  readonly chart: (title: string, students: readonly Trained[]) => Promise<string>;
}

/** A study, and one of the same form that takes seconds. */
export type Sizes = Readonly<Record<'full' | 'small', Study>>;
