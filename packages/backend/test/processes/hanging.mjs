// A process that never ends by itself; if asked to, it answers first.
if (process.argv[2] === 'answer') process.send(process.pid);
setInterval(() => undefined, 1000);
