import type { FastifyInstance } from 'fastify';
import { Refusal } from './refusal.ts';

/**
 * No request hangs: one that a stopped database holds up is answered with 503. What it was about may still happen
 * later, as with any lost answer; sends carry an id for that.
 */
export function limitHandlers(app: FastifyInstance, timeoutMs: number): void {
  app.addHook('onRoute', (route) => {
    const { handler } = route;
    if (route.config?.mayTakeLong === true) return;
    route.handler = async function (request, reply) {
      return withinDeadline(timeoutMs, handler.call(this, request, reply));
    };
  });
}

/** Rejects with 503 when the work takes longer. */
export async function withinDeadline<T>(timeoutMs: number, work: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Refusal('unavailable', { code: 503 }));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For uploads and downloads, which take as long as the line is slow. */
    mayTakeLong?: boolean;
  }
}
