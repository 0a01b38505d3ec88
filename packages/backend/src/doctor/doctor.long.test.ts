import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { DoctorReport } from './examine.js';

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
