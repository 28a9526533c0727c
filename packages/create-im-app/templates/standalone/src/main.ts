// Starts the two programs, as a compose file does it: when one ends, so does the other. On servers of your own each is a service.
import { spawn, type ChildProcess } from 'node:child_process';

const { HOST = '127.0.0.1', IM_PORT = '8878', REDIS_URL = 'redis://localhost:6379' } = process.env;
const env = { ...process.env, IM_REDIS: REDIS_URL, IM_JWT_SECRET: process.env['JWT_SECRET'] };

const programs: ChildProcess[] = [
  // A program of im-server, which npm has put where `npm start` finds it.
  spawn('im-server', ['--host', HOST, '--port', IM_PORT], { env, stdio: 'inherit' }),
  spawn(process.execPath, ['dist/backend.js'], { env: { ...env, REDIS_URL }, stdio: 'inherit' }),
];

function end(): void {
  for (const program of programs) program.kill('SIGTERM');
}
for (const program of programs) {
  program.once('exit', (code) => {
    process.exitCode ||= code ?? 0;
    end();
  });
  program.once('error', (error) => {
    console.error(`${error.message}. Start it with npm start.`);
    process.exitCode = 1;
    end();
  });
}
process.once('SIGINT', end);
process.once('SIGTERM', end);
