import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Health } from './metrics/health.ts';
import type { ServerMetrics } from './metrics/metrics.ts';

/** What `createImServer` returns. A class, so that dependency injection can name it. */
export abstract class ImServer implements AsyncDisposable {
  /** Connects to the bus, takes an id and listens. Rejects with an ImError that says what to do. */
  abstract start(): Promise<void>;
  /** Ends politely: takes no new devices, sends the others elsewhere over `drainMs`, hands its lists over. */
  abstract drain(): Promise<void>;
  /** The same without taking time over it. May be called twice, and during a drain. */
  abstract close(): Promise<void>;
  /** Resolves when an operator has ordered the server to drain (`im drain`), which it does then: a program ends after it. */
  abstract readonly drainOrdered: Promise<void>;
  /** The id that routes to this server carry; undefined while it has none. */
  abstract readonly id: number | undefined;
  /** Where devices connect. */
  abstract readonly url: string;
  abstract readonly tcpPort: number | undefined;
  abstract readonly metrics: ServerMetrics;
  abstract health(): Health;
  /**
   * With the options `sse` and `httpServer`: takes a request of a device, which is a POST for `path`. False: it is not for
   * devices, and yours to answer.
   */
  abstract takeRequest(request: IncomingMessage, response: ServerResponse): boolean;

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
