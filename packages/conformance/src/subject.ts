import type { Term } from '@kd/core';

/** The shape of one example, without the batch: `[]` for a number. */
export type ExampleShape = readonly number[];

/** Shapes by the names under which a term or its modules read a value; a list for a list of places. */
export type ShapesOfSide = Readonly<Record<string, ExampleShape | readonly ExampleShape[]>>;

/** The values that a term is tried with. */
export interface Shapes {
  readonly student?: ShapesOfSide;
  readonly teacher?: ShapesOfSide;
  /** By the names under which the term reads them; class ids are numbers, `[]`. */
  readonly targets?: ShapesOfSide;
  /** By the names of the inputs. */
  readonly inputs?: ShapesOfSide;
  /** Number of classes of class ids; default: the last axis of the student's first value. */
  readonly classes?: number;
  /** Number of examples in the data set, for terms that read rows; default 16. */
  readonly datasetSize?: number;
  /** Shape of the mask of an example, for a term on positions: `[L]`, or `[H, W]`. */
  readonly mask?: ExampleShape;
}

/** A value of an option that must be refused, by the option's name; several in a list. */
export type BadValues = Readonly<Record<string, readonly unknown[]>>;

/** What a term claims of itself, as far as not every term must. */
export interface Claims<O> {
  /** Valid options, with every required one: `makeTerm` gets them. */
  readonly options: O;
  /** Other values of single options, each of which must change the loss. */
  readonly variants?: readonly Partial<O>[];
  /** Values that must be refused, in range and type. */
  readonly refuses?: BadValues;
  /** Shapes that `check` must refuse before the first step. */
  readonly refusesShapes?: readonly Shapes[];
  /** `"zero"`: the loss is 0 where student and teacher are equal. `"minimum"`: nowhere near is it lower. */
  readonly atEquality?: 'zero' | 'minimum';
  /** The loss of each example, or of the batch, in float64 from the values by name. */
  readonly reference?: (values: ReferenceValues) => readonly number[];
  /** Places that are targets, as `student.deep` or `teacher.map`: no gradient flows into them. */
  readonly constant?: readonly string[];
  /** True for a relation between the examples that has an order, as that of neighbours. */
  readonly ordered?: boolean;
  /** True if the value of an example depends on the others, as after normalisation over the batch. */
  readonly relatesExamples?: boolean;
  /** True if the loss does not depend on the scale of the features, so that gradients grow as they vanish. */
  readonly scaleFree?: boolean;
  /** Why the loss cannot be a function of the backend, if it cannot. */
  readonly runsEagerly?: string;
  /** The gradient of what modules train over that of the loss: -1 where they play against the student. */
  readonly factorOfModules?: number;
  /** Step of the central differences; default 0.01. */
  readonly differenceStep?: number;
}

/** Nested arrays of the values of a batch, by side and name: `student.features[0]` is the first example's. */
export interface ReferenceValues {
  readonly student: Readonly<Record<string, readonly unknown[]>>;
  readonly teacher: Readonly<Record<string, readonly unknown[]>>;
  readonly targets: Readonly<Record<string, readonly unknown[]>>;
  readonly inputs: Readonly<Record<string, readonly unknown[]>>;
}

/** A term to try: how it is made, the shapes of what it reads, and what it claims. */
export interface Subject<O extends object = object> {
  readonly makeTerm: (options: O) => Term;
  readonly shapes: Shapes;
  readonly claims: Claims<O>;
}
