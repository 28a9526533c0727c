// Loaded before a program of the kit (`--expose-gc`): SIGUSR2 has it collect its garbage, so that what is left is what it holds.
process.on('SIGUSR2', () => globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' }));
