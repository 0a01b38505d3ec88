// The command `install`, with the wheel named by the first argument as the known one.
import process from 'node:process';
import { runInstall } from '../src/run-install.js';
import { pinnedTo } from './fake-project.js';

await runInstall({}, pinnedTo(process.argv[2] ?? ''));
