import { counted, lasting } from '../output/words.ts';
import type { ServerRow } from 'im-common/internal/bus';
import type { Finding } from './finding.ts';

/** As many as make senders wait (`longestListToAddTo` of im-client). */
const muchWaits = 5_000;
const muchSkewMs = 5_000;

/** `now`: by the clock of Redis. */
export function checkServers(servers: readonly ServerRow[], now: number): Finding[] {
  const live = servers.filter(({ state }) => state === 'live' || state === 'draining');
  return [
    checkLive(live),
    ...servers.filter(({ state }) => state === 'late').map(late),
    ...checkGone(servers.filter(({ state }) => state === 'dead' || state === 'left')),
    ...live.filter(({ waiting }) => waiting >= muchWaits).map(behind),
    ...checkFeatures(live),
    ...live.filter(({ info }) => info !== undefined && info.startedAt > now + muchSkewMs).map(ahead),
  ];
}

const about = 'servers';

function checkLive(live: readonly ServerRow[]): Finding {
  if (live.length === 0)
    return {
      ...{ about, state: 'bad', what: 'No server is registered here.' },
      cure: 'Start one; or look whether it has the same Redis, database and key prefix. (Those of box-im do not register.)',
    };
  const devices = live.reduce((sum, { info }) => sum + (info?.connections ?? 0), 0);
  const what = `${counted(live.length, 'server')} with ${counted(devices, 'connection')}`;
  if (live.some(({ state }) => state === 'live')) return { about, state: 'ok', what: `${what}.` };
  return {
    about,
    state: 'bad',
    what: `${what}, and all of them drain: no device finds a place.`,
    cure: 'Start another one.',
  };
}

function late({ id, sinceMs = 0 }: ServerRow): Finding {
  return {
    ...{
      about,
      state: 'bad',
      what: `Server ${id} has not renewed its lease for ${lasting(sinceMs)} more than it may.`,
    },
    cure: 'Its process hangs, or has died just now: look at it. Others that live take its lists over within seconds.',
  };
}

function checkGone(gone: readonly ServerRow[]): Finding[] {
  const idsOf = (those: readonly ServerRow[]): string => those.map(({ id }) => id).join(', ');
  const [dead, left] = (['dead', 'left'] as const).map((state) => gone.filter((one) => one.state === state));
  const findings: Finding[] = [];
  if (dead?.length)
    findings.push({
      ...{ about, state: 'warn', what: `Died in the last 11 minutes, without a goodbye: ${idsOf(dead)}.` },
      cure: 'Look at the end of its log, and whether something ended it with SIGKILL, or for its memory.',
    });
  if (left?.length)
    findings.push({ about, state: 'ok', what: `Left in order in the last 11 minutes: ${idsOf(left)}.` });
  const behind = gone.filter(({ waiting }) => waiting > 0);
  const waiting = behind.reduce((sum, one) => sum + one.waiting, 0);
  if (waiting > 0)
    findings.push({
      ...{
        about,
        state: 'warn',
        what: `${counted(waiting, 'entry', 'entries')} still wait for what is gone: ${idsOf(behind)}.`,
      },
      cure: 'A server that lives takes them over within seconds; without one they are dropped after 11 minutes.',
    });
  return findings;
}

function behind({ id, waiting }: ServerRow): Finding {
  return {
    ...{
      about,
      state: 'bad',
      what: `${waiting} entries wait for server ${id}: senders have to wait for it.`,
    },
    cure: 'Look at its CPU, its log and im_… metrics; add a server, or workers.',
  };
}

function checkFeatures(live: readonly ServerRow[]): Finding[] {
  const kinds = new Set(live.map(({ info }) => [...(info?.features ?? [])].sort().join(',')));
  if (kinds.size < 2) return [];
  return [
    {
      ...{ about, state: 'warn', what: 'Servers differ in what they can do: in their versions, or options.' },
      cure: '"im servers" shows the features of each. During an upgrade it is as it should be.',
    },
  ];
}

function ahead({ id }: ServerRow): Finding {
  return {
    ...{
      about: 'clock',
      state: 'bad',
      what: `Server ${id} says that it started later than Redis has it now.`,
    },
    cure: 'Run NTP on its machine: it judges tokens by its clock.',
  };
}
