import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Refusal } from './refusal.ts';

const guardMs = 5_000;

/**
 * Box-im's guard against double clicks: the same user, path and arguments within five seconds. It is a courtesy, kept per
 * process; what must not happen twice is guarded by unique keys.
 */
export function guardRepeats(app: FastifyInstance): void {
  const seen = new Map<string, number>();
  app.addHook('preHandler', (request, _reply, done) => {
    if (request.routeOptions.config.oncePer5s === true) {
      const key = keyOf(request.caller.userId, request.method, request.url, request.body);
      const now = performance.now();
      forgetBefore(seen, now - guardMs);
      if (seen.has(key)) {
        done(new Refusal('repeated'));
        return;
      }
      seen.set(key, now);
    }
    done();
  });
}

function keyOf(userId: number, method: string, url: string, body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([userId, method, url, body]))
    .digest('base64');
}

/** The oldest come first. */
function forgetBefore(seen: Map<string, number>, moment: number): void {
  for (const [key, at] of seen) {
    if (at > moment) return;
    seen.delete(key);
  }
}
