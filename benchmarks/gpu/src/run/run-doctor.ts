import { askProgram } from './ask-program.js';
import { nodeCommand } from './place.js';
import type { Report } from './report.js';

/** Runs `doctor --json`, and reports what it prints. */
export async function runDoctor(
  env: Readonly<Record<string, string>>,
  seconds: number,
  report: Report,
): Promise<void> {
  const { program, args } = nodeCommand('doctor', ['doctor', '--json'], env);
  const printed = await askProgram(program, args, seconds, env);
  if ('fault' in printed) report.cannot('doctor', printed.fault);
  else report.add('doctor', JSON.parse(printed.text));
}
