import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectKdError, useBackend } from '@kd/testing';
import type { io } from '@tensorflow/tfjs-core';
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { modelDirectory } from './model-directory.js';
import { readModel } from './read-model.js';
import { saveModel } from './save-model.js';
import { shardsOf } from './shards.js';

beforeAll(() => useBackend('cpu'));

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'kd-shards-'));
});
afterEach(() => rm(path, { recursive: true }));

const sizeOf = (shard: readonly Uint8Array[]): number => shard.reduce((sum, { length }) => sum + length, 0);

it('cuts bytes in order, across and inside the given parts', () => {
  const parts = [Uint8Array.of(1, 2, 3), new ArrayBuffer(0), Uint8Array.of(9, 4, 5, 6, 7).subarray(1)];
  const shards = shardsOf(parts, 3);
  expect(shards.map((shard) => shard.flatMap((piece) => [...piece]))).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  expect(shardsOf([], 3)).toEqual([[]]);
  expect(shardsOf([new ArrayBuffer(6)], 3).map(sizeOf)).toEqual([3, 3]);
});

/** 96 bytes of kernel and 12 of bias. */
const model = (): LayersModel => sequential({ layers: [layers.dense({ inputShape: [8], units: 3 })] });

const save = (student: LayersModel, limit: number): Promise<unknown> =>
  student.save({ save: (artifacts) => saveModel('save', path, artifacts, limit) });
const files = async (): Promise<string[]> => (await readdir(path)).sort();
const weights = async (student: LayersModel): Promise<number[]> =>
  (await Promise.all(student.getWeights().map((weight) => weight.data()))).flatMap((values) => [...values]);

it('saves shards that tfjs knows by their manifest, and reads them into one buffer or several', async () => {
  const student = model();
  await save(student, 40);
  const shards = [1, 2, 3].map((index) => `group1-shard${String(index)}of3.bin`);
  expect(await files()).toEqual([...shards, 'model.json']);
  const { weightsManifest } = JSON.parse(await readFile(join(path, 'model.json'), 'utf8')) as io.ModelJSON;
  expect(weightsManifest[0]?.paths).toEqual(shards);
  expect(
    (await Promise.all(shards.map((name) => readFile(join(path, name))))).map(({ length }) => length),
  ).toEqual([40, 40, 28]);
  expect(await weights(await loadLayersModel(modelDirectory(path)))).toEqual(await weights(student));
  for (const limit of [7, 40, 50, 108]) {
    const artifacts = await readModel('load', join(path, 'model.json'), limit);
    const loaded = await loadLayersModel({ load: () => Promise.resolve(artifacts) });
    expect(await weights(loaded), `buffers of ${String(limit)} bytes`).toEqual(await weights(student));
  }
});

it('leaves no shard of the earlier model, and keeps other files', async () => {
  await writeFile(join(path, 'group2-shard1of1.bin'), 'of another');
  await save(model(), 20);
  const student = model();
  await save(student, 60);
  expect(await files()).toEqual([
    'group1-shard1of2.bin',
    'group1-shard2of2.bin',
    'group2-shard1of1.bin',
    'model.json',
  ]);
  expect(await weights(await loadLayersModel(modelDirectory(path)))).toEqual(await weights(student));
  await save(student, 1000);
  expect(await files()).toEqual(['group2-shard1of1.bin', 'model.json', 'weights.bin']);
});

it('names the shards whose total is too short, and a missing one', async () => {
  await save(model(), 40);
  const load = (): Promise<unknown> => modelDirectory(path).load();
  await truncate(join(path, 'group1-shard2of3.bin'), 39);
  await expectKdError(load, 'KD_FILE_READ', '107 bytes (', 'group1-shard2of3.bin 39');
  await rm(join(path, 'group1-shard2of3.bin'));
  await expectKdError(load, 'KD_FILE_READ', 'group1-shard2of3.bin', 'no such file');
});

it.each(['../secret.bin', '/etc/passwd', 'a/../../b', 'C:\\weights.bin'])(
  'reads no weights outside the directory: %s',
  async (weightsPath) => {
    const content = {
      modelTopology: {},
      format: 'layers-model',
      weightsManifest: [{ paths: [weightsPath], weights: [] }],
    };
    await writeFile(join(path, 'model.json'), JSON.stringify(content));
    await expectKdError(
      () => modelDirectory(path).load(),
      'KD_FILE_READ',
      'weights outside its directory',
      JSON.stringify(weightsPath),
    );
  },
);
