// Distils a language model of characters into a seventeenth of its size, and lets the student write.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { charactersOf, loadChapters, splitChapters, windowsOf } from '@kd-datasets/moby-dick';
import type { Chapter } from '@kd-datasets/moby-dick';
import { LearnedPositions, transformerBlock } from '@kd/attention';
import { selectBackend } from '@kd/backend/node';
import type { Teacher, Term } from '@kd/core';
import { augmentedStream } from '@kd/data';
import type { BatchStream } from '@kd/data';
import { adamW } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { cosine } from '@kd/schedule';
import { generate, onPolicy } from '@kd/sequences';
import { hardTarget, softTarget, softTargetFromTop } from '@kd/soft-target-loss';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { layersTeacher } from '@kd/teacher';
import { evaluate, train } from '@kd/trainer';
import { initializers, input, layers, model as functional } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

const chapterCount = Number(process.env['CHAPTERS'] ?? 135);
const epochs = Number(process.env['EPOCHS'] ?? 4);
const [length, batchSize] = [64, 16];

// Cut the chapters into windows of characters. What follows a character is its label.
const chapters = loadChapters().slice(0, chapterCount);
const characters = charactersOf(chapters.map(({ text }) => text));
const split = splitChapters(chapters);
const windows = (of: readonly Chapter[]) => windowsOf(of, characters.encode, length);
const [data, test] = [windows(split.learning), windows(split.test)];
await selectBackend();

// A language model predicts the next character at each position, from the characters up to there.
function languageModel(width: number, blocks: number, heads: number, seed: number): LayersModel {
  const drawn = (place: number) => initializers.randomNormal({ stddev: 0.02, seed: 100 * seed + place });
  const embedding = { inputDim: characters.size, outputDim: width, embeddingsInitializer: drawn(0) };
  const tokens = input({ shape: [null], dtype: 'int32' });
  const embedded = layers.embedding(embedding).apply(tokens);
  let x = new LearnedPositions({ maxLength: 4 * length, seed: 100 * seed + 1 }).apply(embedded);
  for (let block = 1; block <= blocks; block++) {
    const options = { name: `block_${String(block)}`, heads, causal: true, seed: 100 * seed + block + 1 };
    x = transformerBlock(x as SymbolicTensor, options);
  }
  const logits = layers.dense({ units: characters.size, kernelInitializer: drawn(99), name: 'logits' });
  const outputs = logits.apply(layers.layerNormalization().apply(x)) as SymbolicTensor;
  return functional({ inputs: tokens, outputs });
}

// All models see the same windows equally often.
const inOrder = { data, batchSize };
const steps = epochs * Math.ceil((data.ids?.length ?? 0) / batchSize);
const training = (learningRate: number) => ({
  epochs,
  seed: 1,
  optimizer: () => adamW({ learningRate: cosine({ from: learningRate, to: 0, steps }), clipNorm: 1 }),
});
const asStudent = (model: LayersModel) => ({ model, convention: 'logits' }) as const;

const teacher = languageModel(128, 2, 4, 1);
await train(defineRecipe({ student: asStudent(teacher), terms: [hardTarget()] }), {
  ...training(0.002),
  ...inOrder,
});

// Each student starts from the same weights. By default it sees the windows in the trainer's order.
interface Lesson {
  readonly terms: readonly Term[];
  readonly teacher?: Teacher;
  readonly dataFor?: (student: LayersModel) => BatchStream;
}
async function studentOf({ terms, teacher, dataFor }: Lesson): Promise<LayersModel> {
  const model = languageModel(32, 1, 2, 2);
  const recipe = defineRecipe({ student: asStudent(model), ...(teacher && { teacher }), terms });
  await train(recipe, { ...training(0.005), ...(dataFor ? { data: dataFor(model) } : inOrder) });
  return model;
}
const asTeacher = layersTeacher(teacher, { convention: 'logits' });
const labels = hardTarget({ weight: 0.1 });
const soft = softTarget({ temperature: 1, weight: 0.9 });

const alone = await studentOf({ terms: [hardTarget()] });
const distilled = await studentOf({ teacher: asTeacher, terms: [soft, labels] });

// Ask the teacher once, and keep the eight most likely characters at each position, and the rest as one.
const out = join(await mkdtemp(join(tmpdir(), 'language-model-')), 'targets');
await storeSoftTargets({ teacher: asTeacher, data, out, topK: 8, dtype: 'float16', batchSize: 64 });
const ofTop = await studentOf({
  teacher: await storedTeacher(out),
  terms: [softTargetFromTop({ weight: 0.9 }), labels],
});

// In a tenth of the batches, the student goes on after 16 characters as it likes, and is corrected.
const stream = augmentedStream(data, { batchSize });
const dataFor = (student: LayersModel) => onPolicy(student, stream, { share: 0.1, promptLength: 16 });
const corrected = await studentOf({ teacher: asTeacher, terms: [soft, labels], dataFor });

// Perplexity is the exponential of the mean cross-entropy, on chapters that no model has learnt from.
const row = async (model: LayersModel) => {
  const { loss = NaN, accuracy = NaN } = await evaluate(asStudent(model), test, { batchSize: 64 });
  return {
    perplexity: Number(Math.exp(loss).toFixed(3)),
    accuracy: Number(accuracy.toFixed(3)),
    parameters: model.countParams(),
  };
};
console.table({
  teacher: await row(teacher),
  'student alone': await row(alone),
  'student distilled': await row(distilled),
  'student of the 8 most likely': await row(ofTop),
  'student corrected': await row(corrected),
});

const prompt = characters.encode('The whale ');
const written = await generate(distilled, [Array.from(prompt)], {
  maxTokens: 120,
  temperature: 0.7,
  seed: 1,
});
console.log(`The whale ${characters.decode(written[0] ?? [])}`);
