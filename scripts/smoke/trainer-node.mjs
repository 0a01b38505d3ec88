import { abortOnInterrupt } from '@kd/trainer/node';

const interrupt = abortOnInterrupt();
// Waiting for a signal does not keep Node alive.
const alive = setTimeout(() => {}, 10_000);
process.kill(process.pid, 'SIGINT');
await new Promise((resolve) => interrupt.signal.addEventListener('abort', resolve));
clearTimeout(alive);
console.log('works');
