import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askProgram } from './ask-program.js';
import { nodeCommand } from './place.js';
import type { Report } from './report.js';

// Fewer seeds and epochs than the table of its README, for the time.
const short = ['--seeds', '1', '--epochs', '10', '--teacher-epochs', '4'];
const shortest = ['--seeds', '1', '--epochs', '1', '--teacher-epochs', '1', '--transfer-size', '500'];

/** Runs the quickstart on a backend, with one seed and few epochs, and reports its result. */
export async function runQuickstart(
  backend: string,
  software: boolean,
  env: Readonly<Record<string, string>>,
  seconds: number,
  report: Report,
): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'kd-quickstart-'));
  const flags = software ? shortest : short;
  try {
    const { program, args } = nodeCommand('quickstart', [...flags, '--backend', backend, '--out', out], env);
    const printed = await askProgram(program, args, seconds, env);
    if ('fault' in printed) {
      report.cannot('quickstart', printed.fault);
      return;
    }
    const result: unknown = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
    report.add('quickstart', { flags: flags.join(' '), result });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
