// Loaded before a bundle for browsers that runs in Node: tfjs takes the platform of a browser where it finds a document.
globalThis.window = globalThis;
globalThis.document = {};
