import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import '@tensorflow/tfjs-backend-cpu';
import { io, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { numbers } from '../test/apply.js';
import { modelOfAll } from '../test/small-models.js';
import * as api from './index.js';

/** Loads a model with nothing but tfjs and this package, and prints its answer. */
const loader = `
  import '@kd/attention';
  import '@tensorflow/tfjs-backend-cpu';
  import { io, tensor2d } from '@tensorflow/tfjs-core';
  import { loadLayersModel } from '@tensorflow/tfjs-layers';
  const { modelTopology, weightSpecs, weights, ids, mask } = JSON.parse(process.argv[1]);
  const weightData = new Uint8Array(Buffer.from(weights, 'base64')).buffer;
  const model = await loadLayersModel(io.fromMemory({ modelTopology, weightSpecs, weightData }));
  const y = model.predict([tensor2d(ids), tensor2d(mask)]);
  process.stdout.write(JSON.stringify(Array.from(await y.data())));
`;
const ids = [[1, 2, 3, 4, 0], [5, 6, 1, 0, 0]]; // prettier-ignore
const mask = [[1, 1, 1, 1, 0], [1, 1, 1, 0, 0]]; // prettier-ignore

async function saved(model: LayersModel): Promise<io.ModelArtifacts> {
  let artifacts: io.ModelArtifacts = {};
  await model.save(
    io.withSaveHandler((given) => {
      artifacts = given;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
    }),
  );
  return artifacts;
}

// The other process has cpu alone.
beforeAll(() => setBackend('cpu'));

it('a saved model loads as it was', async () => {
  const model = modelOfAll();
  const loaded = await loadLayersModel(io.fromMemory(await saved(model)));
  const own = ({ layers }: LayersModel): unknown[] =>
    layers.filter((layer) => layer.getClassName() in api).map((layer) => layer.getConfig());
  expect(own(model).length).toBe(16);
  expect(own(loaded)).toEqual(own(model));
  expect(loaded.weights.map(({ originalName }) => originalName)).toEqual(
    model.weights.map(({ originalName }) => originalName),
  );
  const inputs = [tensor2d(ids), tensor2d(mask)];
  expect(await numbers(loaded.predict(inputs) as Tensor)).toEqual(
    await numbers(model.predict(inputs) as Tensor),
  );
});

it('loads in a bundle that only imports tfjs and this package', async () => {
  const model = modelOfAll();
  const { modelTopology, weightSpecs, weightData } = await saved(model);
  const here = dirname(fileURLToPath(import.meta.url));
  const bundle = await build({
    stdin: { contents: loader, resolveDir: here },
    bundle: true,
    // Leaves out what package.json does not call a side effect.
    treeShaking: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@kd/source'],
    external: ['@tensorflow/*'],
    write: false,
  });
  const weights = Buffer.from(weightData as ArrayBuffer).toString('base64');
  const given = JSON.stringify({ modelTopology, weightSpecs, weights, ids, mask });
  const program = ['--input-type=module', '-e', bundle.outputFiles[0]?.text ?? '', given];
  const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: here });
  expect(JSON.parse(stdout)).toEqual(await numbers(model.predict([tensor2d(ids), tensor2d(mask)]) as Tensor));
});
