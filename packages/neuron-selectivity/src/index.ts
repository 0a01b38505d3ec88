export { neuronSelectivityLoss } from './neuron-selectivity-loss.js';
export { neuronSelectivity } from './neuron-selectivity.js';
