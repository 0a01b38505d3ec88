const largestDifference = 1e-3;

/**
 * Prints a program's comparison with cpu, which is the last line of its output as JSON; returns whether it
 * passes.
 */
export function isInOrder(output) {
  const { device, difference, losses, tensors } = JSON.parse(output.trim().split('\n').at(-1));
  const faults = [
    difference <= largestDifference ? [] : `the losses differ from those of cpu by ${difference} (relative)`,
    tensors === 0 ? [] : `${tensors} tensors leaked`,
  ].flat();
  console.log(
    `${faults.length === 0 ? 'ok    ' : 'FAULTY'} ${device}: losses ${losses.map((loss) => loss.toFixed(3)).join(' ')}`,
  );
  console.log(`       largest relative difference from cpu ${difference.toExponential(1)}`);
  for (const fault of faults) console.log(`       ${fault}`);
  return faults.length === 0;
}
