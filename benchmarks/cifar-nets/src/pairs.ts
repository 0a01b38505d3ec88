import type { NetName } from './nets/index.js';

/** Accuracies on the test pictures of CIFAR-100 in per cent, as published. */
export interface Published {
  readonly teacher: number;
  /** The student trained on labels alone. */
  readonly student: number;
  /** The student trained on labels and the teacher's soft targets (Hinton et al. 2015). */
  readonly distilled: number;
}

/** A teacher and a student. */
export interface Pair {
  readonly teacher: NetName;
  readonly student: NetName;
  readonly published: Published;
}

/** The name of a pair: its teacher, then its student. */
export type PairName =
  | 'wrn-40-2-wrn-16-2'
  | 'wrn-40-2-wrn-40-1'
  | 'resnet56-resnet20'
  | 'resnet110-resnet20'
  | 'resnet110-resnet32'
  | 'resnet32x4-resnet8x4'
  | 'vgg13-vgg8'
  | 'vgg13-mobilenet-v2'
  | 'resnet50-mobilenet-v2'
  | 'resnet50-vgg8'
  | 'resnet32x4-shufflenet-v1'
  | 'resnet32x4-shufflenet-v2'
  | 'wrn-40-2-shufflenet-v1';

/**
 * The thirteen pairs of Tian et al. 2020, Contrastive Representation Distillation, with the accuracies in the
 * README of their RepDistiller.
 */
export const pairs: Readonly<Record<PairName, Pair>> = {
  'wrn-40-2-wrn-16-2': pair('wrn-40-2', 'wrn-16-2', [75.61, 73.26, 74.92]),
  'wrn-40-2-wrn-40-1': pair('wrn-40-2', 'wrn-40-1', [75.61, 71.98, 73.54]),
  'resnet56-resnet20': pair('resnet56', 'resnet20', [72.34, 69.06, 70.66]),
  'resnet110-resnet20': pair('resnet110', 'resnet20', [74.31, 69.06, 70.67]),
  'resnet110-resnet32': pair('resnet110', 'resnet32', [74.31, 71.14, 73.08]),
  'resnet32x4-resnet8x4': pair('resnet32x4', 'resnet8x4', [79.42, 72.5, 73.33]),
  'vgg13-vgg8': pair('vgg13', 'vgg8', [74.64, 70.36, 72.98]),
  'vgg13-mobilenet-v2': pair('vgg13', 'mobilenet-v2', [74.64, 64.6, 67.37]),
  'resnet50-mobilenet-v2': pair('resnet50', 'mobilenet-v2', [79.34, 64.6, 67.35]),
  'resnet50-vgg8': pair('resnet50', 'vgg8', [79.34, 70.36, 73.81]),
  'resnet32x4-shufflenet-v1': pair('resnet32x4', 'shufflenet-v1', [79.42, 70.5, 74.07]),
  'resnet32x4-shufflenet-v2': pair('resnet32x4', 'shufflenet-v2', [79.42, 71.82, 74.45]),
  'wrn-40-2-shufflenet-v1': pair('wrn-40-2', 'shufflenet-v1', [75.61, 70.5, 74.83]),
};

function pair(
  teacher: NetName,
  student: NetName,
  [ofTeacher, ofStudent, distilled]: readonly [number, number, number],
): Pair {
  return { teacher, student, published: { teacher: ofTeacher, student: ofStudent, distilled } };
}
