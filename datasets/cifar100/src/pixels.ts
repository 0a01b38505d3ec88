/** Height and width of a picture. */
export const side = 32;

/** Red, green and blue. */
export const channels = 3;

// Rounded statistics of the 50,000 training pictures, as RepDistiller's `dataset/cifar100.py` has them. Many
// published results depend on these numbers: do not compute better ones.
const means = [0.5071, 0.4867, 0.4408] as const;
const deviations = [0.2675, 0.2565, 0.2761] as const;

/** What each of the 256 bytes of a channel becomes: its share of 255, minus the mean, over the deviation. */
export const normalizedBytes: readonly Float32Array[] = means.map((mean, channel) =>
  Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / (deviations[channel] as number)),
);
