import type { Job } from './jobs.js';
import type { PerceptronOptions } from './models.js';
import { pixels } from '@kd-datasets/mnist';
import { largestTransferSize } from './split.js';

/** The number of weights of a perceptron. */
function parametersOf({ units }: PerceptronOptions): number {
  return (pixels + 1) * units + (units + 1) * units + (units + 1) * 10;
}

/**
 * The cost of a training, up to a constant factor: backward is twice the forward; the teacher runs forward
 * once per example, in the first epoch.
 */
export function workOf({ perceptron, teacher, digits, transferSize, budget }: Job): number {
  const examples = digits === 'teaching' ? largestTransferSize : transferSize;
  const ofTeacher = teacher === undefined ? 0 : parametersOf(teacher.perceptron);
  // The constant in the sum is the cost of a step that does not depend on the size of the models.
  return examples * (budget.epochs * (3 * parametersOf(perceptron) + 150_000) + ofTeacher);
}
