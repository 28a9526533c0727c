import { wasFaulty, type HistoryIndex } from '../index-of.ts';
import { Tally, type Finding } from './finding.ts';

/** Until a copy is at another server's device. */
const copyMs = 2_000;
const afterFaultMs = 3_000;

/** Where several devices may be in at one address, a message that arrived is at each that was in when it was sent, and still is. */
export function everySessionHasIt({ messages, sessions, faults }: HistoryIndex): Finding {
  const tally = new Tally();
  for (const [address, own] of sessions) {
    const several = own.filter(({ tab }) => tab > 0);
    if (several.length === 0) continue;
    for (const { frames, results, sending } of messages.values()) {
      const [result] = results.get(address) ?? [];
      if (result?.code !== 0) continue;
      const to = result.at + copyMs;
      const seen = frames.get(address) ?? [];
      for (const { connection, tab, ...session } of several) {
        if (session.from > sending.at || session.to < to) continue;
        tally.checked += 1;
        if (seen.some((frame) => frame.connection === connection)) continue;
        const from = sending.at - afterFaultMs;
        const isExcused =
          wasFaulty(faults, ['bus', 'memory', 'server'], from, to) ||
          wasFaulty(faults, ['devices'], from, to, (fault) => fault.addresses.has(address));
        if (isExcused) tally.excused += 1;
        else
          tally.violations.push(
            `${sending.message} arrived at ${address}, and its device ${tab}, which was in, has not got it`,
          );
      }
    }
  }
  return tally;
}
