// `npm start`: everything in one process, nothing to install first.
import { parseArgs } from 'node:util';
import { ImError } from 'im-common';
import { startDemo } from './examples/demo/backend.ts';

const usage = 'Usage: npm start -- [--port 8888] [--im-port 8878] [--host 127.0.0.1]';

function readOptions(): { port: number; imPort: number; host: string } {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8888' },
      'im-port': { type: 'string', default: '8878' },
      host: { type: 'string', default: '127.0.0.1' },
    },
  });
  return {
    port: portOf('port', values.port),
    imPort: portOf('im-port', values['im-port']),
    host: values.host,
  };
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new TypeError(`--${name} is "${text}"; expected a port from 0 to 65535.`);
}

function explain(error: unknown): string {
  if (error instanceof ImError) return error.message;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Stop what uses it, or choose another.`;
  return error instanceof Error ? error.message : String(error);
}

try {
  const demo = await startDemo(readOptions());
  console.log(`
  Open ${demo.url} in two tabs, sign in as two people, and write to each other.
  Or push from here:
    curl -d '{"to":2,"text":"hello"}' ${demo.url}/push

  Devices connect to ${demo.imUrl}. Ctrl-C ends.
`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void demo.close();
    });
  }
} catch (error) {
  console.error(`${explain(error)}\n${usage}`);
  process.exitCode = 1;
}
