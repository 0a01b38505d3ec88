// Takes a lock and ends: lock-and-end.ts DIRECTORY
import process from 'node:process';
import { takeLock } from '../src/node.js';

await takeLock({ where: 'test', argument: 'directory', directory: process.argv[2] ?? '' });
