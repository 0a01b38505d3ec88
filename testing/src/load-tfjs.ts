// Loaded before test files that share a process. Each of these modules draws from Math.random while it loads.
// Loading them here, before the seed is set, gives each test file the same numbers, whichever files the
// process ran before.
import '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-data';
import '@tensorflow/tfjs-converter';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
