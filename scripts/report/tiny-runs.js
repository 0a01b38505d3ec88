import { join } from 'node:path';
import { jsonLines, saveModels } from '@kd/report/node';
import { reportFolder } from '@kd/report/page';
import { defineRecipe } from '@kd/recipe';
import { linear } from '@kd/schedule';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import { setBackend, tensor, train as optimizers } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';

const side = 6;
const pixels = side * side;
const classes = ['bar', 'column', 'slope', 'corner'];

/** Noisy pictures of four strokes, the same each time. */
function strokes(size, seed) {
  const values = new Float32Array(size * pixels);
  const labels = Int32Array.from({ length: size }, (_, row) => row % classes.length);
  let state = seed;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
  for (let row = 0; row < size; row++) {
    const at = 1 + Math.floor(random() * (side - 2));
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const isInk = [y === at, x === at, x === y, y === 0 || x === 0][labels[row]];
        values[row * pixels + y * side + x] = Math.min(1, 0.45 * isInk + 0.55 * random());
      }
  }
  return { inputs: { values, shape: [size, pixels] }, labels };
}

function perceptron(units, seed) {
  const kernelInitializer = initializers.glorotUniform({ seed });
  return sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [pixels], kernelInitializer }),
      layers.dense({ units: classes.length, kernelInitializer }),
    ],
  });
}

/**
 * Trains a teacher and two students in seconds, and draws the page of the folder with their events and
 * answers. Returns its path, and the numbers that it must show, which are computed here from the answers.
 */
export async function tinyRuns(folder) {
  await setBackend('cpu');
  const [many, few, held, test] = [strokes(256, 1), strokes(48, 2), strokes(64, 3), strokes(200, 4)];
  const [large, small, distilled] = [perceptron(32, 1), perceptron(6, 2), perceptron(6, 2)];
  const run = async (name, model, data, epochs, terms, teacher) => {
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms, ...teacher });
    const onEvent = jsonLines(join(folder, `${name}.jsonl`));
    const optimizer = () => optimizers.adam(0.01);
    await train(recipe, { data, epochs, batchSize: 16, optimizer, validation: { data: held }, onEvent });
  };
  await run('teacher', large, many, 6, [hardTarget()]);
  await run('student alone', small, few, 12, [hardTarget()]);
  const weight = linear({ from: 1, to: 0.5, epochs: 12 });
  await run('student distilled', distilled, few, 12, [softTarget({ temperature: 4, weight }), hardTarget()], {
    teacher: layersTeacher(large, { convention: 'logits' }),
  });

  const answers = {};
  const numbers = {};
  for (const [name, model] of Object.entries({
    teacher: large,
    'student alone': small,
    'student distilled': distilled,
  })) {
    const output = model.predict(tensor(test.inputs.values, test.inputs.shape));
    const values = await output.data();
    const parameters = model.countParams();
    const logits = { values, shape: output.shape };
    answers[name] = { logits, parameters, bytes: 4 * parameters, millisecondsPerExample: parameters / 1e5 };
    numbers[name] = numbersOf(values, test.labels);
  }
  const rows = [0, 1, 2, 3];
  const images = {
    values: test.inputs.values.slice(0, rows.length * pixels),
    shape: [rows.length, side, side],
  };
  const pictures = { rows, images, temperature: 4, chosen: 'The first four.' };
  await saveModels(folder, { labels: test.labels, classes, answers, pictures });
  const { file, notes } = await reportFolder(folder, { title: 'Strokes' });
  return { file, notes, numbers };
}

/** Errors, confusion counts and calibration error, by other code than the page's. */
function numbersOf(values, labels) {
  const rows = Array.from(labels, (label, row) => {
    const powers = Array.from(values.slice(row * classes.length, (row + 1) * classes.length), Math.exp);
    const confidence = Math.max(...powers) / powers.reduce((a, b) => a + b);
    return { label, predicted: powers.indexOf(Math.max(...powers)), confidence };
  });
  const bins = Array.from({ length: 15 }, (_, bin) =>
    rows.filter(({ confidence }) => Math.ceil(confidence * 15) === bin + 1),
  );
  const gap = (bin) =>
    bin.reduce((sum, { label, predicted, confidence }) => sum + (label === predicted) - confidence, 0);
  return {
    errors: rows.filter(({ label, predicted }) => label !== predicted).length,
    calibrationError: bins.reduce((sum, bin) => sum + Math.abs(gap(bin)), 0) / rows.length,
    counts: classes.map((_, label) =>
      classes.map(
        (__, predicted) => rows.filter((row) => row.label === label && row.predicted === predicted).length,
      ),
    ),
  };
}
