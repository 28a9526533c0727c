import { expect, it } from 'vitest';
import { freshName, type Connections } from './subject.ts';

// P-6.13.

export function claims(connections: () => Connections): void {
  it('gives each field the value that was claimed first', async () => {
    const { bus, second } = connections();
    const name = freshName('message');

    const first = await bus.claims.claim(name, [
      { field: '1:0', value: '7 a' },
      { field: '2:0', value: '8 a' },
    ]);
    const later = await second.claims.claim(name, [
      { field: '2:0', value: '9 b' },
      { field: '3:0', value: '9 b' },
    ]);

    expect(first).toEqual({ isFirst: true, values: ['7 a', '8 a'] });
    expect(later).toEqual({ isFirst: false, values: ['8 a', '9 b'] });
    expect(await bus.claims.find(name, ['1:0', '2:0', '3:0', '4:0'])).toEqual([
      '7 a',
      '8 a',
      '9 b',
      undefined,
    ]);
  });

  it('replaces the value that its claimant gives up, and no other', async () => {
    const { bus, second } = connections();
    const name = freshName('message');
    await bus.claims.claim(name, [{ field: '1:0', value: '7 a' }]);

    const moved = { field: '1:0', value: '8 b', instead: '7 a' };
    expect((await bus.claims.claim(name, [moved])).values).toEqual(['8 b']);
    expect((await bus.claims.claim(name, [moved])).values).toEqual(['8 b']);
    expect((await second.claims.claim(name, [{ ...moved, value: '9 c' }])).values).toEqual(['8 b']);
  });

  it('lets one of many who claim at once have it, and tells all the same', async () => {
    const { bus, second } = connections();
    const name = freshName('message');

    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? bus : second).claims.claim(name, [{ field: '1:0', value: `7 ${index}` }]),
      ),
    );

    expect(new Set(outcomes.map(({ values }) => values[0])).size).toBe(1);
    expect(outcomes.filter(({ isFirst }) => isFirst)).toHaveLength(1);
  });

  it('keeps names apart, and takes many claims of one', async () => {
    const { bus } = connections();
    const [one, other] = [freshName('message'), freshName('message')];
    const many = Array.from({ length: 2_500 }, (_, index) => ({ field: `${index}:0`, value: '7 a' }));

    const [outcome] = await Promise.all([
      bus.claims.claim(one, many),
      bus.claims.claim(other, [{ field: '1:0', value: '8 b' }]),
    ]);

    expect(outcome.values).toHaveLength(2_500);
    expect(
      await bus.claims.find(
        other,
        many.map(({ field }) => field),
      ),
    ).toEqual(many.map(({ field }) => (field === '1:0' ? '8 b' : undefined)));
    expect(await bus.claims.claim(freshName('message'), [])).toEqual({ isFirst: true, values: [] });
  });
}
