// Distils an ensemble into one student, by two means of its members, and compares it with distilling one
// member.
import process from 'node:process';
import { runInPhases } from '@kd-benchmarks/experiment/perceptrons';
import { phasesOf } from './jobs.js';
import { readOptions, settingsOf } from './options.js';
import { report } from './report.js';

const options = readOptions(process.argv);
const script = new URL('job-process.ts', import.meta.url);

runInPhases(options, script, { settings: settingsOf(options), phasesOf, report });
