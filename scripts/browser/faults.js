/** Bounds for every machine: the seeds are fixed, but rounding differs. */
const bounds = { lossFell: 5, accuracy: 0.9 };

/** The faults found in a visit to the page. */
export function faultsOf({ result, errors }, { threaded }) {
  const logged = errors.map((error) => `The page logged an error: ${error}`);
  if (result.error !== undefined) return [`The page failed: ${result.error}`, ...logged];
  return [...backendFaults(result, threaded), ...trainingFaults(result), ...logged];
}

function backendFaults({ backend, isolated, wasmFiles, threads, device, skipped }, threaded) {
  const faults = [];
  if (backend !== 'wasm') faults.push(`The backend is ${backend}, not wasm.`);
  if (isolated !== threaded) faults.push(`crossOriginIsolated is ${isolated}, not ${threaded}.`);
  if (!wasmFiles.some((file) => file.includes('-threaded-') === threaded))
    faults.push(
      `The page should load the wasm ${threaded ? 'with' : 'without'} threads, not ${wasmFiles.join() || 'none'}.`,
    );
  if (threads > 1 !== threaded) faults.push(`The backend has ${threads} threads.`);
  if (device !== `processor, ${threads} ${threads === 1 ? 'thread' : 'threads'}`)
    faults.push(`selectBackend reports the device "${device}".`);
  const others = skipped.map(({ package: name }) => name).join();
  if (others !== '@tensorflow/tfjs-backend-webgpu')
    faults.push(`selectBackend skipped ${others || 'nothing'}.`);
  return faults;
}

function trainingFaults({ firstLoss, lastLoss, accuracy, tensorsBefore, tensorsAfter }) {
  const faults = [];
  // Negated, so that NaN is a fault.
  if (!(lastLoss * bounds.lossFell <= firstLoss))
    faults.push(`The loss went from ${firstLoss} to ${lastLoss}, not to 1/${bounds.lossFell} or less.`);
  if (!(accuracy >= bounds.accuracy))
    faults.push(`The student's accuracy is ${accuracy}, not ${bounds.accuracy} or more.`);
  if (tensorsAfter !== tensorsBefore)
    faults.push(`There were ${tensorsBefore} tensors before the training and ${tensorsAfter} after it.`);
  return faults;
}
