import { confusionMatrix, runOf } from '@kd/report';

const { stages, seconds } = runOf([
  { type: 'start', stage: 0, name: 'hints', epochs: 1, parameters: 1, step: 0 },
  { type: 'epoch', stage: 0, epoch: 0, step: 1, total: 1, losses: {}, improved: true, seconds: 2 },
]);
if (stages[0]?.bestEpoch !== 0 || seconds !== 2) throw new Error(JSON.stringify(stages));
if (confusionMatrix([0, 1], [1, 1], 2)[0][1] !== 1) throw new Error('a wrong confusion matrix');
console.log('works');
