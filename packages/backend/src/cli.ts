#!/usr/bin/env node
// The command of this package, `npx @kd/backend`.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { describeReport } from './doctor/describe-report.js';
import { examine } from './doctor/examine.js';

const usage = `Usage: npx @kd/backend doctor [--json]

Trains on every backend for a second, and says what is missing.

  --json      print the report as JSON
  -h, --help  print this help`;

/** The requested command, or why it cannot run. */
function request(): { readonly json: boolean; readonly help: boolean } | string {
  const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const { json = false, help = false } = values;
    const unknown = positionals.find((word) => word !== 'doctor');
    if (unknown !== undefined) return `Unknown command '${unknown}'`;
    return positionals.length === 1 || help ? { json, help } : 'One command is needed';
  } catch (error) {
    return (error as Error).message;
  }
}

async function doctor(json: boolean): Promise<void> {
  const report = await examine((name) => {
    if (!json) console.error(`Trying ${name} ...`);
  });
  console.log(json ? JSON.stringify(report, undefined, 2) : describeReport(report));
  if (!report.backends.some(({ trains }) => trains)) process.exitCode = 1;
}

const asked = request();
if (typeof asked === 'string') {
  console.error(`${asked}\n\n${usage}`);
  process.exitCode = 1;
} else if (asked.help) console.log(usage);
else await doctor(asked.json);
