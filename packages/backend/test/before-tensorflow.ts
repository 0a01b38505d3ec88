// Loaded before each file of `npm run test:native`.
import { prepareForTensorflow } from '../src/tensorflow/prepare-for-tensorflow.js';

prepareForTensorflow();
