// Distils in the tab that opens this page, and draws what each net has learnt after every few epochs.
import { selectBackend } from '@kd/backend';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { cachedTeacher, layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { TrainOptions } from '@kd/trainer';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { decisionMap } from './page/decision-map.js';
import { repeated, spiral } from './page/spiral.js';
import type { Spiral } from './page/spiral.js';
import './page/wasm-files.js';

const status = document.querySelector('#status') as HTMLElement;

// 900 labelled points for the teacher; the students know the labels of the first 30. 1,500 more points to
// validate on.
const points = spiral(900, 1);
const few = spiral(30, 1);
const labelled = Float32Array.from(points.labels, (_, point) => (point < 30 ? 1 : 0));
const validation = { data: spiral(1500, 2) };

const { device } = await selectBackend();
status.textContent = `Training on: ${device}.`;

function net(units: number): LayersModel {
  const dense = (seed: number, size: number) =>
    layers.dense({ units: size, activation: 'relu', kernelInitializer: initializers.heNormal({ seed }) });
  return sequential({
    layers: [
      layers.inputLayer({ inputShape: [2] }),
      dense(1, units),
      dense(2, units),
      layers.dense({ units: 3, kernelInitializer: initializers.heNormal({ seed: 3 }) }),
    ],
  });
}

/** Options of a training that draws the model as it learns. */
function drawn(name: string, model: LayersModel, data: TrainOptions['data'], shown: Spiral): TrainOptions {
  const map = decisionMap(name);
  return {
    data,
    validation,
    epochs: 60,
    batchSize: 30,
    seed: 1,
    optimizer: () => adam({ learningRate: 0.01 }),
    callbacks: [
      {
        onEpochEnd: async (epoch, logs) => {
          map.caption(
            `${((logs?.['val_acc'] ?? NaN) * 100).toFixed(1)} % right, ${String(model.countParams())} weights`,
          );
          if (epoch % 4 === 3) await map.draw(model, shown);
        },
      },
    ],
  };
}

// The teacher learns from all labels.
const teacher = net(64);
const lesson = defineRecipe({ student: { model: teacher, convention: 'logits' }, terms: [hardTarget()] });
await train(lesson, drawn('teacher', teacher, points, points));

// A student learns from the 30 labelled points alone: thirty times over, so that it makes as many steps as
// the other one.
const alone = net(12);
const plain = defineRecipe({ student: { model: alone, convention: 'logits' }, terms: [hardTarget()] });
await train(plain, drawn('alone', alone, repeated(few, 30), few));

// The same student learns from the teacher's soft targets on all points, and from the 30 labels.
const distilled = net(12);
const recipe = defineRecipe({
  student: { model: distilled, convention: 'logits' },
  teacher: cachedTeacher(layersTeacher(teacher, { convention: 'logits' })),
  terms: [softTarget({ temperature: 2, weight: 0.9 }), hardTarget({ weight: 0.1 })],
});
const ids = Array.from(points.labels, (_, point) => `point ${String(point)}`);
await train(recipe, drawn('distilled', distilled, { ...points, labelled, ids }, few));

status.textContent = `Done. All three nets were trained here, on: ${device}.`;
document.body.dataset['done'] = 'true';
