import { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor, convention, describeValue, KdError, like, optionsOf, text } from '@kd/core';
import type { Batch, Convention, Named } from '@kd/core';

/** A model's output on a batch, at T = 1. */
export interface MeasuredOutput {
  readonly output: Tensor;
  readonly convention: Convention;
  /** Name of the target that the output is compared with; default `labels`. */
  readonly target?: string;
}

const measuredOptions = optionsOf<MeasuredOutput>()({
  output: like('a tensor', (value): value is Tensor => value instanceof Tensor),
  convention,
  target: text.default('labels'),
});

/** The output, checked, and the name of its target. */
export function readMeasured(where: string, given: MeasuredOutput): Required<MeasuredOutput> {
  const measured = measuredOptions.read(where, given, 'measured');
  checkNumbers(where, 'measured.output', measured.output);
  return measured;
}

function checkNumbers(where: string, argument: string, value: unknown): asserts value is Tensor {
  checkTensor(where, argument, value);
  if (value.dtype !== 'string' && value.dtype !== 'complex64') return;
  throw new KdError({
    code: 'KD_TENSOR_DTYPE',
    where,
    argument,
    expected: 'a tensor of real numbers',
    received: describeValue(value),
    remedy: 'Encode it as float32 or int32.',
  });
}

/** The target of this name. Throws `KD_TERM_NEEDS` if the batch has none. */
export function targetOf(where: string, target: string, batch: Batch): Tensor {
  const { targets } = Object(batch) as Partial<Batch>;
  const given = (Object(targets) as Named)[target];
  if (given !== undefined) {
    checkNumbers(where, `batch.targets.${target}`, given);
    return given;
  }
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where: 'validation',
    argument: `batch.targets.${target}`,
    expected: 'given',
    received: describeValue(given),
    remedy: 'Add labels to the validation set, or pass your own metric.',
  });
}
