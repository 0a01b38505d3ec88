import { checkFeatures, describeValue, featureMaps, KdError } from '@kd/core';
import type { FeatureShape } from '@kd/core';

/** Throws unless both are as many maps, at least two, of one batch and with equal channels in pairs. */
export function checkMaps(where: string, teacherMaps: unknown, studentMaps: unknown): void {
  const [teacher, student] = [teacherMaps, studentMaps].map((maps): unknown[] =>
    Array.isArray(maps) ? maps : [],
  ) as [unknown[], unknown[]];
  if (teacher.length < 2 || teacher.length !== student.length)
    throw new KdError({
      code: 'KD_TENSOR_TYPE',
      where,
      argument: 'teacherMaps and studentMaps',
      expected: 'arrays of as many feature maps, at least two',
      received: `${describeValue(teacherMaps)} and ${describeValue(studentMaps)}`,
      remedy: 'Pass the maps of both models in pairs, from the first layer to the last.',
    });
  let batch: number | undefined;
  for (let pair = 0; pair < teacher.length; pair++) {
    const map = teacher[pair];
    checkFeatures(where, `teacherMaps[${String(pair)}]`, map, mapsOf(batch));
    batch ??= map.shape[0];
    checkFeatures(where, `studentMaps[${String(pair)}]`, student[pair], mapsOf(batch, map.shape[3]));
  }
}

/** Maps of a number of examples and channels, as far as they are given. */
export function mapsOf(batch?: number, channels?: number | null): FeatureShape {
  return {
    expected: `of shape [${String(batch ?? 'B')}, height, width, ${String(channels ?? 'channels')}]`,
    fits: (shape) =>
      featureMaps.fits(shape) &&
      (batch === undefined || shape[0] === batch) &&
      (channels === undefined || shape[3] === channels),
    remedy: 'Compute all maps from one batch, and pair layers of equally many channels.',
  };
}
