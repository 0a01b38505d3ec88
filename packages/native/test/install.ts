// The command `install`, for which the known wheel is the one that the first argument names.
import process from 'node:process';
import { runInstall } from '../src/run-install.js';
import { pinnedTo } from './fake-project.js';

await runInstall({}, pinnedTo(process.argv[2] ?? ''));
