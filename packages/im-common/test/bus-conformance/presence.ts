import { expect, it } from 'vitest';
import { Terminal, type DeviceAddress } from '../../src/address.ts';
import type { Whereabouts } from '../../src/bus/bus.ts';
import { freshName, freshNumber, type Connections } from './subject.ts';

// P-5.10, P-9.9.

export function presence(connections: () => Connections): void {
  it('points an address at a server and returns the one before', async () => {
    const { bus, second } = connections();
    const address = freshAddress();

    expect(await bus.presence.bind(address, 1)).toBeUndefined();
    expect(await second.presence.bind(address, 2)).toBe(1);
    expect(await bus.presence.bind(address, 2)).toBe(2);
    expect(await second.presence.locate([address])).toEqual([2]);
  });

  it('tells each of many who bind at once a different server before', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const servers = Array.from({ length: 40 }, (_, index) => index + 1);

    const before = await Promise.all(
      servers.map((server) => (server % 2 === 0 ? bus : second).presence.bind(address, server)),
    );
    const [last] = await bus.presence.locate([address]);

    const seen = [...before, last].filter((server) => typeof server === 'number');
    expect(seen.toSorted((a, b) => a - b)).toEqual(servers);
  });

  it('answers each of a crowd that binds at once for itself', async () => {
    const { bus, second } = connections();
    const addresses = Array.from({ length: 250 }, freshAddress);
    const endsAt = Date.now() + 600_000;
    const isRevoked = (index: number): boolean => index % 5 === 0;
    const cameFrom = (index: number): number | undefined => (index % 3 === 0 ? 1_000 + index : undefined);
    for (const [index, address] of addresses.entries()) {
      const server = cameFrom(index);
      if (server !== undefined) await second.presence.bind(address, server);
      if (isRevoked(index)) await second.presence.revoke(address, { expiringBefore: endsAt + 1 });
    }

    const answers = await Promise.all(addresses.map((address) => bus.presence.bind(address, 7, { endsAt })));

    expect(answers).toEqual(addresses.map((_, index) => (isRevoked(index) ? 'revoked' : cameFrom(index))));
    expect(await second.presence.locate(addresses)).toEqual(
      addresses.map((_, index) => (isRevoked(index) ? cameFrom(index) : 7)),
    );
  });

  it('remembers for a while that a device left without a goodbye', async () => {
    const { bus, second } = connections();
    const [gone, back, elsewhere, lost] = [freshAddress(), freshAddress(), freshAddress(), freshAddress()];
    for (const address of [gone, back, elsewhere]) await bus.presence.bind(address, 7);
    await second.presence.bind(elsewhere, 8);

    for (const address of [gone, back, elsewhere, lost]) await bus.presence.unbind(address, 7, 60_000);
    await bus.presence.bind(back, 9);

    expect(await second.presence.locate([gone, back, elsewhere, lost])).toEqual(['moving', 9, 8, 'moving']);

    await bus.presence.unbind(back, 9);
    // Who says it once more, and knows less, does not take it back.
    await bus.presence.unbind(gone, 7);
    await second.presence.unbindAll([{ address: gone, serverId: 7 }]);
    expect(await second.presence.locate([gone, back])).toEqual(['moving', undefined]);
  });

  it('removes a route that points at this server', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    await bus.presence.bind(address, 7);

    await second.presence.unbind(address, 7);
    await second.presence.unbind(address, 7);

    expect(await bus.presence.locate([address])).toEqual([undefined]);
    expect(await bus.presence.bind(address, 8)).toBeUndefined();
  });

  it('leaves a route that points at another server', async () => {
    const { bus } = connections();
    const address = freshAddress();
    await bus.presence.bind(address, 7);
    await bus.presence.bind(address, 77);

    await bus.presence.unbind(address, 7);

    expect(await bus.presence.locate([address])).toEqual([77]);
  });

  it('removes many routes that point where they are said to point, and no others', async () => {
    const { bus, second } = connections();
    const addresses = Array.from({ length: 1_100 }, freshAddress);
    const [moved] = addresses as [DeviceAddress, ...DeviceAddress[]];
    await bus.presence.refresh(addresses, 7);
    await bus.presence.bind(moved, 77);

    const routes = addresses.map((address, index) => ({ address, serverId: index === 1_099 ? 8 : 7 }));
    await second.presence.unbindAll(routes);
    await second.presence.unbindAll(routes);
    await second.presence.unbindAll([]);

    const left = await bus.presence.locate(addresses);
    expect([left[0], left[1_099], ...new Set(left.slice(1, 1_099))]).toEqual([77, 7, undefined]);
  });

  it('walks through all routes', async () => {
    const { bus, second } = connections();
    const user = freshName('walked.on_foot@home');
    const addresses = Array.from({ length: 2_500 }, (_, index) => ({
      id: `${user}-${index}`,
      terminal: Terminal.UNKNOWN,
    }));
    await bus.presence.refresh(addresses, 3);
    await bus.presence.bind({ id: user, terminal: Terminal.WEB }, 4);

    const found = new Map<string, number>();
    for await (const page of second.presence.routes()) {
      for (const { address, serverId } of page) {
        if (address.id.startsWith(user)) found.set(`${address.id} ${address.terminal}`, serverId);
      }
    }

    expect(found.get(`${user} 0`)).toBe(4);
    expect(found.size).toBe(2_501);
    expect(new Set(found.values())).toEqual(new Set([3, 4]));
  });

  it('writes lost routes again, keeps its own, and returns foreign ones as they are', async () => {
    const { bus, second } = connections();
    const [mine, lost, foreign, alsoForeign] = [
      freshAddress(),
      freshAddress(),
      freshAddress(),
      freshAddress(),
    ];
    await bus.presence.bind(mine, 5);
    await bus.presence.bind(foreign, 6);
    await bus.presence.bind(alsoForeign, 55);

    const returned = await second.presence.refresh([foreign, mine, lost, alsoForeign], 5);

    expect(returned).toEqual([
      { address: foreign, serverId: 6 },
      { address: alsoForeign, serverId: 55 },
    ]);
    expect(await bus.presence.locate([mine, lost, foreign, alsoForeign])).toEqual([5, 5, 6, 55]);
  });

  it('answers in the order of the addresses, for any number of them', async () => {
    const { bus, second } = connections();
    const user = freshName('user');
    const addresses = Array.from({ length: 1_500 }, (_, index) => ({
      id: `${user}.${index}`,
      terminal: Terminal.WEB,
    }));
    const bound = addresses.filter((_, index) => index % 3 !== 0);
    expect(await bus.presence.refresh(bound, 3)).toEqual([]);
    const [first, ...others] = addresses.toReversed() as [DeviceAddress, ...DeviceAddress[]];
    await bus.presence.bind(first, 4);
    const left = addresses[3] as DeviceAddress;
    await bus.presence.unbind(left, 3, 5_000);

    const located = await second.presence.locate([first, ...others, first]);

    const places: Whereabouts[] = addresses.map((_, index) => (index % 3 === 0 ? undefined : 3));
    const expected = places.with(3, 'moving').toReversed();
    expect(located).toEqual([4, ...expected.slice(1), 4]);
    expect(await second.presence.refresh(addresses, 3)).toEqual([{ address: first, serverId: 4 }]);
  });

  it('answers nothing for no addresses', async () => {
    const { bus } = connections();

    expect(await bus.presence.locate([])).toEqual([]);
    expect(await bus.presence.refresh([], 1)).toEqual([]);
  });

  it('keeps the terminals of a user apart', async () => {
    const { bus } = connections();
    const id = freshName('user');
    const addresses = [Terminal.WEB, Terminal.APP, Terminal.UNKNOWN, 10].map((terminal) => ({
      id,
      terminal,
    }));
    for (const [index, address] of addresses.entries()) await bus.presence.bind(address, 100 + index);

    expect(await bus.presence.locate(addresses)).toEqual([100, 101, 102, 103]);
    expect(await bus.presence.locate([{ id, terminal: Terminal.PC }])).toEqual([undefined]);
  });

  it.for([
    ['9007199254740992', '9007199254740993'],
    ['9223372036854775807', '-9223372036854775808'],
    ['1', '01'],
    ['a.b@example.org', 'A.b@example.org'],
    ['1', '1.0'],
  ] as const)('takes the users %s and %s for two', async ([one, other]) => {
    const { bus } = connections();
    const terminal = freshNumber();

    await bus.presence.bind({ id: one, terminal }, 1);
    await bus.presence.bind({ id: other, terminal }, 2);

    const addresses = [one, other].map((id) => ({ id, terminal }));
    expect(await bus.presence.locate(addresses)).toEqual([1, 2]);
    expect(await bus.presence.refresh(addresses, 1)).toEqual([
      { address: { id: other, terminal }, serverId: 2 },
    ]);
  });

  it('refuses tokens that were issued before a revocation, but for those of sessions that are kept', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const at = Date.now();
    const until = at + 600_000;
    const endsAt = at + 60_000;
    const bind = (issuedAt?: number, session?: string): Promise<unknown> =>
      second.presence.bind(address, 1, { endsAt, issuedAt, session });
    await bind(at - 1);

    await bus.presence.revoke(address, { issuedBefore: at, keepSessions: ['kept', 'k2'], until });

    expect(await bind(at - 1)).toBe('revoked');
    expect(await bind(at - 1, 'other')).toBe('revoked');
    expect(await bind(at - 1, 'kep')).toBe('revoked');
    expect(await bind()).toBe('revoked');
    expect(await bind(Number.NaN)).toBe('revoked');
    expect(await bind(at - 1, 'kept')).toBe(1);
    expect(await bind(at - 1, 'k2')).toBe(1);
    expect(await bind(at)).toBe(1);

    await bus.presence.revoke(address, { issuedBefore: at - 5, keepSessions: ['other'], until });
    expect(await bind(at - 1, 'other')).toBe('revoked');
    await bus.presence.revoke(address, { issuedBefore: at + 5, keepSessions: [], until });
    expect(await bind(at - 1, 'kept')).toBe('revoked');
    // Of both kinds at once each refuses its own.
    await bus.presence.revoke(address, { expiringBefore: endsAt + 1 });
    expect(await bind(at + 5)).toBe('revoked');
    expect(await second.presence.bind(address, 1, { endsAt: endsAt + 1, issuedAt: at + 5 })).toBe(1);
    expect(await second.presence.bind(address, 1, { endsAt: endsAt + 1, issuedAt: at })).toBe('revoked');
    expect(await second.presence.revocations([address])).toEqual([
      { expiringBefore: endsAt + 1, issuedBefore: at + 5, keepSessions: [] },
    ]);
  });

  it('refuses tokens that end before a revocation, and leaves the route as it is', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const endsAt = Date.now() + 600_000;
    await bus.presence.bind(address, 1, { endsAt });

    await bus.presence.revoke(address, { expiringBefore: endsAt + 1 });

    expect(await second.presence.bind(address, 2, { endsAt })).toBe('revoked');
    expect(await second.presence.bind(address, 2, { endsAt: Number.NaN })).toBe('revoked');
    expect(await second.presence.bind(address, 2)).toBe('revoked'); // without an end
    expect(await bus.presence.locate([address])).toEqual([1]);
    expect(await second.presence.bind(address, 2, { endsAt: endsAt + 1 })).toBe(1);
  });

  it('never shortens a revocation, and lengthens it', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const endsAt = Date.now() + 600_000;

    await bus.presence.revoke(address, { expiringBefore: endsAt });
    await second.presence.revoke(address, { expiringBefore: endsAt - 1_000 });
    expect(await bus.presence.bind(address, 1, { endsAt: endsAt - 1 })).toBe('revoked');
    expect(await bus.presence.bind(address, 1, { endsAt })).toBeUndefined();

    await second.presence.revoke(address, { expiringBefore: endsAt + 1_000 });
    expect(await bus.presence.bind(address, 1, { endsAt })).toBe('revoked');
  });

  it('says which revocation stands for whom, and forgets those that no token can meet', async () => {
    const { bus, second } = connections();
    const [revoked, free, long] = [freshAddress(), freshAddress(), freshAddress()];
    const otherTerminal = { ...revoked, terminal: Terminal.APP };
    const endsAt = Date.now() + 600_000;
    await bus.presence.revoke(revoked, { expiringBefore: endsAt });
    await bus.presence.revoke(long, { expiringBefore: Date.now() - 61_000 });

    const standing = await second.presence.revocations([free, revoked, long, otherTerminal, revoked]);

    const stands = { expiringBefore: endsAt };
    expect(standing).toEqual([undefined, stands, undefined, undefined, stands]);
    expect(await bus.presence.bind(long, 1)).toBeUndefined();
    expect(await bus.presence.revocations([])).toEqual([]);
  });

  it('lets no login slip between a revocation and a look at where the device is', async () => {
    const { bus, second } = connections();
    const endsAt = Date.now() + 600_000;
    const slipped = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const address = freshAddress();
        const [bound, [place]] = await Promise.all([
          second.presence.bind(address, 1, { endsAt }),
          bus.presence
            .revoke(address, { expiringBefore: endsAt + 1 })
            .then(() => bus.presence.locate([address])),
        ]);
        return bound !== 'revoked' && place === undefined;
      }),
    );

    expect(slipped).not.toContain(true);
  });

  it('carries server ids up to 2^31 - 1', async () => {
    const { bus } = connections();
    const address = freshAddress();

    await bus.presence.bind(address, 2_147_483_647);

    expect(await bus.presence.locate([address])).toEqual([2_147_483_647]);
  });
}

function freshAddress(): DeviceAddress {
  return { id: freshName('user'), terminal: Terminal.WEB };
}
