import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeReport } from './describe-report.js';
import type { DoctorReport } from './examine.js';
import { remedyFor } from './remedy.js';

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
const doctor = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, ['--conditions=@kd/source', '--import', 'tsx', cli, ...args]);

describe('@kd/backend doctor', () => {
  it('trains on the backends that are there, and says what the others need', async () => {
    const { stdout, stderr } = await doctor('doctor', '--json');
    expect(stderr).toBe('');
    const report = JSON.parse(stdout) as DoctorReport;
    expect(report.node).toBe(process.version);
    expect(report.tfjs).toEqual({ core: '4.22.0', layers: '4.22.0' });
    expect(report.backends.map(({ name }) => name)).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu']);
    const wasm = report.backends.find(({ name }) => name === 'wasm');
    expect(wasm).toMatchObject({ trains: true, package: '@tensorflow/tfjs-backend-wasm', version: '4.22.0' });
    expect(wasm?.device).toMatch(/^processor, \d threads?/);
    expect(wasm?.stepsPerSecond).toBeGreaterThan(1);
    for (const { trains, reason, remedy } of report.backends) {
      expect(trains || (reason !== undefined && remedy !== undefined)).toBe(true);
    }
  });

  it('refuses what it does not know', async () => {
    await expect(doctor('doctor', '--jsom')).rejects.toThrow("Unknown option '--jsom'");
    await expect(doctor('cure')).rejects.toThrow("Unknown command 'cure'");
    await expect(doctor()).rejects.toThrow('One command is needed');
  });
});

describe('a report in lines', () => {
  const report: DoctorReport = {
    node: 'v20.0.0',
    platform: 'linux x64',
    processor: 'A processor',
    processors: 2,
    tfjs: { core: '4.22.0', layers: null },
    backends: [
      { name: 'webgpu', trains: false, reason: 'it sees nothing', remedy: 'npm install glasses' },
      {
        name: 'wasm',
        trains: true,
        package: 'w',
        version: '1.0.0',
        device: 'processor, 2 threads',
        stepsPerSecond: 99.6,
      },
    ],
  };

  it('has the versions, each backend, the remedies and the best', () => {
    expect(describeReport(report)).toBe(
      [
        'Node v20.0.0, linux x64, 2 x A processor',
        'tfjs-core 4.22.0, tfjs-layers not installed',
        '',
        'webgpu      no   it sees nothing',
        '                 -> npm install glasses',
        'wasm        yes    100 steps/s on processor, 2 threads (w 1.0.0)',
        '',
        'The fastest that trains here: wasm.',
      ].join('\n'),
    );
    expect(describeReport({ ...report, backends: [] })).toContain('No backend trains here.');
  });
});

it('tells what to install, and what to do about a driver', () => {
  const absent = (...names: string[]) =>
    remedyFor('tensorflow', `none (${names.map((name) => `${name}: not installed`).join('; ')})`);
  expect(absent('@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node')).toBe(
    'npm install --ignore-scripts @tensorflow/tfjs-node && npx @kd/native install',
  );
  expect(absent('@tensorflow/tfjs-node-gpu')).toBe('npx @kd/native install');
  expect(absent('@tensorflow/tfjs-node')).toBe('npx @kd/native install --gpu');
  expect(remedyFor('webgpu', 'the package webgpu, which brings Dawn, cannot be imported: ...')).toBe(
    'npm install @tensorflow/tfjs-backend-webgpu webgpu',
  );
  expect(remedyFor('webgpu', 'no adapter; is a driver there?')).toContain('Vulkan');
});
