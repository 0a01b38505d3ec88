import {
  check,
  convention,
  describeShape,
  describeValue,
  either,
  KdError,
  namedOutputOptions,
  nested,
  onlyOutput,
  optionFault,
  optionsOf,
  record,
} from '@kd/core';
import type { Convention, FieldsOf, NamedOutput, Options, Shape } from '@kd/core';
import { checkCount, classNames } from './class-names.js';
import { areClassesAlong } from './class-axes.js';

/** One of several outputs of a teacher. */
export interface NamedTeacherOutput extends NamedOutput {
  /** Names of the classes in the order of the class axis. */
  readonly classes?: readonly string[];
  /** Shape of the output, from the batch on, if the model does not reveal it. */
  readonly shape?: Shape;
}

/** The convention of a teacher's only output, or the outputs that it has, by name. */
export type TeacherOutputs = Convention | Readonly<Record<string, Convention | NamedTeacherOutput>>;

/** What you state about the outputs of every teacher. */
export interface StatedOutputs {
  /**
   * The convention of the only output, which is called `output`; or several by name:
   * `{ boxes: { convention: 'values', from: 'head/reg' }, classes: 'logits' }`. Never guessed; a first answer
   * that contradicts it is an error.
   */
  readonly convention: TeacherOutputs;
  /** Of the only output: names of the classes in the order of the last axis; optional. */
  readonly classes?: readonly string[];
  /** Of the only output: its shape, `[null, N]`, if the model does not reveal it. */
  readonly shape?: Shape;
}

/** One output, written out. */
export interface StatedOutput {
  readonly name: string;
  readonly convention: Convention;
  /** The model's own name of it; undefined for the only output of a model. */
  readonly from: string | undefined;
  readonly classes: readonly string[] | undefined;
  readonly shape: Shape | undefined;
  /** Where the user stated `classes` and `shape`. */
  readonly at: string;
}

const shapeExample = 'a list like [null, 10], from the batch axis to the class axis';

const outputShape = check<Shape>(shapeExample, (at, value) => {
  const isSize = (size: unknown): boolean =>
    size === null || (Number.isSafeInteger(size) && (size as number) > 0);
  if (Array.isArray(value) && value.length > 0 && value.every(isSize)) return value as Shape;
  throw optionFault('TYPE', at, shapeExample, value, 'Write null for the batch and for open sizes.');
});

const namedTeacherOutput: Options<
  NamedTeacherOutput,
  FieldsOf<NamedTeacherOutput>
> = optionsOf<NamedTeacherOutput>()({
  ...namedOutputOptions.fields,
  classes: classNames.optional(),
  shape: outputShape.optional(),
});

/** Describes what is stated about outputs, to be spread into the options of a teacher. */
export const statedOutputs: Options<StatedOutputs, FieldsOf<StatedOutputs>> = optionsOf<StatedOutputs>()({
  convention: either(convention, record(either(convention, nested(namedTeacherOutput)))),
  classes: classNames.optional(),
  shape: outputShape.optional(),
});

/** The stated outputs in their order; throws if what is stated contradicts itself. */
export function readStated(where: string, stated: StatedOutputs): readonly StatedOutput[] {
  const outputs = writtenOut(stated);
  if (outputs.length === 0) {
    const at = { where, argument: 'options.convention' };
    throw optionFault(
      'TYPE',
      at,
      'an object with at least one output',
      stated.convention,
      'Name the outputs.',
    );
  }
  checkTopLevel(where, stated, outputs);
  for (const output of outputs) checkStated(where, output);
  return outputs;
}

function writtenOut({ convention: is, classes, shape }: StatedOutputs): StatedOutput[] {
  const top = { classes, shape, at: 'options' };
  if (typeof is === 'string') return [{ name: onlyOutput, convention: is, from: undefined, ...top }];
  const entries = Object.entries(is);
  return entries.map(([name, one]) => {
    const own: NamedTeacherOutput = typeof one === 'string' ? { convention: one } : one;
    const states = own.classes !== undefined || own.shape !== undefined;
    return {
      name,
      convention: own.convention,
      from: own.from ?? name,
      ...(entries.length === 1 && !states
        ? top
        : { classes: own.classes, shape: own.shape, at: `options.convention[${JSON.stringify(name)}]` }),
    };
  });
}

/** `options.classes` and `options.shape` belong to the only output. */
function checkTopLevel(where: string, stated: StatedOutputs, outputs: readonly StatedOutput[]): void {
  if (outputs.some(({ at }) => at === 'options')) return;
  for (const option of ['classes', 'shape'] as const) {
    if (stated[option] === undefined) continue;
    const at = { where, argument: `options.${option}` };
    const expected = 'absent, because the outputs have names';
    const remedy = `State it with the output: { ${outputs[0]?.name ?? ''}: { convention, ${option} } }.`;
    throw optionFault('TYPE', at, expected, stated[option], remedy);
  }
}

function checkStated(where: string, { convention: is, classes, shape, at }: StatedOutput): void {
  if (is === 'values') {
    if (classes === undefined) return;
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: `${at}.classes`,
      expected: 'absent, because values have no classes',
      received: describeValue(classes),
      remedy: 'Omit the names, or state the convention of the classes.',
    });
  }
  if (shape !== undefined && (shape.length < 2 || !areClassesAlong(shape))) {
    throw shapeError(where, at, shapeExample, describeShape(shape), 'KD_OPTION_TYPE');
  }
  checkCount(where, at, classes, shape);
}

/** The error for a shape that is wrong or missing. */
export function shapeError(
  where: string,
  at: string,
  expected: string,
  received: string,
  code: 'KD_OPTION_TYPE' | 'KD_TENSOR_SHAPE',
): KdError {
  return new KdError({
    code,
    where,
    argument: `${at}.shape`,
    expected,
    received,
    remedy: 'Pass shape: [null, N] with the number N of classes, or pass their names as classes.',
  });
}
