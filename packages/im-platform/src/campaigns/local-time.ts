const minuteMs = 60_000;

/** The clocks of the world are at most so far ahead of UTC. */
export const mostAheadMs = 14 * 60 * minuteMs;

/** A wall clock's date and time, as if it were one in UTC; undefined: there is no such date. */
export function wallTime(date: string, time: string): number | undefined {
  const wall = Date.parse(`${date}T${time}:00Z`);
  return Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 10) !== date ? undefined : wall;
}

/** When the wall clock of the zone shows that. Of an hour that comes twice one of both, of one that is left out an hour beside it. */
export function instantOf(wall: number, timeZone: string): number {
  const guess = wall - aheadAt(wall, timeZone);
  return wall - aheadAt(guess, timeZone);
}

/** How far the clock there is ahead of UTC. */
function aheadAt(instant: number, timeZone: string): number {
  const shown = Date.parse(`${formatOf(timeZone).format(instant).replace(' ', 'T')}Z`);
  return shown - Math.floor(instant / 1_000) * 1_000;
}

/** To make one takes longer than all the rest. There are some 600 names. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    // Sweden writes 2026-11-29 10:00:00.
    format = new Intl.DateTimeFormat('sv-SE', {
      ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
    });
    formats.set(timeZone, format);
  }
  return format;
}
