import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import S3rver from '@20minutes/s3rver';
import { onCleanup } from 'im-test/support';
import type { PlatformOptions } from '../../src/index.ts';
import { filesIn } from './files.ts';
import { temporaryFolder } from './folders.ts';

export const bucket = 'chat-files';

/** Options with which a platform keeps its files at the endpoint. */
export function atS3(
  s3Endpoint: string,
  more: Partial<PlatformOptions> = {},
): Pick<PlatformOptions, 's3Bucket' | 's3Endpoint' | 's3PathStyle' | 's3AccessKeyId' | 's3SecretAccessKey'> {
  const keys = { s3AccessKeyId: 'S3RVER', s3SecretAccessKey: 'S3RVER' };
  return { s3Bucket: bucket, s3Endpoint, s3PathStyle: true, ...keys, ...more };
}

/** A server of S3 with one bucket, in a folder. */
export class S3Server {
  /** Where it keeps all of it. */
  readonly directory: string;
  #running: S3rver | undefined;
  #port = 0;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async start(): Promise<S3Server> {
    const server = new S3Server(await temporaryFolder());
    await server.start();
    onCleanup(() => server.stop());
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** On the same port as before, with what was there. */
  async start(): Promise<void> {
    this.#running = new S3rver({
      ...{ address: '127.0.0.1', port: this.#port, silent: true, directory: this.directory },
      ...{ vhostBuckets: false, configureBuckets: [{ name: bucket }] },
      // It expects others than the SDK makes for a bucket itself; who has no key it knows is refused all the same.
      allowMismatchedSignatures: true,
    });
    this.#port = (await this.#running.run()).port;
  }

  async stop(): Promise<void> {
    const server = this.#running;
    this.#running = undefined;
    server?.httpServer?.closeAllConnections();
    await server?.close();
  }

  /** How many objects there are. */
  async objects(): Promise<number> {
    return (await filesIn(this.directory)).filter((name) => name.endsWith('_object')).length;
  }
}

/** What answers instead of S3. */
export async function answering(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
