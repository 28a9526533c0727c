import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judge, type Suspects } from '../src/bus/cluster/failure-detector.ts';

interface Late {
  readonly id: string;
  readonly boot: string;
}

const nobody: Suspects = new Map();
const ids = ['a', 'b', 'c', 'me'];
const looks = fc.array(
  fc.record(Object.fromEntries(ids.map((id) => [id, fc.constantFrom(undefined, 'boot 1', 'boot 2')]))),
  { minLength: 1, maxLength: 6 },
);

test('dead is, at each look, who was late under the same boot at that one and the one before, and not oneself', () => {
  fc.assert(
    fc.property(looks, (views) => {
      const lateAt = (look: number): Late[] =>
        ids.flatMap((id) => {
          const boot = views[look]?.[id];
          return boot === undefined ? [] : [{ id, boot }];
        });
      let suspects = nobody;
      for (let look = 0; look < views.length; look++) {
        const expired = lateAt(look).map((member) => ({ ...member, info: '', lateMs: 1 }));
        const verdict = judge({ expired }, suspects, 'me');
        const expected = lateAt(look).filter(
          ({ id, boot }) =>
            id !== 'me' && lateAt(look - 1).some((late) => late.id === id && late.boot === boot),
        );
        expect(verdict.dead.map(({ id, boot }) => ({ id, boot }))).toEqual(expected);
        suspects = verdict.suspects;
      }
    }),
  );
});
