import { KdError } from '@kd/core';
import type { Term } from '@kd/core';
import { areClose, few } from './close.js';
import { conforms } from './nonconformity.js';
import { measure } from './rig/measure.js';
import { assign } from './rig/moved.js';
import { columnsOf, shapesOf } from './rig/from-arrays.js';
import type { ArraysOfBatch, Nested } from './rig/from-arrays.js';
import { withRig } from './rig/rig.js';

/** What a reference implementation said to some values. */
export interface GoldenCase<Params = object, Inputs = object> {
  readonly name: string;
  readonly params: Params;
  readonly inputs: Inputs;
  readonly expected: {
    readonly loss: number;
    /** Of the student's values, in the order in which the term reads them. */
    readonly gradStudent: Nested;
    /** Of what modules train, by the names of the file. */
    readonly gradParams?: Readonly<Record<string, Nested>>;
  };
}

/** How the cases of a file become terms and batches. */
export interface FromGolden<Params, Inputs> {
  /** The term of a case, with its options. */
  readonly makeTerm: (params: Params, inputs: Inputs) => Term;
  /** The values of a case, by the names under which the term reads them. */
  readonly values: (inputs: Inputs) => ArraysOfBatch;
  /** The weights of modules, by `<module>/<part>`. */
  readonly weights?: (inputs: Inputs, params: Params) => Readonly<Record<string, Nested>>;
  /** The names of the file by those of the weights, for the gradients of modules. */
  readonly namesOfGradients?: Readonly<Record<string, string>>;
  /** What the reference's numbers are multiplied by, where its reduction is another one; default 1. */
  readonly factor?: (params: Params, inputs: Inputs) => number;
  /** Share by which the loss may differ; default 1e-5. */
  readonly tolerance?: number;
  /** Share of the largest slope by which a gradient may differ; default 1e-4. */
  readonly toleranceOfGradient?: number;
}

/** Rejects unless a term has the loss and the gradients of a case. */
export async function compareWithGolden<Params, Inputs>(
  { params, inputs, expected }: GoldenCase<Params, Inputs>,
  from: FromGolden<Params, Inputs>,
): Promise<void> {
  const { tolerance = 1e-5, toleranceOfGradient = 1e-4, namesOfGradients = {} } = from;
  const factor = from.factor?.(params, inputs) ?? 1;
  const wanted = (numbers: Nested): number[] => flat(numbers).map((x) => factor * x);
  const values = from.values(inputs);
  await withRig(from.makeTerm(params, inputs), shapesOf(values), async (rig) => {
    const weights = Object.entries(from.weights?.(inputs, params) ?? {});
    for (const [name, numbers] of weights) assign(rig, name, flat(numbers));
    const { loss, gradients, ofModules } = await measure(rig, columnsOf(rig, values));
    conforms(
      agrees([loss], wanted(expected.loss), tolerance),
      () => `The loss is ${String(loss)}, that of the reference ${String(expected.loss)}.`,
    );
    const ofStudent = rig.slots
      .filter(({ side }) => side === 'student')
      .flatMap(({ key }) => gradients[key] ?? []);
    conforms(
      agrees(ofStudent, wanted(expected.gradStudent), toleranceOfGradient),
      () => `The gradient is ${few(ofStudent)}, that of the reference ${few(wanted(expected.gradStudent))}.`,
    );
    for (const [name, ofFile] of Object.entries(namesOfGradients)) {
      const [ours, theirs] = [ofModules[name] ?? [], wanted(expected.gradParams?.[ofFile] ?? [])];
      conforms(
        agrees(ours, theirs, toleranceOfGradient),
        () => `The gradient of ${name} is ${few(ours)}, that of the reference ${few(theirs)}.`,
      );
    }
  });
}

/** Rejects unless a term is finite where the reference is not, or refuses the values with a typed error. */
export async function isFiniteWhereGoldenIsNot<Params, Inputs>(
  { params, inputs }: Pick<GoldenCase<Params, Inputs>, 'params' | 'inputs'>,
  from: FromGolden<Params, Inputs>,
): Promise<void> {
  const values = from.values(inputs);
  try {
    await withRig(from.makeTerm(params, inputs), shapesOf(values), async (rig) => {
      const { loss, gradients } = await measure(rig, columnsOf(rig, values));
      const slopes = Object.values(gradients).flatMap((slope) => slope ?? []);
      conforms(
        Number.isFinite(loss) && slopes.every(Number.isFinite),
        () => `The loss is ${String(loss)}, its gradient ${few(slopes)}.`,
      );
    });
  } catch (error) {
    if (!KdError.isInstance(error)) throw error;
  }
}

/** Beyond 1e-7, as what is zero in float64 is zero in float32 up to rounding. */
function agrees(ours: readonly number[], theirs: readonly number[], share: number): boolean {
  const isZero = theirs.every((x) => Math.abs(x) < 1e-9);
  return areClose(ours, theirs, isZero ? 0 : share, isZero ? 1e-5 : 1e-7);
}

function flat(numbers: Nested): number[] {
  return ([numbers] as unknown[]).flat(Infinity) as number[];
}
