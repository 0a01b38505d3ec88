import { constant, linear } from '@kd/schedule';

const weight = linear({ from: 4, to: 1, epochs: 10 });
if (weight({ step: 0, epoch: 5 }) !== 2.5) throw new Error('linear is not halfway at the middle');
if (constant(3)({ step: 9, epoch: 9 }) !== 3) throw new Error('constant changes');
console.log('works');
