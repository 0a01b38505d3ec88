import { askTeacher, describeTeacher, describeValue, fn, KdError, optionsOf, text } from '@kd/core';
import type { Batch, Named, Teacher } from '@kd/core';
import { dispose, Tensor, tidy } from '@tensorflow/tfjs-core';
import { fingerprintOfTexts } from './fingerprint.js';
import { checkTeacher } from './teacher-like.js';

/** Options of `withInputs`. */
export interface WithInputsOptions {
  /** A name for the transform, with a version: `resize 224, mean 0.5, v1`. It is part of the fingerprint. */
  readonly name: string;
  /** A pure function from a batch to the teacher's inputs by name. Intermediate tensors are disposed. */
  readonly inputs: (batch: Batch) => Named;
}

const withInputsOptions = optionsOf<WithInputsOptions>()({
  name: text,
  inputs: fn<WithInputsOptions['inputs']>(),
});

const where = 'withInputs';

/**
 * Shows a teacher the data in another form than the student sees: another resolution, normalisation, layout
 * or input name.
 *
 * @param teacher any teacher
 * @param options the transform, and a name to change whenever the transform changes, because the fingerprint
 *   cannot see into a function
 * @returns a `Teacher`; the transform's tensors are disposed after each answer, those of the batch are not
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `predict` rejects with `KD_OPTION_TYPE` if the transform
 *   does not return tensors by name, and with what the transform throws
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { layersTeacher, withInputs } from '@kd/teacher';
 * import { sub, tensor2d } from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const top = layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' });
 * const teacher = withInputs(layersTeacher(sequential({ layers: [top] }), { convention: 'sigmoid-logits' }), {
 *   name: 'centred v1',
 *   inputs: ({ inputs }) => ({ x: sub(inputs['pixels'] ?? 0, 0.5) }),
 * });
 * const { members } = await teacher.predict({ inputs: { pixels: tensor2d([[1, 0.75]]) } }, { outputs: ['output'], taps: [] });
 * console.log(await members[0]?.outputs['output']?.array());
 * // [ [ 0.75 ] ]
 * ```
 */
export function withInputs(teacher: Teacher, options: WithInputsOptions): Teacher {
  checkTeacher(where, 'teacher', teacher);
  const { name, inputs: transform } = withInputsOptions.read(where, options);
  return {
    describe: async (request) => {
      const description = await describeTeacher(teacher, request);
      return { ...description, fingerprint: fingerprintOfTexts([where, name, description.fingerprint]) };
    },
    predict: async (batch, request) => {
      request.signal?.throwIfAborted();
      const inputs = transformed(transform, batch);
      const given = new Set(Object.values(batch.inputs));
      try {
        return await askTeacher(teacher, { ...batch, inputs }, request);
      } finally {
        dispose(Object.values(inputs).filter((tensor) => !given.has(tensor)));
      }
    },
    ...(teacher.dispose === undefined ? {} : { dispose: () => teacher.dispose?.() }),
  };
}

function transformed(transform: (batch: Batch) => Named, batch: Batch): Named {
  return tidy(() => {
    const inputs: unknown = transform(batch);
    const values = typeof inputs === 'object' && inputs !== null ? Object.values(inputs) : [];
    if (values.length > 0 && values.every((value) => value instanceof Tensor))
      return inputs as Record<string, Tensor>;
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: 'what options.inputs gives',
      expected: 'an object of tensors by name',
      received: inputs instanceof Promise ? 'a promise' : describeValue(inputs),
      remedy: "Return the teacher's inputs synchronously.",
    });
  });
}
