import { describe, expect, it } from 'vitest';
import { describeReport } from './describe-report.js';
import type { DoctorReport } from './examine.js';
import { remedyFor } from './remedy.js';

describe('a printed report', () => {
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

  it('has the versions, each backend, the remedies and the fastest', () => {
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

it('says what to install, and what to do about a driver', () => {
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
