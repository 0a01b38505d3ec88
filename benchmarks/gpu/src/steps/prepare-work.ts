import type { Batch } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { dispose, randomNormal, tensor1d } from '@tensorflow/tfjs-core';
import { inputShapes, netOf } from './nets.js';
import type { Work } from './works.js';

/** A work whose nets and batch are on the device. */
export interface PreparedWork {
  readonly recipe: Recipe;
  /** The same batch again and again, without a copy from the processor. */
  readonly batches: () => Iterable<Batch>;
  readonly dispose: () => void;
}

/** Builds the nets and the batch of a work on the current backend. */
export function prepareWork({ net, batch, width, teacherWidth, step }: Work): PreparedWork {
  const model = netOf(net, width);
  const teacher = step === 'kd' ? netOf(net, teacherWidth) : undefined;
  const x = randomNormal([batch, ...inputShapes[net]]);
  const labels = tensor1d(
    Int32Array.from({ length: batch }, (_, row) => row % 10),
    'int32',
  );
  const student = { model, convention: 'logits' } as const;
  return {
    recipe:
      teacher === undefined
        ? defineRecipe({ student, terms: [hardTarget()] })
        : defineRecipe({
            student,
            teacher: layersTeacher(teacher, { convention: 'logits' }),
            terms: [softTarget({ temperature: 4, weight: 0.9 }), hardTarget({ weight: 0.1 })],
          }),
    batches: function* () {
      // The trainer disposes each batch.
      for (;;) yield { inputs: { x: x.clone() }, targets: { labels: labels.clone() } };
    },
    dispose: () => {
      dispose([x, labels]);
      model.dispose();
      teacher?.dispose();
    },
  };
}
