import { sigmoid, softmax } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { conventions } from '@kd/core';
import type { Convention } from '@kd/core';
import { logitsOfOutput, studentLogitsOfOutput } from '@kd/soft-target-loss';

/** An output in another convention of its family. */
export function convertOutput(
  who: 'student' | 'teacher',
  output: Tensor,
  is: Convention,
  as: Convention,
): Tensor {
  const { scale, squashing } = conventions[as];
  if (is === as || is === 'values') return output;
  // The student's logarithm has a gradient everywhere; the teacher's turns what is no probability into NaN.
  if (scale === 'logits')
    return who === 'student' ? studentLogitsOfOutput(output, is) : logitsOfOutput(output, is);
  return squashing === 'softmax' ? softmax(output) : sigmoid(output);
}
