import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isOutage } from '../outage.ts';
import { Refusal } from './refusal.ts';

const retryMs = 250;

/**
 * No request hangs: one that a stopped database holds up is answered with 503. What it was about may still happen
 * later, as with any lost answer; sends carry an id for that.
 */
export function limitHandlers(app: FastifyInstance, timeoutMs: number): void {
  app.decorateRequest('endsAt', 0);
  app.decorateRequest('actBy', 0);
  app.addHook('onRequest', (request, _reply, done) => {
    request.endsAt = performance.now() + timeoutMs;
    request.actBy = request.endsAt - timeoutMs / 4;
    done();
  });
  app.addHook('onRoute', (route) => {
    const { handler } = route;
    if (route.config?.mayTakeLong === true) return;
    route.handler = async function (request, reply) {
      return inTime(request, async () => handler.call(this, request, reply));
    };
  });
}

/**
 * Rejects with 503 when the request has taken too long. Questions ride out a short outage: asking again is harmless, and
 * box-im's page signs its user out when a pull fails (contract 0.1.8).
 */
export function inTime<T>({ method, endsAt }: FastifyRequest, work: () => Promise<T>): Promise<T> {
  return withinDeadline(endsAt - performance.now(), method === 'GET' ? ridingOut(endsAt, work) : work());
}

/** Rejects with 503 when the work takes longer. */
export async function withinDeadline<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
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

async function ridingOut<T>(endsAt: number, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error) || performance.now() + retryMs >= endsAt) throw error;
      await sleep(retryMs);
    }
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For uploads and downloads, which take as long as the line is slow. */
    mayTakeLong?: boolean;
  }
  interface FastifyRequest {
    /** When it is answered at the latest, on the clock of `performance.now()`. */
    endsAt: number;
    /** What must not have happened when the answer is a 503 is not begun later, so that it is done before that. */
    actBy: number;
  }
}
