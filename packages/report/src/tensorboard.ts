export { tensorBoard } from './tensorboard/tensor-board.js';
export type { SummaryWriter } from './tensorboard/tensor-board.js';
