import type { ImClient } from 'im-client';

/** Notes who was sent something and has not got it: here a mail could be written to them. */
export function noteMissed(im: ImClient): ReadonlySet<string> {
  const missed = new Set<string>();
  im.on('private', (results) => {
    // A user has a result for each of their devices.
    for (const { receiver, reason } of results) {
      if (reason === undefined) missed.delete(receiver.id);
      else missed.add(receiver.id);
    }
  });
  return missed;
}
