import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expectKdError } from '@kd/testing';
import { io, setBackend } from '@tensorflow/tfjs-core';
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerFileScheme } from './register-file-scheme.js';

let path: string;
let student: LayersModel;
beforeAll(async () => {
  await setBackend('cpu');
  student = sequential({ layers: [layers.dense({ inputShape: [3], units: 2 })] });
  path = await mkdtemp(join(tmpdir(), 'kd-file-'));
});
afterAll(() => rm(path, { recursive: true }));

it('registers nothing on import, and once when called', () => {
  expect(io.getSaveHandlers('file://student')).toEqual([]);
  expect(registerFileScheme()).toBe(true);
  expect(registerFileScheme()).toBe(false);
  expect(io.getSaveHandlers('file://student')).toHaveLength(1);
  expect(io.getLoadHandlers('file://student/model.json')).toHaveLength(1);
  // One router would claim http:// beside that of tfjs if ours took it.
  expect(io.getSaveHandlers('http://student')).toHaveLength(1);
});

it.each(['student', 'with a space', 'prozent%20zeichen', 'größe'])(
  'saves to and loads from "%s"',
  async (name) => {
    const directory = join(path, name);
    await student.save(`file://${directory}`);
    expect((await readdir(directory)).sort()).toEqual(['model.json', 'weights.bin']);
    for (const url of [
      `file://${directory}/model.json`,
      `file://${directory}`,
      `file://${relative('.', directory)}`,
    ]) {
      const loaded = await loadLayersModel(url);
      const [kernel, bias] = loaded.getWeights().map((weight) => [...weight.dataSync()]);
      expect([kernel, bias]).toEqual(student.getWeights().map((weight) => [...weight.dataSync()]));
    }
  },
);

it('reports missing, truncated and foreign files', async () => {
  await expectKdError(
    () => loadLayersModel(`file://${path}/nowhere/model.json`),
    'KD_FILE_READ',
    'no such file',
  );
  await expectKdError(() => loadLayersModel(`file://${path}`), 'KD_FILE_READ', join(path, 'model.json'));
  await writeFile(join(path, 'foreign.json'), '{"name":"a package"}');
  await expectKdError(
    () => loadLayersModel(`file://${path}/foreign.json`),
    'KD_FILE_READ',
    'without modelTopology',
  );
  await expectKdError(() => student.save('file:///dev/null/student'), 'KD_FILE_WRITE', '/dev/null/student');
  await expectKdError(async () => student.save('file://'), 'KD_OPTION_TYPE', 'the path after file://');
});

it('leaves file:// to a router that is registered later, such as tfjs-node’s', () => {
  const handler: io.IOHandler = { load: () => Promise.reject(new Error('tfjs-node')) };
  io.registerLoadRouter((url) => (String(url).startsWith('file://') ? handler : (null as never)));
  expect(io.getLoadHandlers('file://student/model.json')).toEqual([handler]);
});
