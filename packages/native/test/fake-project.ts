import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pinnedWheels } from '../src/wheel/requirements.js';
import type { PinnedWheels } from '../src/wheel/requirements.js';
import { compilerWith, fakeProgram, pythonWith } from './fake-programs.js';
import { zipOf } from './zip-of.js';
import { digestOfSources } from '../src/addon.js';

/** The paths of an installation in a project with a fake Python and a fake compiler. */
export interface FakeProject {
  readonly folder: string;
  /** The directory that serves as PATH. */
  readonly programs: string;
  readonly cache: string;
  /** The directory of its tfjs-node. */
  readonly tfjs: string;
  /** The wheel that the fake Python downloads. */
  readonly wheel: string;
}

/** The name of its cache entry, which ends in a digest of our part of the addon. */
export const entryName: string = `tfjs-node-4.22.0-tensorflow-2.21.0-cpu-napi-v8-linux-x64-${digestOfSources()}`;

/** Pins for such a project: its wheel is the known one. */
export function pinnedTo(wheel: string): PinnedWheels {
  const sha256 = createHash('sha256').update(readFileSync(wheel)).digest('hex');
  return { ...pinnedWheels, cpu: [{ name: 'tensorflow-cpu', versions: '==2.21.0', sha256 }] };
}

/** Creates a project in which the command `install` succeeds. */
export async function fakeProject(): Promise<FakeProject> {
  const folder = await mkdtemp(join(tmpdir(), 'kd-install-'));
  const programs = join(folder, 'bin');
  const wheel = join(folder, 'a.whl');
  await mkdir(programs);
  await writeFile(
    wheel,
    zipOf({
      'tensorflow/libtensorflow_cc.so.2': 'cc',
      'tensorflow/libtensorflow_framework.so.2': 'framework',
      'tensorflow/include/tensorflow/c/c_api.h': 'api',
      'tensorflow/python/other.py': 'other',
      'tensorflow_cpu-2.21.0.dist-info/METADATA':
        'Metadata-Version: 2.1\nName: tensorflow_cpu\nVersion: 2.21.0\n',
      'tensorflow_cpu-2.21.0.dist-info/WHEEL': 'Wheel-Version: 1.0\nRoot-Is-Purelib: false\n',
    }),
  );
  await fakeProgram(programs, 'python3', pythonWith(wheel));
  await fakeProgram(programs, 'g++', compilerWith());
  return {
    folder,
    programs,
    cache: join(folder, 'caches/kd-native'),
    tfjs: await fakeTfjsNode(folder),
    wheel,
  };
}

/** Installs a tfjs-node in a project, whose addon is a text file that names itself; returns its directory. */
export async function fakeTfjsNode(project: string): Promise<string> {
  const name = '@tensorflow/tfjs-node';
  const directory = join(project, 'node_modules', name);
  await mkdir(join(directory, 'binding'), { recursive: true });
  await writeFile(
    join(directory, 'package.json'),
    JSON.stringify({ name, version: '4.22.0', main: 'index.js', binary: { napi_versions: [3, 8, 99] } }),
  );
  await writeFile(
    join(directory, 'index.js'),
    `const addon = require('node:fs').readFileSync(__dirname + '/lib/napi-v8/tfjs_binding.node', 'utf8');
if (addon !== 'addon') throw new Error('the addon is ' + addon);
exports.tensor2d = (values) => values;
exports.matMul = ([[a, b]], [[c], [d]]) => ({ data: async () => [a * c + b * d] });
exports.backend = () => ({ binding: { TF_Version: '2.21.0' }, isUsingGpuDevice: false });`,
  );
  return directory;
}
