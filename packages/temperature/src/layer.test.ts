import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { backends, expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { io, setBackend, tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { temperatureLayer } from './layer.js';
import { softmaxAtTemperature } from './softmax-at-temperature.js';

/** Loads a model with nothing but tfjs, and prints its answer. */
const loader = `
  import '@tensorflow/tfjs-backend-cpu';
  import { io, tensor2d } from '@tensorflow/tfjs-core';
  import { loadLayersModel } from '@tensorflow/tfjs-layers';
  const { modelTopology, weightSpecs, weights, input } = JSON.parse(process.argv[1]);
  const weightData = new Uint8Array(Buffer.from(weights, 'base64')).buffer;
  const model = await loadLayersModel(io.fromMemory({ modelTopology, weightSpecs, weightData }));
  process.stdout.write(JSON.stringify(Array.from(await model.predict(tensor2d(input)).data())));
`;

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('divides by the temperature', async () => {
    const layer = temperatureLayer({ temperature: 4 });
    const softened = layer.apply(tensor3d([[[8, -4, 0.5]]])) as Tensor;
    expect(softened.shape).toEqual([1, 1, 3]);
    expect(Array.from(await softened.data())).toEqual([2, -1, 0.125]);
    expect(layer.weights).toEqual([]);
  });

  it('before a softmax is softmaxAtTemperature', async () => {
    const z = tensor2d([[3, 1, 0.5]]);
    const model = sequential({
      layers: [
        layers.inputLayer({ inputShape: [3] }),
        temperatureLayer({ temperature: 3 }),
        layers.softmax(),
      ],
    });
    expectClose(
      await (model.predict(z) as Tensor).data(),
      Array.from(await softmaxAtTemperature(z, 3).data()),
      { relative: 1e-6, absolute: 0 },
    );
  });
});

describe('temperatureLayer', () => {
  beforeAll(() => setBackend('cpu'));

  it('is loaded by plain tfjs-layers, in a process without this package', async () => {
    const model = sequential({
      layers: [
        layers.dense({ units: 3, inputShape: [2] }),
        temperatureLayer({ temperature: 2.5, name: 'soften' }),
      ],
    });
    let saved: io.ModelArtifacts | undefined;
    await model.save(
      io.withSaveHandler((artifacts) => {
        saved = artifacts;
        return Promise.resolve({
          modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' as const },
        });
      }),
    );
    const input = [
      [1, -2],
      [30, 4],
    ];
    const weights = Buffer.from(saved?.weightData as ArrayBuffer).toString('base64');
    const { modelTopology, weightSpecs } = saved ?? {};
    const argument = JSON.stringify({ modelTopology, weightSpecs, weights, input });
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', loader, argument],
      { cwd: import.meta.dirname },
    );
    const loaded = /\[[^[\]]*\]$/.exec(stdout)?.[0] ?? '';
    const expected = await (model.predict(tensor2d(input)) as Tensor).data();
    expect(JSON.parse(loaded)).toEqual(Array.from(expected));
  });

  it('accepts a name', () => {
    expect(temperatureLayer({ temperature: 1, name: 'soften' }).name).toBe('soften');
    expect(temperatureLayer({ temperature: 1 }).name).not.toBe(temperatureLayer({ temperature: 1 }).name);
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(() => {
      const z = tensor2d([[1, 2]]);
      (temperatureLayer({ temperature: 4 }).apply(z) as Tensor).dispose();
      z.dispose();
    });
  });

  it.each([0, -1, NaN, Infinity])('refuses the temperature %d', async (temperature) => {
    await expectKdError(
      () => temperatureLayer({ temperature }),
      'KD_OPTION_RANGE',
      'temperatureLayer',
      'options.temperature',
      String(temperature),
    );
  });

  it.each<[options: unknown, code: string, ...facts: string[]]>([
    [undefined, 'KD_OPTION_TYPE', 'options', 'undefined'],
    [{}, 'KD_OPTION_TYPE', 'options.temperature', 'undefined'],
    [{ temperature: '4' }, 'KD_OPTION_TYPE', 'options.temperature', '"4"'],
    [{ temperature: 4, name: '' }, 'KD_OPTION_TYPE', 'options.name'],
    [{ temperature: 4, tau: 4 }, 'KD_OPTION_UNKNOWN', 'options.tau'],
  ])('refuses %j', async (options, code, ...facts) => {
    await expectKdError(() => temperatureLayer(options as never), code, ...facts);
  });
});
