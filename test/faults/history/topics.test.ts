import { expect, test } from 'vitest';
import { check } from './check.ts';
import type { Happening } from './event.ts';

/** One line of a history: when, who, what. */
type Line = readonly [at: number, by: string, happening: Happening];

const [member, other] = ['2:0', '3:0'];

function login(address: string, connection: number, follows = false): Happening {
  return { type: 'login', address, connection, server: 'server-1', follows };
}

function closed(address: string, connection: number): Happening {
  return { type: 'closed', address, connection, code: 1000 };
}

function frame(address: string, message: string, connection: number): Happening {
  return { type: 'frame', address, connection, message };
}

function changing(change: string, joins: readonly string[], leaves: readonly string[] = []): Happening {
  return { type: 'changing', change, topic: 'room', joins, leaves };
}

function changed(change: string): Happening {
  return { type: 'changed', change };
}

function fault(scope: 'memory' | 'server', phase: 'begin' | 'end', target?: string): Happening {
  return { type: 'fault', id: 2, phase, name: 'something', scope, target };
}

/** A message to the topic, whose results come 3 ms later. */
function message(at: number, name: string, order: number, except: readonly string[] = []): Line[] {
  const topic = { name: 'room', except, isKept: true };
  return [
    [at, 'a', { type: 'sending', message: name, order, kind: 'group', to: [], topic }],
    [at + 1, 'a', { type: 'sent', message: name, queued: [], offline: [] }],
    [at + 3, 'a', { type: 'counted', message: name, isWhole: true }],
  ];
}

/** Two devices, one of them in the topic, and two messages to it. */
const good: readonly Line[] = [
  [
    200,
    'run',
    { type: 'fault', id: 1, phase: 'begin', name: 'something', scope: 'server', target: 'server-9' },
  ],
  [300, 'run', { type: 'fault', id: 1, phase: 'end', name: 'something', scope: 'server' }],
  [400, member, login(member, 1)],
  [400, other, login(other, 2)],
  [500, 'a', changing('a/1', ['2'], ['3'])],
  [600, 'a', changed('a/1')],
  ...message(40_000, 'a/1', 1),
  [40_002, member, frame(member, 'a/1', 1)],
  ...message(40_100, 'a/2', 2),
  [40_102, member, frame(member, 'a/2', 1)],
  [50_000, member, closed(member, 1)],
  [50_000, other, closed(other, 2)],
  [
    60_000,
    'run',
    {
      type: 'leftovers',
      keys: ['{im:topic:room}:number', '{im:topics:of:2}:left'],
      withoutEnd: [],
      others: [],
    },
  ],
];

/** The invariants that do not hold with these lines added, and those that match left out. */
function broken(added: readonly Line[], leftOut: (happening: Happening) => boolean = () => false): string[] {
  const lines = [...good.filter(([, , happening]) => !leftOut(happening)), ...added];
  const events = lines.map(([at, by, happening]) => ({ at, by, ...happening }));
  const { findings } = check(events.sort((a, b) => a.at - b.at));
  const names = [...findings].filter(([, { violations }]) => violations.length > 0).map(([name]) => name);
  return names.map((name) => name.slice(0, 2));
}

const isFrameOf =
  (name: string) =>
  (happening: Happening): boolean =>
    happening.type === 'frame' && happening.message === name;
const isCount = ({ type }: Happening): boolean => type === 'counted';
const isClosed = ({ type }: Happening): boolean => type === 'closed';

/** The member is away while the second message is sent, and back before it is out of the topic. */
function away(follows: boolean): Line[] {
  return [
    [40_050, member, closed(member, 1)],
    [41_000, member, login(member, 3, follows)],
    [50_000, member, closed(member, 3)],
  ];
}

test('a good history of topics passes, and says what was checked', () => {
  const events = good.map(([at, by, happening]) => ({ at, by, ...happening }));
  const { findings, isGood, report } = check(events.sort((a, b) => a.at - b.at));
  expect(isGood, report).toBe(true);
  // Two messages for each device, and their order.
  expect(findings.get('T1 topics')).toMatchObject({ checked: 6, excused: 0 });
});

test.each<[string, string[], readonly Line[], ((happening: Happening) => boolean)?]>([
  ['a member who misses a message', ['T1'], [], isFrameOf('a/2')],
  ['a member who has it twice', ['I3', 'T1'], [[40_103, member, frame(member, 'a/2', 1)]]],
  ['somebody who was taken out and has it', ['T1'], [[40_103, other, frame(other, 'a/2', 2)]]],
  [
    'somebody who was left out and has it',
    ['T1'],
    [...message(40_200, 'a/3', 3, [member]), [40_202, member, frame(member, 'a/3', 1)]],
  ],
  [
    'somebody who was put in and misses it',
    ['T1'],
    [
      [39_000, 'a', changing('a/2', ['3'])],
      [39_900, 'a', changed('a/2')],
      [40_002, other, frame(other, 'a/1', 2)],
    ],
  ],
  [
    'somebody who follows the topic, came back without it and was not told',
    ['T1'],
    away(true),
    (happening) => isFrameOf('a/2')(happening) || isClosed(happening),
  ],
  [
    'two messages that came in the wrong order',
    ['T1'],
    [[40_104, member, frame(member, 'a/1', 1)]],
    isFrameOf('a/1'),
  ],
  [
    'a user who is left in a topic',
    ['I7'],
    [[60_000, 'run', { type: 'leftovers', keys: ['im:topic:room'], withoutEnd: [], others: [] }]],
  ],
  [
    'a topic that is left with a user',
    ['I7'],
    [[60_000, 'run', { type: 'leftovers', keys: ['im:topics:of:2'], withoutEnd: [], others: [] }]],
  ],
])('caught: %s', (_, expected, added, leftOut) => {
  expect(broken(added, leftOut)).toEqual(expected);
});

test.each<[string, readonly Line[], ((happening: Happening) => boolean)?]>([
  [
    'a message that comes while its receiver is put in or taken out',
    [
      [39_000, 'a', changing('a/2', ['3'], ['2'])],
      [40_103, other, frame(other, 'a/2', 2)],
    ],
    isFrameOf('a/1'),
  ],
  [
    'a member after the bus has forgotten the topic',
    [
      [39_000, 'run', fault('memory', 'begin')],
      [39_100, 'run', fault('memory', 'end')],
    ],
    isFrameOf('a/2'),
  ],
  [
    'a message that did not come to all servers',
    [],
    (happening) => isFrameOf('a/2')(happening) || isCount(happening),
  ],
  [
    'a member whose server is stopped',
    [
      [39_000, 'run', fault('server', 'begin', 'server-1')],
      [40_200, 'run', fault('server', 'end', 'server-1')],
    ],
    isFrameOf('a/2'),
  ],
  [
    'who was away and does not follow the topic',
    away(false),
    (happening) => isFrameOf('a/2')(happening) || isClosed(happening),
  ],
  [
    'who was away and is told to load it anew',
    [...away(true), [41_001, member, { type: 'reload', address: member, topic: 'room' }]],
    (happening) => isFrameOf('a/2')(happening) || isClosed(happening),
  ],
  [
    'who was away, is given it, and has it already',
    [
      ...away(true),
      [41_001, member, { ...frame(member, 'a/1', 3), isGivenLater: true } as Happening],
      [41_002, member, { ...frame(member, 'a/2', 3), isGivenLater: true } as Happening],
      ...(['a/1', 'a/2'] as const).map((name): Line => [
        41_003,
        member,
        { type: 'handled', address: member, message: name },
      ]),
    ],
    (happening) => isFrameOf('a/2')(happening) || isClosed(happening),
  ],
])('excused: %s', (_, added, leftOut) => {
  expect(broken(added, leftOut)).toEqual([]);
});
