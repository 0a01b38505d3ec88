export { interChannelLoss } from './inter-channel-loss.js';
export { interChannel } from './inter-channel.js';
export type { InterChannelOptions } from './inter-channel.js';
