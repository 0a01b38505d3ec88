import type { KernelFunc } from '@tensorflow/tfjs-core';
import { castToTruth } from './cast.js';
import { castTo, computedIn, ofInputType } from './computed-in.js';
import { oneHotOfAnyType } from './one-hot.js';
import { selectOfAnyType } from './select.js';
import { stridedSliceOfAnyType } from './strided-slice.js';

type Wrap = (stock: KernelFunc) => KernelFunc;

/** Of float32 and int32, which most kernels know. */
export const ofTruths: Wrap = computedIn('int32', ['float32', 'int32'], ['x']);

const ofWholeNumbers = computedIn('float32', ['float32'], ['x']);
const ofTwoTruths = computedIn('int32', ['float32', 'int32'], ['a', 'b']);

const knowOnlyFloats = [
  'Acos',
  'Acosh',
  'Asin',
  'Asinh',
  'Atanh',
  'IsFinite',
  'IsInf',
  'IsNan',
  'Log1p',
  'Reciprocal',
];
const knowNoTruths = [
  'Abs',
  'Atan',
  'Exp',
  'Expm1',
  'LeakyRelu',
  'Neg',
  'Reverse',
  'Round',
  'Selu',
  'Sinh',
  'Softplus',
  'Square',
  'Step',
];

/** Kernels that take operands of a dtype for those of another, by their tfjs names. */
export const ofAnyType: Readonly<Record<string, Wrap>> = {
  ...Object.fromEntries(knowOnlyFloats.map((name) => [name, ofWholeNumbers])),
  ...Object.fromEntries(knowNoTruths.map((name) => [name, ofTruths])),
  ...Object.fromEntries(['Atan2', 'FloorDiv', 'Mod'].map((name) => [name, ofTwoTruths])),
  Cast: castToTruth,
  OneHot: oneHotOfAnyType,
  Prelu: castTo('float32', ['float32'], ['x', 'alpha']),
  ResizeNearestNeighbor: ofInputType('images'),
  Select: selectOfAnyType,
  StridedSlice: stridedSliceOfAnyType,
};
