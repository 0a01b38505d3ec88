import { checkFeaturePair, checkTapPair, describeShape, featureMaps, KdError } from '@kd/core';
import type { Infos, Shape, TapPairOptions, TapPairReads } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Throws unless both are maps of the same examples with equally many channels; sizes may differ. */
export function checkMaps(where: string, teacherFeatures: Tensor, studentFeatures: Tensor): void {
  checkFeaturePair(where, teacherFeatures, studentFeatures, featureMaps);
  checkChannels(where, 'studentFeatures', teacherFeatures.shape, studentFeatures.shape);
}

/** The same before the first step, of the taps of a term. */
export function checkTapsOfMaps(where: string, taps: TapPairOptions, infos: Infos<TapPairReads>): void {
  checkTapPair(where, taps, infos, featureMaps);
  checkChannels(where, 'the taps', infos.teacher.features.shape, infos.student.features.shape);
}

function checkChannels(where: string, argument: string, teacher: Shape, student: Shape): void {
  if (teacher[3] === student[3]) return;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument,
    expected: `of ${String(teacher[3])} channels, as the teacher's ${describeShape(teacher)}`,
    received: describeShape(student),
    remedy: 'Tap a 1x1 convolution of as many filters, or use hint of @kd/hint-regressor, which brings one.',
  });
}
