import * as module from '@kd/core';
import { mul, scalar } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ValidCallsOf } from '../valid-call.js';
import { batch, features, scores, teacher, time } from './values.js';

const taps = { student: 'a', teacher: 'b' };
const at = { where: 'fuzz', argument: 'option' };
const shape = { expected: 'a map', remedy: 'Pass one.', fits: () => true };
const infos = { student: { features: { shape: [null, 2] } }, teacher: { features: { shape: [null, 2] } } };
const double = (x: Tensor) => ({ value: mul(x, 2), saved: [], gradient: (dy: Tensor) => mul(dy, 2) });
const isText = (value: unknown): value is string => typeof value === 'string';
const none: number[] = [];
const helper = <Args extends readonly unknown[] | []>(
  args: () => Args,
): { args: () => Args; checked: readonly number[] } => ({ args, checked: none });
const definition = () => ({
  name: 'mine',
  weight: 1,
  reads: { student: { z: { as: 'logits' } } },
  reduces: 'example' as const,
  modules: {},
  scalars: { a: 1 },
  settings: {},
  check: () => undefined,
  loss: () => ({ values: scalar(0) }),
  afterStep: () => undefined,
});

export const core: ValidCallsOf<typeof module> = {
  KdError: helper(() => [
    { code: 'KD_A_B' as const, where: 'f', argument: 'x', expected: 'a', received: 'b', remedy: 'Do.' },
  ]),
  askTeacher: { args: () => [teacher(), batch(), { outputs: ['output'], taps: [] }], checked: [0] },
  check: helper(() => ['a number', () => 1]),
  checkBackend: helper(() => ['fuzz']),
  checkClassTensor: { args: () => ['fuzz', 'x', scores(), 2], checked: [2] },
  checkFeaturePair: { args: () => ['fuzz', features(), features(), shape], checked: [1, 2] },
  checkFeatures: { args: () => ['fuzz', 'x', features(), shape], checked: [2] },
  checkFloat32: { args: () => ['fuzz', 'x', scores()], checked: [2] },
  checkShape: helper(() => ['fuzz', 'x', scores(), [2, 2]]),
  checkTap: { args: () => ['fuzz', 'tap', 'a'], checked: [2] },
  checkTapPair: helper(() => ['fuzz', taps, infos as never, shape]),
  checkTeacherAndStudent: { args: () => ['fuzz', 'a', scores(), 'b', scores(), 2], checked: [2, 4] },
  checkClassIds: { args: () => ['fuzz', 'x', scores()], checked: [2] },
  checkTensor: { args: () => ['fuzz', 'x', scores()], checked: [2] },
  defineModule: () => [{ name: 'bank', reads: { rows: true }, build: () => ({}) }] as never,
  defineTerm: () => [definition()] as never,
  unitVectors: helper(() => [features(), 1]),
  vectorLengths: helper(() => [features(), 1]),
  batchNormalized: helper(() => [features(), scalar(1), scalar(0)]),
  poolToEqual: helper(() => [features(), features()]),
  describeShape: helper(() => [[2, null]]),
  describeTap: helper(() => ['a']),
  describeTeacher: { args: () => [teacher(), { taps: [] }], checked: [0] },
  describeValue: () => [1],
  either: helper(() => [module.text, module.positive] as never),
  errorAt: { args: () => [new Error('x'), () => 'there'], checked: [0] },
  fn: helper(() => ['a function']),
  frozen: helper(() => [module.defineModule({ name: 'bank', reads: {}, build: () => ({}) })]),
  fusedKernel: helper(() => ['None', { x: scores() }, {}]),
  isOutput: helper(() => ['a']),
  like: helper(() => ['a text', isText]),
  list: helper(() => [module.text] as never),
  namedOutputs: helper(() => ['logits' as const]),
  namesByLikeness: helper(() => ['a', ['b']]),
  nearestNames: helper(() => ['a', ['b']]),
  nested: helper(() => [module.optionsOf<object>()({})] as never),
  numberIn: helper(() => ['a number', () => true]),
  offTape: helper(() => [() => scalar(1)]),
  oneOf: helper(() => ['a', 'b']) as never,
  optionFault: { args: () => ['TYPE', at, 'a number', 'x', 'Pass one.'], checked: [3] },
  optionsOf: helper(() => []),
  record: helper(() => [module.text] as never),
  scheduled: helper(() => [module.positive]),
  seedNumber: helper(() => [1]),
  seedTensor: { ...helper(() => [1]), inTidy: true },
  seededNormal: { ...helper(() => [[2], 1, 1]), inTidy: true },
  setStepFunctions: helper(() => [{}, { trace: () => ({}) as never }]),
  stepFunctions: helper(() => [] as const),
  stepRunner: helper(() => [() => undefined]),
  seededUniform: { ...helper(() => [[2], 1, 1]), inTidy: true },
  selected: { ...helper(() => [scores(), scores()]), inTidy: true },
  signOf: { ...helper(() => [scores()]), inTidy: true },
  softmaxDivergence: { ...helper(() => [scores(), scores(), 2]), inTidy: true },
  subSeed: helper(() => [1, 'a']),
  tapPairFields: helper(() => ['mine', { ...taps, weight: 1 }]),
  tensorsOfAnswer: helper(() => [{ members: [], taps: [] }]),
  tensorsOfBatch: helper(() => [batch()]),
  unchecked: helper(() => ['a value']),
  valueAt: helper(() => [1, time]),
  valueAtPath: helper(() => [{ a: 1 }, 'a/b']),
  whole: helper(() => [0]),
  withGradient: helper(() => [scores(), double]),
};
