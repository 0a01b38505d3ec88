import { expectKdError, expectNoLeak } from '@kd/testing';
import {
  KernelBackend,
  env,
  findBackendFactory,
  getBackend,
  getKernel,
  registerBackend,
  removeBackend,
  setBackend,
} from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { importPackage } from './import-package.js';
import { selectBackend } from './select-backend.js';

// Which packages are installed differs from machine to machine; here each test says it.
vi.mock('./import-package.js');
const gpu = '@tensorflow/tfjs-node-gpu';
const node = '@tensorflow/tfjs-node';
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
    return Promise.resolve();
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
  it('takes the first that works, and says what it skipped', async () => {
    expect(await selectBackend()).toEqual({
      name: 'wasm',
      package: wasm,
      skipped: [
        { package: gpu, reason: 'not installed' },
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

  it('imports no package after the one it takes', async () => {
    await selectBackend({ prefer: ['cpu'] });
    expect(getBackend()).toBe('cpu');
    expect(vi.mocked(importPackage).mock.calls).toEqual([[cpu]]);
  });

  it('tries the preferred ones first, in their order, and then the others', async () => {
    install({});
    await expectKdError(() => selectBackend({ prefer: ['cpu', 'wasm', 'cpu'] }), 'KD_BACKEND_UNAVAILABLE');
    expect(vi.mocked(importPackage).mock.calls.flat()).toEqual([cpu, wasm, gpu, node]);
  });

  it('goes on after a package that throws, that registers no backend, or whose backend fails', async () => {
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
      { package: gpu, reason: 'its import failed: no CUDA device' },
      { package: node, reason: 'tfjs could not start it' },
      { package: wasm, reason: 'not installed' },
    ]);

    removeBackend('tensorflow');
    install({ [node]: undefined, [cpu]: undefined });
    expect((await selectBackend()).skipped[1]?.reason).toContain("'tensorflow' not found in registry");
  });

  it('goes on after a backend that starts but does not compute', async () => {
    const broken = (): void => {
      registerBackend('tensorflow', () => Object.assign(new KernelBackend(), { dispose: () => undefined }));
    };
    install({ [node]: broken, [cpu]: undefined });
    const { name, skipped } = await selectBackend();
    expect(name).toBe('cpu');
    expect(skipped[1]?.reason).toMatch(/^it does not compute: /);
  });

  it('tells an absent package from one that lacks a dependency', async () => {
    install({ [node]: absent('@mapbox/node-pre-gyp'), [cpu]: undefined });
    const { skipped } = await selectBackend();
    expect(skipped[1]?.reason).toContain('@mapbox/node-pre-gyp');
    expect(skipped[0]?.reason).toBe('not installed');
  });

  it('leaves the flag that silences warnings as it was', async () => {
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

describe('selectBackend with a required backend', () => {
  it('takes that one', async () => {
    const { name, skipped } = await selectBackend({ require: 'cpu' });
    expect([name, skipped]).toEqual(['cpu', []]);
  });

  it('names the package to install, and puts the backend of before back', async () => {
    await selectBackend({ require: 'wasm' });
    const missing = () => selectBackend({ require: 'tensorflow' });
    await expectKdError(missing, 'KD_BACKEND_UNAVAILABLE', '"tensorflow"', gpu, `npm install ${node},`);
    expect(getBackend()).toBe('wasm');
    install({});
    const withoutCpu = () => selectBackend({ require: 'cpu' });
    await expectKdError(withoutCpu, 'KD_BACKEND_UNAVAILABLE', `npm install ${cpu},`);
    expect(getBackend()).toBe('wasm');
  });

  it('puts the backend of before back after one that does not start', async () => {
    await selectBackend({ require: 'wasm' });
    vi.spyOn(console, 'warn').mockReturnValue();
    const failing = (): void => {
      registerBackend('tensorflow', () => Promise.reject(new Error('no device')));
    };
    install({ [node]: failing });
    const broken = () => selectBackend({ require: 'tensorflow' });
    await expectKdError(
      broken,
      'KD_BACKEND_UNAVAILABLE',
      'could not start',
      `Repair the installation of ${node}`,
    );
    expect(getBackend()).toBe('wasm');
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
      '"webgl"',
    );
    await expectKdError(
      never({ prefer: ['cpu'], require: 'cpu' }),
      'KD_OPTION_TYPE',
      'options.prefer',
      'both',
    );
    expect(importPackage).not.toHaveBeenCalled();
  });
});
