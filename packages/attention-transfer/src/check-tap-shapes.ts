import { describeShape, describeTap, KdError } from '@kd/core';
import type { Tap, TapPairOptions, TermShapes } from '@kd/core';

/** Throws unless both taps have the rank of feature maps. */
export function checkTapShapes(where: string, options: TapPairOptions, shapes: TermShapes): void {
  const [ofStudent, ofTeacher] = [shapes.student.taps[0], shapes.teacher?.taps[0]];
  if (ofStudent?.length === 4 && ofTeacher?.length === 4) return;
  const describe = (tap: Tap, shape: readonly (number | null)[] = []): string =>
    `${JSON.stringify(describeTap(tap))} ${describeShape(shape)}`;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument: 'the taps',
    expected: 'of shape [B, height, width, channels] on both sides',
    received: `${describe(options.student, ofStudent)} of the student and ${describe(options.teacher, ofTeacher)} of the teacher`,
    remedy: 'Tap the output of a convolution or a pooling.',
  });
}
