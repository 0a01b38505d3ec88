import { expectKdError, expectNoLeak } from '@kd/testing';
import {
  KernelBackend,
  engine,
  env,
  findBackendFactory,
  getBackend,
  getKernel,
  getKernelsForBackend,
  registerBackend,
  registerKernel,
  removeBackend,
  setBackend,
  tensor1d,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lacksAddon } from '../tensorflow/addon.js';
import { importPackage } from './import-package.js';
import { selectBackend } from './select-backend.js';

// Which packages are installed, and built, differs from machine to machine; here each test says it.
vi.mock('./import-package.js');
vi.mock('../tensorflow/addon.js');
const gpu = '@tensorflow/tfjs-node-gpu';
const node = '@tensorflow/tfjs-node';
const webgpu = '@tensorflow/tfjs-backend-webgpu';
const wasm = '@tensorflow/tfjs-backend-wasm';
const cpu = '@tensorflow/tfjs-backend-cpu';

function absent(name: string): Error {
  return Object.assign(new Error(`Cannot find package '${name}' imported from /app/index.js`), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
}

function install(packages: Readonly<Record<string, Error | (() => void) | undefined>>): void {
  vi.mocked(importPackage).mockImplementation((name) => {
    if (!(name in packages)) return Promise.reject(absent(name));
    const outcome = packages[name];
    if (outcome instanceof Error) return Promise.reject(outcome);
    outcome?.();
    return Promise.resolve({});
  });
}

beforeEach(async () => {
  await setBackend('cpu');
  install({ [wasm]: undefined, [cpu]: undefined });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.clearAllMocks();
  if ((findBackendFactory('tensorflow') as unknown) !== null) removeBackend('tensorflow');
});

describe('selectBackend', () => {
  it('chooses the first that works, and reports what it skipped', async () => {
    const selected = await selectBackend({ threads: 1 });
    expect(selected).toEqual({
      name: 'wasm',
      package: wasm,
      device: 'processor, 1 thread',
      skipped: [
        { package: gpu, reason: 'not installed' },
        { package: webgpu, reason: expect.stringContaining("Cannot find package 'webgpu'") as string },
        { package: node, reason: 'not installed' },
      ],
    });
    expect(getBackend()).toBe('wasm');
  });

  it('makes the backend fit for training', async () => {
    await selectBackend();
    const kernel = getKernel('BatchMatMul', 'wasm');
    expect(Reflect.get(kernel, Symbol.for('@kd/backend/training-kernel'))).toBe(true);
  });

  it('imports no package after the chosen one', async () => {
    await selectBackend({ prefer: ['cpu'] });
    expect(getBackend()).toBe('cpu');
    expect(vi.mocked(importPackage).mock.calls).toEqual([[cpu]]);
  });

  it('tries the preferred ones first, in their order, and then the others', async () => {
    install({});
    await expectKdError(() => selectBackend({ prefer: ['cpu', 'wasm', 'cpu'] }), 'KD_BACKEND_UNAVAILABLE');
    expect(vi.mocked(importPackage).mock.calls.flat()).toEqual([cpu, wasm, gpu, 'webgpu', node]);
  });

  it('continues after a package that throws, that registers no backend, or whose backend fails', async () => {
    const failing = (): void => {
      registerBackend('tensorflow', () => {
        throw new Error('libtensorflow.so.2: cannot open shared object file');
      });
    };
    vi.spyOn(console, 'warn').mockReturnValue();
    install({ [gpu]: new Error('no CUDA device\n    at load'), [node]: failing, [cpu]: undefined });
    const { name, skipped } = await selectBackend();
    expect(name).toBe('cpu');
    expect(skipped).toEqual([
      { package: gpu, reason: 'it does not start: no CUDA device' },
      { package: webgpu, reason: expect.any(String) as string },
      { package: gpu, reason: 'it does not start: no CUDA device' },
      { package: node, reason: 'it does not start: tfjs could not start it' },
      { package: wasm, reason: 'not installed' },
    ]);

    removeBackend('tensorflow');
    install({ [node]: undefined, [cpu]: undefined });
    expect((await selectBackend()).skipped[2]?.reason).toContain("'tensorflow' not found in registry");
  });

  describe('when one hangs', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });
    const reasonOf = async (packages: Parameters<typeof install>[0]): Promise<string | undefined> => {
      install({ [cpu]: undefined, ...packages });
      const selecting = selectBackend({ prefer: ['tensorflow', 'cpu'] });
      await vi.advanceTimersByTimeAsync(31_000);
      const { name, skipped } = await selecting;
      expect(name).toBe('cpu');
      const two = tensor1d([2]);
      expect(await two.data()).toEqual(Float32Array.of(2));
      two.dispose();
      return skipped.find(({ package: from }) => from === node)?.reason;
    };

    it('continues while its backend starts, even if that succeeds late', async () => {
      let come: (backend: KernelBackend) => void = () => undefined;
      const slow = (): void => {
        registerBackend('tensorflow', () => new Promise<KernelBackend>((resolve) => (come = resolve)));
      };
      expect(await reasonOf({ [node]: slow })).toBe('it does not start: it did not answer within 30 seconds');
      come(new KernelBackend());
      await new Promise((resolve) => setImmediate(resolve));
      expect([getBackend(), engine().backend === engine().findBackend('cpu')]).toEqual(['cpu', true]);
    });

    it('continues while its package is imported, even if that succeeds late', async () => {
      let come: () => void = () => undefined;
      install({});
      const selecting = (): Promise<string | undefined> => {
        vi.mocked(importPackage).mockImplementation((name) => {
          if (name === cpu) return Promise.resolve({});
          if (name !== node) return Promise.reject(absent(name));
          return new Promise((resolve) => {
            come = () => {
              registerBackend('tensorflow', () => new KernelBackend());
              resolve({});
            };
          });
        });
        return selectBackend({ prefer: ['tensorflow', 'cpu'] }).then(
          ({ skipped }) => skipped.find(({ package: from }) => from === node)?.reason,
        );
      };
      const reason = selecting();
      await vi.advanceTimersByTimeAsync(31_000);
      expect(await reason).toBe('it does not start: it did not answer within 30 seconds');
      come();
      await new Promise((resolve) => setImmediate(resolve));
      expect(getBackend()).toBe('cpu');
    });

    it('continues when no result comes', async () => {
      const stuck = (): void => {
        registerBackend('tensorflow', () =>
          Object.assign(new KernelBackend(), {
            dispose: () => undefined,
            write: () => ({}),
            disposeData: () => true,
            numDataIds: () => 0,
            read: () => new Promise(() => undefined),
            timerAvailable: () => false,
          }),
        );
        registerKernel({
          kernelName: 'BatchMatMul',
          backendName: 'tensorflow',
          kernelFunc: () => ({ dataId: {}, shape: [1, 1, 1], dtype: 'float32' }),
        });
        registerKernel({
          kernelName: 'Reshape',
          backendName: 'tensorflow',
          kernelFunc: () => ({ dataId: {}, shape: [1, 1], dtype: 'float32' }),
        });
      };
      expect(await reasonOf({ [node]: stuck })).toBe(
        'it does not compute: it did not answer within 30 seconds',
      );
      for (const kernel of ['BatchMatMul', 'Reshape']) unregisterKernel(kernel, 'tensorflow');
    });
  });

  it('continues after a backend that starts but does not compute', async () => {
    const broken = (): void => {
      registerBackend('tensorflow', () => Object.assign(new KernelBackend(), { dispose: () => undefined }));
    };
    install({ [node]: broken, [cpu]: undefined });
    const { name, skipped } = await selectBackend();
    expect(name).toBe('cpu');
    expect(skipped[2]?.reason).toMatch(/^it does not compute: /);
  });

  it('distinguishes an absent package from one that lacks a dependency', async () => {
    install({ [node]: absent('@mapbox/node-pre-gyp'), [cpu]: undefined });
    const { skipped } = await selectBackend();
    expect(skipped[2]?.reason).toContain('@mapbox/node-pre-gyp');
    expect(skipped[0]?.reason).toBe('not installed');
  });

  it('restores the flag that silences warnings', async () => {
    for (const production of [true, false]) {
      env().set('PROD', production);
      await selectBackend({ require: 'cpu' });
      expect(env().getBool('PROD')).toBe(production);
    }
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(async () => {
      await selectBackend();
      await selectBackend({ require: 'cpu' });
    });
  });
});

describe('selectBackend with a GPU package', () => {
  const tensorflow = (isUsingGpuDevice: boolean, binding?: object) => (): void => {
    if ((findBackendFactory('tensorflow') as unknown) !== null) return;
    // The kernels of cpu, which are all that the trial needs.
    const real = engine().registry['cpu'] as KernelBackend;
    const backend = Object.assign(Object.create(real) as KernelBackend, { isUsingGpuDevice, binding });
    for (const kernel of getKernelsForBackend('cpu'))
      registerKernel({ ...kernel, backendName: 'tensorflow' });
    registerBackend('tensorflow', () => Object.assign(backend, { dispose: () => undefined }));
  };
  beforeEach(() => {
    vi.spyOn(console, 'warn').mockReturnValue();
  });
  afterEach(async () => {
    await setBackend('cpu');
    for (const { kernelName } of getKernelsForBackend('tensorflow'))
      unregisterKernel(kernelName, 'tensorflow');
  });

  it('chooses it if it finds a GPU', async () => {
    install({ [gpu]: tensorflow(true, { TF_Version: '2.21.0' }), [node]: undefined });
    expect(await selectBackend()).toEqual({
      name: 'tensorflow',
      package: gpu,
      device: 'GPU (CUDA, TensorFlow 2.21.0)',
      skipped: [],
    });
  });

  it('chooses it for the processor if it finds none, after looking for another GPU', async () => {
    install({ [gpu]: tensorflow(false), [node]: undefined });
    const { package: from, device, skipped } = await selectBackend();
    expect([from, device]).toEqual([gpu, 'processor (TensorFlow)']);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'it does not start: it sees no GPU',
      expect.stringContaining('webgpu'),
    ]);
  });
});

describe('selectBackend for a model', () => {
  const model = (): LayersModel =>
    sequential({
      layers: [
        layers.conv2d({
          name: 'convolution',
          filters: 2,
          kernelSize: 3,
          activation: 'relu',
          inputShape: [5, 5, 1],
        }),
        layers.flatten(),
        layers.dense({ units: 2 }),
      ],
    });

  it('skips a backend that cannot train it, and names the layer', async () => {
    const student = model();
    await selectBackend({ require: 'wasm', threads: 1 });
    const kernel = getKernel('Conv2DBackpropFilter', 'wasm');
    // In place of a kernel that is missing, as registerTrainingKernels would fill that in.
    unregisterKernel('Conv2DBackpropFilter', 'wasm');
    registerKernel({
      ...kernel,
      kernelFunc: () => {
        throw new Error("Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm'");
      },
    });
    const { name, skipped } = await selectBackend({ model: student, threads: 1 });
    unregisterKernel('Conv2DBackpropFilter', 'wasm');
    registerKernel(kernel);
    expect(name).toBe('cpu');
    expect(skipped.at(-1)?.package).toBe(wasm);
    expect(skipped.at(-1)?.reason).toMatch(
      /^it cannot train the layer "convolution": .*Conv2DBackpropFilter/,
    );
    expect((await selectBackend({ model: student, threads: 1 })).name).toBe('wasm');
  });

  it('leaves no tensor behind', async () => {
    const student = model();
    await expectNoLeak(async () => {
      await selectBackend({ model: student, threads: 1 });
    });
  });
});

describe('selectBackend with a required backend', () => {
  it('chooses that one', async () => {
    const { name, skipped } = await selectBackend({ require: 'cpu' });
    expect([name, skipped]).toEqual(['cpu', []]);
  });

  it('names the package to install, and restores the previous backend', async () => {
    await selectBackend({ require: 'wasm' });
    const missing = () => selectBackend({ require: 'tensorflow' });
    await expectKdError(
      missing,
      'KD_BACKEND_UNAVAILABLE',
      '"tensorflow"',
      gpu,
      `Run: npm install --ignore-scripts ${node} && npx @kd/native install, or`,
    );
    expect(getBackend()).toBe('wasm');
    install({});
    const withoutCpu = () => selectBackend({ require: 'cpu' });
    await expectKdError(withoutCpu, 'KD_BACKEND_UNAVAILABLE', `npm install ${cpu},`);
    expect(getBackend()).toBe('wasm');
  });

  it('restores the previous backend after one that does not start', async () => {
    await selectBackend({ require: 'wasm' });
    vi.spyOn(console, 'warn').mockReturnValue();
    const failing = (): void => {
      registerBackend('tensorflow', () => Promise.reject(new Error('no device')));
    };
    install({ [node]: failing });
    const broken = () => selectBackend({ require: 'tensorflow' });
    await expectKdError(broken, 'KD_BACKEND_UNAVAILABLE', 'could not start', '@kd/native');
    expect(getBackend()).toBe('wasm');
  });

  it('names the command that builds a package, and does not import it first', async () => {
    install({ [gpu]: undefined });
    vi.mocked(lacksAddon).mockImplementation((name) => name === gpu);
    const unbuilt = () => selectBackend({ require: 'tensorflow' });
    await expectKdError(
      unbuilt,
      'KD_BACKEND_UNAVAILABLE',
      `${gpu}: it does not start: its native part is not built, which "npx @kd/native install --gpu" does`,
      '@kd/native',
      '--gpu',
    );
    expect(vi.mocked(importPackage)).not.toHaveBeenCalledWith(gpu);
  });

  it('says so if nothing is installed at all', async () => {
    install({});
    await expectKdError(
      () => selectBackend(),
      'KD_BACKEND_UNAVAILABLE',
      'none',
      gpu,
      cpu,
      `npm install ${wasm}.`,
    );
  });
});

describe('the options of selectBackend', () => {
  const never = (options: unknown) => () => selectBackend(options as never);

  it('are checked', async () => {
    await expectKdError(never({ prefers: ['cpu'] }), 'KD_OPTION_UNKNOWN', 'options.prefers');
    await expectKdError(never('cpu'), 'KD_OPTION_TYPE', 'options', '"cpu"');
    await expectKdError(never({ require: 'gpu' }), 'KD_OPTION_TYPE', 'options.require', '"gpu"', '"wasm"');
    await expectKdError(never({ prefer: 'cpu' }), 'KD_OPTION_TYPE', 'options.prefer', '"cpu"');
    await expectKdError(
      never({ prefer: ['cpu', 'webgl'] }),
      'KD_OPTION_TYPE',
      'options.prefer[1]',
      '"tensorflow"',
      '"webgpu"',
      '"wasm"',
      '"cpu"',
      '"webgl"',
    );
    await expectKdError(
      never({ prefer: ['cpu'], require: 'cpu' }),
      'KD_OPTION_TYPE',
      'options.prefer',
      'both',
    );
    await expectKdError(never({ threads: 0 }), 'KD_OPTION_RANGE', 'options.threads', '1');
    await expectKdError(never({ threads: '2' }), 'KD_OPTION_TYPE', 'options.threads');
    await expectKdError(never({ model: {} }), 'KD_MODEL_UNSUPPORTED', 'options.model');
    await expectKdError(never({ model: null }), 'KD_MODEL_UNSUPPORTED', 'options.model');
    await expectKdError(never({ model: sequential() }), 'KD_MODEL_UNSUPPORTED', 'options.model');
    expect(importPackage).not.toHaveBeenCalled();
  });
});
