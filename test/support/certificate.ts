import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './find-program.ts';

/** A certificate for 127.0.0.1 that nobody has signed but itself. */
export async function selfSigned(): Promise<{ readonly cert: Buffer; readonly key: Buffer }> {
  const openssl = await findProgram('openssl');
  if (openssl === undefined) throw new Error('There is no openssl; on Debian: apt-get install openssl.');
  const dir = await mkdtemp(join(tmpdir(), 'im-tls-'));
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  try {
    await promisify(execFile)(openssl, [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
      ],
      ...['-keyout', key, '-out', cert, '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ]);
    return { cert: await readFile(cert), key: await readFile(key) };
  } finally {
    await rm(dir, { recursive: true });
  }
}
