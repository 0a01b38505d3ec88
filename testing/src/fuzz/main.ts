// Calls every export of the packages with hostile values: `npm run test:fuzz -- --minutes 10 --seed 7`.
import { parseArgs } from 'node:util';
import { known } from './known.js';
import type { Report } from './report.js';
import { runWorkers } from './run-workers.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** Only the exports whose name contains this text, such as `@kd/trainer train`. */
    only: { type: 'string', default: '' },
  },
});
const seed = Number(values.seed);
const until = Date.now() + 60_000 * Number(values.minutes);
console.log(`seed ${String(seed)}`);

const { calls, of, faults } = await runWorkers(seed, until, values.only);
const isKnown = ({ name, fault = '' }: Report): boolean =>
  known.some((one) => name.startsWith(one.call) && fault.includes(one.fault));
const unknown = faults.filter((one) => !isKnown(one));
for (const { name, fault } of unknown) console.log(`FAULT ${name}: ${String(fault)}`);
console.log(
  `${String(calls)} of ${String(of)} calls, ${String(unknown.length)} faults, ` +
    `${String(faults.length - unknown.length)} known`,
);
process.exit(unknown.length > 0 || calls === 0 ? 1 : 0);
