// Runs in the project of the check: distils on cpu and on TensorFlow, and prints the largest difference of
// the losses.
import { selectBackend } from '@kd/backend/node';
import { distil } from './distil.js';

const size = { teacherEpochs: 2, epochs: 3 };
await selectBackend({ require: 'cpu' });
const cpu = await distil(size);

const { device } = await selectBackend({ require: 'tensorflow' });
const native = await distil(size);

const differences = native.losses.map((loss, epoch) => Math.abs(loss / cpu.losses[epoch] - 1));
const tensors = native.tensorsAfter - native.tensorsBefore;
console.log(
  JSON.stringify({
    device: `${device}, Node ${process.version}`,
    difference: Math.max(...differences),
    losses: native.losses,
    tensors,
  }),
);
