import { confusionMatrix, runOf } from '@kd/report';
import { tensorBoard } from '@kd/report/tensorboard';

const { stages, seconds } = runOf([
  { type: 'start', stage: 0, name: 'hints', epochs: 1, parameters: 1, step: 0 },
  { type: 'epoch', stage: 0, epoch: 0, step: 1, total: 1, losses: {}, improved: true, seconds: 2 },
]);
if (stages[0]?.bestEpoch !== 0 || seconds !== 2) throw new Error(JSON.stringify(stages));
if (confusionMatrix([0, 1], [1, 1], 2)[0][1] !== 1) throw new Error('a wrong confusion matrix');
const written = [];
const onEvent = tensorBoard({ scalar: (...one) => written.push(one), flush: () => written.push('flush') });
onEvent({ type: 'end', stage: 0, reason: 'finished', bestEpoch: 3 });
if (written.join() !== 'flush') throw new Error(written.join());
console.log('works');
