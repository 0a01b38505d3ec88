/** The page's measurements in one line. */
export function summaryOf({ error, ...measured }) {
  if (error !== undefined) return 'no result';
  return [
    `${measured.backend} (${measured.wasmFiles.join()}, ${measured.device}; ${measured.skipped.map(({ package: name, reason }) => `${name}: ${reason}`).join(', ')})`,
    `loss ${measured.firstLoss.toFixed(3)} -> ${measured.lastLoss.toFixed(3)}`,
    `accuracy ${measured.accuracy.toFixed(3)}, teacher ${measured.teacherAccuracy.toFixed(3)}`,
    `tensors ${measured.tensorsBefore} -> ${measured.tensorsAfter}`,
    `${measured.seconds.toFixed(1)} s`,
  ].join('; ');
}
