// Loaded before files of tests that share a process. Each of these draws from Math.random while it loads: loaded here, before the seed
// is set, it takes nothing from the numbers that a file gets, whichever files the process ran before.
import '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-data';
import '@tensorflow/tfjs-converter';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
