import { expect, it } from 'vitest';
import type { DeviceAddress } from '../../src/address.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { toByteText } from '../../src/bus/byte-text.ts';
import type {
  Session,
  SessionBound,
  SessionRule,
  SessionToRefresh,
  TableRow,
} from '../../src/bus/sessions.ts';
import { freshName, freshNumber, type Connections } from './subject.ts';

// P-16.1, P-16.2, P-16.3, P-16.6.

const newest: SessionRule = { most: 1, refusesNewcomers: false };

export function sessions(connections: () => Connections): void {
  it('writes a session with the route, and says how things stand', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const session = sessionAt(address, 7, { devId: 'phone', from: '192.0.2.7', agent: 'Müller/1.0 "x"' });

    const bound = await bus.sessions.bind(session, newest);

    expect(bound).toEqual({
      status: 'bound',
      before: undefined,
      standing: { number: expect.any(Number) as number, open: 1 },
      displaced: [],
      others: [],
      hasKept: false,
    });
    expect(await second.presence.locate([address])).toEqual([7]);
    expect(await second.sessions.list([address, freshAddress()])).toEqual([[session], []]);
  });

  it('gives rising numbers to all that happens at an address, whoever asks', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const numbers: number[] = [];

    for (let round = 0; round < 20; round += 1) {
      const session = sessionAt(address, round);
      const bound = await (round % 2 === 0 ? bus : second).sessions.bind(session, newest);
      numbers.push(standingOf(bound).number);
      const [standing] = await (round % 2 === 0 ? second : bus).sessions.unbind([session]);
      numbers.push(standing?.number ?? 0);
      expect(standing?.open).toBe(0);
    }

    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(await bus.presence.locate([address])).toEqual([undefined]);
  });

  it('lets the newest take the place of the oldest, and tells whose it was', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const [first, other] = [sessionAt(address, 7), sessionAt(address, 8)];
    await bus.sessions.bind(first, newest);

    const bound = await second.sessions.bind(other, newest);
    const [after] = await bus.sessions.unbind([first]);

    expect(bound).toMatchObject({ before: 7, standing: { open: 1 }, displaced: [first] });
    expect(after).toEqual({ number: expect.any(Number) as number, open: 1 });
    expect(await bus.presence.locate([address])).toEqual([8]);
    expect(await bus.sessions.list([address])).toEqual([[other]]);
  });

  it('lets several in, and points the route at the newest that is left', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const two = { ...newest, most: 2 };
    const [a, b, c] = [sessionAt(address, 7), sessionAt(address, 8), sessionAt(address, 9)];

    expect(await bus.sessions.bind(a, two)).toMatchObject({ standing: { open: 1 } });
    expect(await second.sessions.bind(b, two)).toMatchObject({ standing: { open: 2 }, displaced: [] });
    expect(await bus.sessions.bind(c, two)).toMatchObject({ standing: { open: 2 }, displaced: [a] });
    expect(await second.sessions.refresh([{ ...a, most: 2 }])).toEqual([{ foreign: 9 }]);
    expect(await bus.sessions.unbind([a])).toMatchObject([{ open: 2 }]);
    expect(await second.presence.locate([address])).toEqual([9]);

    expect(await second.sessions.unbind([c], 60_000)).toMatchObject([{ open: 1 }]);
    expect(await bus.presence.locate([address])).toEqual([8]);
    expect(await bus.sessions.unbind([b], 60_000)).toMatchObject([{ open: 0 }]);
    expect(await second.presence.locate([address])).toEqual(['moving']);
    // A server that makes its table complete may find what has just ended, and end it once more.
    expect(await second.sessions.unbind([b])).toMatchObject([{ open: 0 }]);
    expect(await bus.presence.locate([address])).toEqual(['moving']);
  });

  it('tells the newest of several where the others are, in the order in which they began', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const three = { ...newest, most: 3 };
    // Clocks differ: the order is that of the bus.
    const [a, b, c, d] = [7, 8, 9, 7].map((server, index) =>
      sessionAt(address, server, { since: 1_764_000_000_000 - index }),
    ) as [Session, Session, Session, Session];

    expect(await bus.sessions.bind(a, three)).toMatchObject({ others: [] });
    expect(await second.sessions.bind(b, three)).toMatchObject({ others: [7] });
    expect(await bus.sessions.bind(c, three)).toMatchObject({ others: [7, 8] });
    expect(await second.sessions.bind(d, three)).toMatchObject({ others: [8, 9], displaced: [a] });
    expect(await bus.sessions.list([address])).toEqual([[a, b, c, d]]);

    await bus.sessions.unbind([a, d]);
    expect(await second.presence.locate([address])).toEqual([9]);
    expect(await second.sessions.bind(a, three)).toMatchObject({ others: [8, 9], displaced: [] });
    await bus.sessions.unbind([a, b]);
    expect(await second.presence.locate([address])).toEqual([9]);
  });

  it('lets several be written again when they were lost, and no more than may be in', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const fresh = (server: number): SessionToRefresh => ({ ...sessionAt(address, server), most: 2 });
    const [a, b, c] = [fresh(7), fresh(8), fresh(9)];

    expect(await bus.sessions.refresh([a])).toMatchObject([{ standing: { open: 1 }, others: [] }]);
    expect(await second.sessions.refresh([b])).toMatchObject([{ standing: { open: 2 }, others: [7] }]);
    expect(await bus.presence.locate([address])).toEqual([8]);
    expect(await bus.sessions.refresh([c, a, b])).toEqual([{ foreign: 8 }, {}, {}]);
    expect(await second.sessions.refresh([{ ...c, serverId: 8 }])).toEqual([{ foreign: 8 }]);
    expect(await bus.presence.locate([address])).toEqual([8]);

    await second.presence.unbind(address, 8);
    expect(await bus.sessions.refresh([a])).toEqual([{}]);
    expect(await bus.presence.locate([address])).toEqual([8]);
  });

  it('keeps a newcomer out, unless the holder is the same device or does not count', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const refusing = { most: 1, refusesNewcomers: true };
    const [holder, newcomer] = [sessionAt(address, 7, { devId: 'a' }), sessionAt(address, 8, { devId: 'b' })];
    await bus.sessions.bind(holder, refusing);

    expect(await second.sessions.bind(newcomer, refusing)).toEqual({ status: 'refused', holders: [holder] });
    expect(await bus.presence.locate([address])).toEqual([7]);

    const again = sessionAt(address, 8, { devId: 'a' });
    expect(await second.sessions.bind(again, refusing)).toMatchObject({
      status: 'bound',
      displaced: [holder],
    });
    expect(await bus.sessions.bind(newcomer, { ...refusing, without: [again.id] })).toMatchObject({
      status: 'bound',
      displaced: [again],
    });
    expect(await second.sessions.list([address])).toEqual([[newcomer]]);
  });

  it('lets nobody in whose token is revoked', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const endsAt = Date.now() + 60_000;
    await second.presence.revoke(address, { expiringBefore: endsAt + 1 });

    expect(await bus.sessions.bind(sessionAt(address, 7), newest, { endsAt })).toEqual({ status: 'revoked' });
    expect(await bus.sessions.list([address])).toEqual([[]]);
    expect(await bus.presence.locate([address])).toEqual([undefined]);
  });

  it('tells a login of what is kept for it (P-15.3)', async () => {
    const { bus, second } = connections();
    const [address, other] = [freshAddress(), freshAddress()];
    const message = {
      id: 'a',
      text: toByteText('a text'),
      sentAt: 1,
      forMs: 60_000,
      most: 100,
      rememberMs: 1,
    };
    await second.kept.keep(address, message);

    expect(await bus.sessions.bind(sessionAt(address, 7), newest)).toMatchObject({ hasKept: true });
    expect(await bus.sessions.bind(sessionAt(other, 7), newest)).toMatchObject({ hasKept: false });
    expect(await second.kept.keep(address, { ...message, id: 'b' })).toBe(7);
  });

  it('answers each of a crowd for itself', async () => {
    const { bus, second } = connections();
    const crowd = Array.from({ length: 250 }, (_, index) => sessionAt(freshAddress(), index));

    const bound = await Promise.all(crowd.map((session) => bus.sessions.bind(session, newest)));
    const standings = await second.sessions.unbind(crowd);

    expect(bound.every((one) => standingOf(one).open === 1)).toBe(true);
    expect(standings.map(({ open }) => open)).toEqual(crowd.map(() => 0));
    expect(standings.every(({ number }, index) => number > standingOf(bound[index]).number)).toBe(true);
  });

  it('writes lost sessions again, and returns those that another server has the route of', async () => {
    const { bus, second } = connections();
    const [mine, lost, foreign, shared] = [1, 2, 3, 4].map(() => sessionAt(freshAddress(), 5)) as [
      Session,
      Session,
      Session,
      Session,
    ];
    const two = { ...newest, most: 2 };
    for (const session of [mine, foreign]) await bus.sessions.bind(session, newest);
    await bus.sessions.bind(shared, two);
    await second.sessions.bind(sessionAt(shared.address, 6), two);
    await second.presence.bind(foreign.address, 6); // by a server that keeps no sessions

    const answers = await bus.sessions.refresh([mine, lost, foreign, shared]);

    expect(answers).toEqual([
      {},
      { standing: { number: expect.any(Number) as number, open: 1 }, others: [] },
      { foreign: 6 },
      {},
    ]);
    const routes = await second.presence.locate([mine, lost, foreign, shared].map(({ address }) => address));
    expect(routes).toEqual([5, 5, 6, 6]);
    expect(await second.sessions.refresh([])).toEqual([]);
  });

  it('tells a server whose session was displaced that the route is another one’s', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const session = sessionAt(address, 5);
    await bus.sessions.bind(session, newest);
    await second.sessions.bind(sessionAt(address, 6), newest);

    expect(await bus.sessions.refresh([session])).toEqual([{ foreign: 6 }]);
  });

  it('has a table for each server, in pages', async () => {
    const { bus, second } = connections();
    const [server, empty] = [freshNumber() + 1_000_000, freshNumber() + 1_000_000];
    const rows = Array.from({ length: 1_200 }, (_, index) => rowOf(`${server}-${index}`, index));
    const set = rows.map(({ id, ...row }) => [id, row] as const);

    await bus.sessions.record(server, set);
    await second.sessions.record(server, set.slice(0, 2));
    await second.sessions.record(server, [
      [rows[0]?.id ?? '', undefined],
      ['unknown', undefined],
    ]);

    const byId = (a: TableRow, b: TableRow): number => a.id.localeCompare(b.id);
    expect((await tableOf(second, server)).sort(byId)).toEqual(rows.slice(1).sort(byId));
    expect(await tableOf(second, empty)).toEqual([]);
    expect(await bus.sessions.count([server, empty])).toEqual([1_199, 0]);
    await bus.sessions.record(
      server,
      rows.map(({ id }) => [id, undefined] as const),
    );
    expect(await second.sessions.count([server])).toEqual([0]);
  });

  it('shows notices to all members of a group while they stand', async () => {
    const { bus, second } = connections();
    const [group, name] = [freshName('group'), 'a notice'];
    const notices = async (): Promise<unknown> => [...((await second.registry.view(group)).notices ?? [])];

    expect(await bus.registry.post(group, name, 'Grüße', 60_000)).toBeUndefined();
    expect(await second.registry.post(group, 'short', '', 1)).toBeUndefined();
    await expect.poll(notices).toEqual([[name, 'Grüße']]);
    expect(await second.registry.post(group, name, 'other', 60_000)).toBe('Grüße');
    expect(await bus.registry.post(group, name, '', 0)).toBe('other');
    expect(await notices()).toEqual([]);
  });
}

function freshAddress(): DeviceAddress {
  return { id: freshName('sat.here@home'), terminal: -1 };
}

function sessionAt(address: DeviceAddress, serverId: number, more: Partial<Session> = {}): Session {
  const number = freshNumber();
  const times = { since: 1_764_000_000_000 + number, heardAt: 1_764_000_000_001 + number };
  return { id: `${serverId}-${number}`, address, serverId, ...times, ...more };
}

function standingOf(bound: SessionBound | undefined): { number: number; open: number } {
  if (bound?.status !== 'bound') throw new Error(`It was ${bound?.status ?? 'not answered'}`);
  return bound.standing;
}

function rowOf(id: string, index: number): TableRow {
  const address = { id: `user@${index}`, terminal: (index % 4) - 1 };
  return { id, address, since: 1_764_000_000_000, standing: { number: index + 1, open: 1 } };
}

async function tableOf(bus: Bus, server: number): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const page of bus.sessions.table(server)) rows.push(...page);
  return rows;
}
