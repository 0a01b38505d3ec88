const largestDifference = 1e-3;

/** Prints what a program compared with cpu, the last line of its output as JSON; gives whether it is in order. */
export function isInOrder(output) {
  const { device, difference, losses, tensors } = JSON.parse(output.trim().split('\n').at(-1));
  const faults = [
    difference <= largestDifference ? [] : `the losses differ from those of cpu by ${difference}, relatively`,
    tensors === 0 ? [] : `${tensors} tensors are left`,
  ].flat();
  console.log(
    `${faults.length === 0 ? 'ok    ' : 'FAULTY'} ${device}: losses ${losses.map((loss) => loss.toFixed(3)).join(' ')}`,
  );
  console.log(`       largest relative difference from cpu ${difference.toExponential(1)}`);
  for (const fault of faults) console.log(`       ${fault}`);
  return faults.length === 0;
}
