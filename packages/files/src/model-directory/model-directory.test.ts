import { useBackend, expectClose, expectKdError, expectNoLeak } from '@kd/testing';
import { hasNamedPipes, putNamedPipe } from '@kd/testing/named-pipe';
import { io, ones, tensor2d, train } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { modelDirectory } from './model-directory.js';

let root: string;
let path: string;

beforeAll(() => useBackend('cpu'));
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kd-model-directory-'));
  path = join(root, 'runs', 'student');
});
afterEach(() => rm(root, { recursive: true }));

function model(units = 3): LayersModel {
  return sequential({
    layers: [layers.dense({ inputShape: [4], units, activation: 'relu' }), layers.dense({ units: 2 })],
  });
}

async function valuesOf(net: LayersModel): Promise<number[]> {
  const x = tensor2d([[1, -2, 3, 0.5]]);
  const y = net.predict(x) as Tensor;
  const values = [...(await y.data())];
  x.dispose();
  y.dispose();
  return values;
}

async function modelJson(): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(path, 'model.json'), 'utf8')) as Record<string, unknown>;
}

async function editModelJson(edit: (content: Record<string, unknown>) => void): Promise<void> {
  const content = await modelJson();
  edit(content);
  await writeFile(join(path, 'model.json'), JSON.stringify(content));
}

describe('modelDirectory', () => {
  it('loads the model that was saved', async () => {
    const saved = model();
    await saved.save(modelDirectory(path));
    const loaded = await loadLayersModel(modelDirectory(path));
    expectClose(await valuesOf(loaded), await valuesOf(saved), { relative: 0, absolute: 0 });
    expect((await readdir(path)).sort()).toEqual(['model.json', 'weights.bin']);
    expect(await readdir(join(root, 'runs'))).toEqual(['student']);
  });

  it('reports what it saved', async () => {
    const result = await model().save(modelDirectory(path));
    expect(result.modelArtifactsInfo).toMatchObject({ modelTopologyType: 'JSON', weightDataBytes: 4 * 23 });
  });

  it('writes the format of tfjs', async () => {
    await model().save(modelDirectory(path));
    const content = await modelJson();
    expect(content).toMatchObject({ format: 'layers-model', convertedBy: null });
    expect(content['generatedBy']).toContain('TensorFlow.js');
    expect(content['modelTopology']).toMatchObject({ class_name: 'Sequential' });
    expect(content['weightsManifest']).toMatchObject([
      { paths: ['weights.bin'], weights: [{ shape: [4, 3], dtype: 'float32' }, {}, {}, {}] },
    ]);
    expect(content).not.toHaveProperty('trainingConfig');
    expect((await stat(join(path, 'weights.bin'))).size).toBe(4 * 23);
  });

  it('keeps the training configuration, the state of the optimizer and user metadata', async () => {
    const saved = model();
    saved.compile({ loss: 'meanSquaredError', optimizer: train.adam(0.01) });
    saved.setUserDefinedMetadata({ labels: ['cat', 'dog'] });
    await saved.trainOnBatch(ones([2, 4]), ones([2, 2]));
    await saved.save(modelDirectory(path), { includeOptimizer: true });
    expect(await modelJson()).toMatchObject({
      trainingConfig: { loss: 'mean_squared_error' },
      userDefinedMetadata: { labels: ['cat', 'dog'] },
    });
    const loaded = await loadLayersModel(modelDirectory(path));
    expect(loaded.getUserDefinedMetadata()).toEqual({ labels: ['cat', 'dog'] });
    expect(await loaded.optimizer.getWeights()).toHaveLength(1 + 2 * 4);
  });

  it('keeps fields that other writers of layers models set', async () => {
    const signature = { inputs: { x: { name: 'x:0' } } };
    const artifacts: io.ModelArtifacts = {
      modelTopology: { class_name: 'Sequential' },
      signature,
      convertedBy: 'a converter',
      weightSpecs: [],
    };
    const handler = modelDirectory(path);
    await handler.save(artifacts);
    expect(await handler.load()).toMatchObject({ signature, convertedBy: 'a converter', weightSpecs: [] });
  });

  it('accepts weights in one piece or several', async () => {
    const weightSpecs = [{ name: 'w', shape: [3], dtype: 'float32' as const }];
    const whole = new Float32Array([1, 2, 3]).buffer;
    for (const weightData of [whole, [whole.slice(0, 5), whole.slice(5)]]) {
      const handler = modelDirectory(path);
      await handler.save({ modelTopology: {}, format: 'layers-model', weightSpecs, weightData });
      const loaded = await handler.load();
      expect(new Float32Array(loaded.weightData as ArrayBuffer)).toEqual(new Float32Array([1, 2, 3]));
    }
  });

  it('reads weights in several files and groups, and quantized ones', async () => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'a1'), new Uint8Array([1, 2, 3, 4, 5]));
    await writeFile(join(path, 'a2'), new Uint8Array([6, 7, 8]));
    await writeFile(join(path, 'b'), new Uint8Array([9, 10]));
    const weightsManifest = [
      { paths: ['a1', 'a2'], weights: [{ name: 'a', shape: [2], dtype: 'float32' }] },
      {
        paths: ['b'],
        weights: [{ name: 'b', shape: [], dtype: 'float32', quantization: { dtype: 'uint16' } }],
      },
    ];
    await writeFile(join(path, 'model.json'), JSON.stringify({ modelTopology: {}, weightsManifest }));
    const { weightData, weightSpecs } = await modelDirectory(path).load();
    expect([...new Uint8Array(weightData as ArrayBuffer)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(weightSpecs?.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('replaces an earlier model and leaves other files alone', async () => {
    await model(5).save(modelDirectory(path));
    await writeFile(join(path, 'labels.txt'), 'cat dog');
    await writeFile(join(path, 'weights-2024-01.bin'), 'not ours');
    const saved = model(7);
    await saved.save(modelDirectory(path));
    const loaded = await loadLayersModel(modelDirectory(path));
    expectClose(await valuesOf(loaded), await valuesOf(saved), { relative: 0, absolute: 0 });
    expect((await readdir(path)).sort()).toEqual([
      'labels.txt',
      'model.json',
      'weights-2024-01.bin',
      'weights.bin',
    ]);
  });

  it('does not replace the weights of another model', async () => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'weights.bin'), 'mine');
    const contents = async (): Promise<string[]> =>
      Promise.all((await readdir(path)).sort().map((name) => readFile(join(path, name), 'utf8')));
    const save = () => model(5).save(modelDirectory(path));
    await expectKdError(save, 'KD_FILE_FOREIGN', path, 'weights.bin');
    expect(await contents()).toEqual(['mine']);
    const modelJson = {
      modelTopology: {},
      weightsManifest: [{ paths: ['group1-shard1of1.bin'], weights: [] }],
    };
    await writeFile(join(path, 'model.json'), JSON.stringify(modelJson));
    await expectKdError(save, 'KD_FILE_FOREIGN', path, 'weights.bin');
    expect(await contents()).toEqual([JSON.stringify(modelJson), 'mine']);
    await rm(join(path, 'weights.bin'));
    await save();
    expect((await readdir(path)).sort()).toEqual(['model.json', 'weights.bin']);
  });

  it('follows a symbolic link to a directory', async () => {
    await mkdir(join(root, 'disk'));
    await symlink(join(root, 'disk'), join(root, 'linked'));
    await model().save(modelDirectory(join(root, 'linked')));
    expect((await readdir(join(root, 'disk'))).sort()).toEqual(['model.json', 'weights.bin']);
  });

  it('serialises saves that are not awaited', async () => {
    const nets = [3, 4, 5, 6].map((units) => model(units));
    const handler = modelDirectory(path);
    await Promise.all(nets.map((net) => net.save(handler)));
    const loaded = await loadLayersModel(handler);
    expectClose(await valuesOf(loaded), await valuesOf(nets[3] as LayersModel), { relative: 0, absolute: 0 });
    expect(await readdir(path)).toHaveLength(2);
  });

  it('leaks no tensors beyond those of tfjs', async () => {
    const net = model();
    const artifacts = await net.save(io.withSaveHandler((given) => Promise.resolve(given as never)));
    await expectNoLeak(async () => {
      const handler = modelDirectory(path);
      await handler.save(artifacts as unknown as io.ModelArtifacts);
      await handler.load();
    });
  });
});

describe('the errors of modelDirectory', () => {
  it.runIf(hasNamedPipes)('name a pipe in place of a file, and never wait for it', async () => {
    await model().save(modelDirectory(path));
    const load = () => loadLayersModel(modelDirectory(path));
    await putNamedPipe(join(path, 'weights.bin'));
    await expectKdError(load, 'KD_FILE_READ', 'weights.bin');
    await putNamedPipe(join(path, 'model.json'));
    await expectKdError(load, 'KD_FILE_READ', 'model.json', 'a pipe, a socket or a device');
    // A save must not wait for it either: the weights beside it may be another model's.
    await expectKdError(() => model().save(modelDirectory(path)), 'KD_FILE_FOREIGN', 'weights.bin');
  });

  it('name a path that is not a string', async () => {
    await expectKdError(() => modelDirectory(''), 'KD_OPTION_TYPE', 'path', '""');
    await expectKdError(() => modelDirectory(undefined as never), 'KD_OPTION_TYPE', 'path', 'undefined');
  });

  it('name a path that is a file, or leads through one', async () => {
    const file = join(root, 'file');
    await writeFile(file, 'text');
    const through = join(file, 'student');
    await expectKdError(
      () => model().save(modelDirectory(file)),
      'KD_FILE_WRITE',
      file,
      'a file of that name',
    );
    await expectKdError(() => model().save(modelDirectory(through)), 'KD_FILE_WRITE', 'leads through a file');
    await expectKdError(() => modelDirectory(through).load(), 'KD_FILE_READ', 'leads through a file');
    expect(await readFile(file, 'utf8')).toBe('text');
  });

  it('refuse values that are not tfjs models', async () => {
    const { save } = modelDirectory(path);
    const graph = { modelTopology: {}, format: 'saved-model' };
    await expectKdError(() => save(graph), 'KD_MODEL_UNSUPPORTED', '"saved-model"');
    await expectKdError(() => save({ modelTopology: new ArrayBuffer(1) }), 'KD_MODEL_UNSUPPORTED');
    await expectKdError(() => save({}), 'KD_MODEL_UNSUPPORTED', 'undefined');
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('name the file that is missing', async () => {
    const load = () => loadLayersModel(modelDirectory(path));
    await expectKdError(load, 'KD_FILE_READ', join(path, 'model.json'), 'no such file (ENOENT)');
    await model().save(modelDirectory(path));
    await rm(join(path, 'weights.bin'));
    await expectKdError(load, 'KD_FILE_READ', join(path, 'weights.bin'), 'no such file (ENOENT)');
  });

  it('name a directory where a file should be', async () => {
    await mkdir(join(path, 'model.json'), { recursive: true });
    await expectKdError(
      () => modelDirectory(path).load(),
      'KD_FILE_READ',
      'a directory of that name (EISDIR)',
    );
  });

  it('compare the size of the weights with model.json', async () => {
    const { load } = modelDirectory(path);
    await model().save(modelDirectory(path));
    const weights = await readFile(join(path, 'weights.bin'));
    await writeFile(join(path, 'weights.bin'), weights.subarray(0, 50));
    await expectKdError(load, 'KD_FILE_READ', 'weights.bin', '92', '50 bytes');
    await writeFile(join(path, 'weights.bin'), Buffer.concat([weights, weights]));
    await expectKdError(load, 'KD_FILE_READ', '92', '184 bytes');
  });

  it.each([
    ['an empty file', ''],
    ['text that is not JSON', '{"modelTopology":'],
    ['JSON that is not an object', '[1]'],
    ['JSON without modelTopology', '{"weightsManifest":[]}'],
    ['JSON without weightsManifest', '{"modelTopology":{}}'],
    ['a weightsManifest without', '{"modelTopology":{},"weightsManifest":[{"paths":["a"]}]}'],
    ['a weightsManifest without', '{"modelTopology":{},"weightsManifest":[{"paths":[1],"weights":[]}]}'],
    ['a weightsManifest without', '{"modelTopology":{},"weightsManifest":[{"paths":[],"weights":[{}]}]}'],
    ['a weightsManifest without', '{"modelTopology":{},"weightsManifest":["weights.bin"]}'],
    ['a model of format "saved-model"', '{"format":"saved-model","modelTopology":{},"weightsManifest":[]}'],
  ])('say that model.json is %s', async (received, text) => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'model.json'), text);
    await expectKdError(() => modelDirectory(path).load(), 'KD_FILE_READ', 'model.json', received);
  });

  it('leave the size of string weights to tfjs, which reads it from the weights', async () => {
    await model().save(modelDirectory(path));
    await editModelJson((content) => {
      content['weightsManifest'] = [
        { paths: ['weights.bin'], weights: [{ name: 's', shape: [1], dtype: 'string' }] },
      ];
    });
    expect((await modelDirectory(path).load()).weightSpecs).toHaveLength(1);
  });
});
