import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { decide, type NewMessage, type Place } from '../src/away/decision.ts';

// The table of docs/away-push.md, line by line.

const place: Place = {
  ...{ isSignedIn: true, told: 0, isShown: false, isToldRecalled: false, read: 4, delivered: 0 },
  ...{ isMuted: false, isOnline: false, isQuiet: false, isPaused: false },
};
const message: NewMessage = {
  ...{ number: 5, counts: true, isOwn: false, isForOthers: false, isRecalled: false, isBlocked: false },
  ...{ isMention: false, proof: 'known' },
};

type Row = readonly [
  when: string,
  expected: string,
  place: Partial<Place>,
  ...messages: Partial<NewMessage>[],
];

const rows: readonly Row[] = [
  ['no device is connected', 'told', {}, {}],
  ['a device is connected and has acknowledged it', 'nothing: acknowledged', { isOnline: true }, {}],
  ['in private: a device had it, and has gone since', 'nothing: acknowledged', { delivered: 5 }, {}],
  [
    'a device is connected and silent: it did not acknowledge',
    'told',
    { isOnline: true },
    { proof: 'missed' },
  ],
  [
    'a device is connected, and not all results are there',
    'wait: no-results-yet',
    { isOnline: true },
    { proof: 'open' },
  ],
  ['no device is connected, and not all results of others are there', 'told', {}, { proof: 'open' }],
  ['it was read meanwhile', 'nothing: read', { read: 5 }, {}],
  ['it was recalled meanwhile', 'nothing: recalled', {}, { isRecalled: true }],
  [
    'the newest was recalled, and one before it was not',
    'told of that',
    {},
    { number: 6, isRecalled: true },
    {},
  ],
  ['the conversation is muted', 'nothing: muted', { isMuted: true }, {}],
  [
    'it is muted, and the message mentions the user, or everybody',
    'told',
    { isMuted: true },
    { isMention: true },
  ],
  [
    'a newer one of a muted conversation does not mention them',
    'told of that',
    { isMuted: true },
    { number: 6 },
    { isMention: true },
  ],
  ['they wrote it themselves, on another device', 'nothing: own', {}, { isOwn: true }],
  ['it is a tip: somebody joined, a call that was answered', 'nothing: not-counted', {}, { counts: false }],
  ['it is directed at others, or of before they joined', 'nothing: for-others', {}, { isForOthers: true }],
  ['one of the two has blocked the other', 'nothing: blocked', {}, { isBlocked: true }],
  ['it is quiet hours, whatever it says', 'nothing: quiet-hours', { isQuiet: true }, { isMention: true }],
  [
    'the session of the device has ended, or the account is banned',
    'nothing: signed-out',
    { isSignedIn: false },
    {},
  ],
  ['this device was told of it', 'nothing: told', { told: 5 }, {}],
  ['it was told of one before, which nobody has read', 'told', { told: 4, read: 3, isShown: true }, {}],
  ['its push service asked for a pause', 'wait: service-busy', { isPaused: true }, {}],
  ['it shows one that was read elsewhere', 'withdraw: read', { told: 5, read: 5, isShown: true }, {}],
  [
    'it shows one that was recalled',
    'withdraw: recalled',
    { told: 5, isShown: true, isToldRecalled: true },
    { number: 6, counts: false },
  ],
  [
    'what it shows was recalled, and there is something new',
    'told',
    { told: 4, read: 3, isShown: true, isToldRecalled: true },
    {},
  ],
];

for (const [when, expected, itsPlace, ...messages] of rows)
  it(`${when}: ${expected}`, () => {
    const seen = messages.map((one) => ({ ...message, ...one }));
    const decision = decide({ ...place, ...itsPlace }, seen);

    const [newest] = seen;
    const of = 'number' in decision && decision.number !== newest?.number ? ' of that' : '';
    const said = decision.act === 'tell' ? `told${of}` : `${decision.act}: ${decision.why}`;
    expect(said).toBe(expected);
  });

it('is the table that is documented', async () => {
  const text = await readFile(new URL('../../../docs/away-push.md', import.meta.url), 'utf8');
  const table = text
    .split('\n')
    .flatMap((line) => /^\| (.*?) +\| (.*?) +\|$/.exec(line)?.slice(1, 3).join(': ') ?? []);

  expect(table.filter((line) => !/^(-|When)/.test(line))).toEqual(
    expect.arrayContaining(rows.map(([when, expected]) => `${when}: ${expected}`)),
  );
});
