// Loaded before a browser bundle that runs in Node: tfjs chooses the browser platform if it finds a document.
globalThis.window = globalThis;
globalThis.document = {};
