// A process that does not end by itself; asked to, it answers before.
if (process.argv[2] === 'answer') process.send(process.pid);
setInterval(() => undefined, 1000);
