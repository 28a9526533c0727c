import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinkedSet, type Linked } from '../src/bus/linked-set.ts';

class Item implements Linked<Item> {
  readonly name: number;
  linkBefore: Item | undefined;
  linkAfter: Item | undefined;

  constructor(name: number) {
    this.name = name;
  }
}

const items = 8;

describe('a linked set', () => {
  it('is a Set, for whatever is done with it', () => {
    const step = fc.tuple(fc.constantFrom('add', 'delete', 'clear'), fc.nat(items - 1));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const all = Array.from({ length: items }, (_, name) => new Item(name));
        const [set, model] = [new LinkedSet<Item>(), new Set<Item>()];
        for (const [what, name] of steps) {
          const item = all[name] as Item; // there are as many as names
          if (what === 'delete') expect(set.delete(item)).toBe(model.delete(item));
          for (const one of [set, model]) {
            if (what === 'add') one.add(item);
            if (what === 'clear') one.clear();
          }
          expect([...set]).toEqual([...model]);
          expect(set.size).toBe(model.size);
          expect(set.first).toBe([...model][0]);
          expect(set.last).toBe([...model].at(-1));
          for (const each of all) expect(set.has(each)).toBe(model.has(each));
        }
      }),
    );
  });

  it('points nowhere from what has left', () => {
    const [a, b, c] = [new Item(1), new Item(2), new Item(3)];
    const set = new LinkedSet<Item>();
    for (const item of [a, b, c]) set.add(item);

    for (const item of [b, a, c]) {
      set.delete(item);
      expect([item.linkBefore, item.linkAfter]).toEqual([undefined, undefined]);
    }
  });

  it('gives the rest when an item is deleted as it is given', () => {
    const set = new LinkedSet<Item>();
    for (let name = 1; name <= 4; name += 1) set.add(new Item(name));

    const names: number[] = [];
    for (const item of set) {
      names.push(item.name);
      if (item.name % 2 === 1) set.delete(item);
    }

    expect(names).toEqual([1, 2, 3, 4]);
    expect([...set].map(({ name }) => name)).toEqual([2, 4]);
  });
});
