import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import { memory, train as optimizers } from '@tensorflow/tfjs-core';
import { images } from './images.js';
import { net } from './net.js';

/** Trains a teacher, distils a student from it, and measures both. */
export async function distil({ teacherEpochs = 12, epochs = 15 } = {}) {
  const tensorsBefore = memory().numTensors;
  const options = {
    data: images(96, 1),
    batchSize: 16,
    optimizer: () => optimizers.adam(0.02),
    validation: { data: images(96, 2) },
    seed: 1,
  };
  const teacher = net(16, 1);
  const lesson = defineRecipe({ student: { model: teacher, convention: 'logits' }, terms: [hardTarget()] });
  const taught = await train(lesson, { ...options, epochs: teacherEpochs });

  const student = net(8, 2);
  const recipe = defineRecipe({
    student: { model: student, convention: 'logits' },
    teacher: layersTeacher(teacher, { convention: 'logits' }),
    terms: [softTarget({ temperature: 2, weight: 0.9 }), hardTarget({ weight: 0.1 })],
  });
  const distilled = await train(recipe, { ...options, epochs });

  teacher.dispose();
  student.dispose();
  return {
    teacherAccuracy: bestAccuracy(taught),
    accuracy: bestAccuracy(distilled),
    losses: [taught, distilled].flatMap(({ history }) => history.map(({ total }) => total)),
    firstLoss: distilled.history[0].total,
    lastLoss: distilled.history.at(-1).total,
    tensorsBefore,
    tensorsAfter: memory().numTensors,
  };
}

/**
 * The fraction of held-out images that the student classifies correctly with the weights of its best epoch.
 */
function bestAccuracy({ history, bestEpoch }) {
  return history[bestEpoch].validation.accuracy;
}
