import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onCleanup } from 'im-test/support';
import { check } from './check.ts';
import type { Happening } from './event.ts';
import { readHistory, Recorder } from './recorder.ts';

/** One line of a history: when, who, what. */
type Line = readonly [at: number, by: string, happening: Happening];

const device = '2:0';

function sending(message: string, order: number, to: readonly string[] = [device]): Happening {
  return { type: 'sending', message, order, kind: 'private', to };
}

function sent(message: string, queued: readonly string[] = [device]): Happening {
  return { type: 'sent', message, queued, offline: [] };
}

function frame(message: string, connection = 1, attempt?: number): Happening {
  return { type: 'frame', address: device, connection, message, ...(attempt !== undefined && { attempt }) };
}

function success(message: string, attempt = 1): Happening {
  return { type: 'result', message, address: device, code: 0, stage: 'proved', attempt };
}

function fault(
  id: number,
  phase: 'begin' | 'end',
  scope: 'server' | 'service' | 'memory',
  target?: string,
): Happening {
  return { type: 'fault', id, phase, name: 'something', scope, target };
}

function presence(isOnline: boolean, askedAt: number): Happening {
  return { type: 'presence', address: device, isOnline, askedAt };
}

function stored(order: number): Happening {
  return { type: 'stored', address: device, order };
}

function heard(order: number): Happening {
  return { type: 'heard', address: device, order };
}

function told(number: number, isOnline: boolean): Happening {
  return { type: 'told', address: device, number, isOnline };
}

function keptFor(message: string): Happening {
  return { type: 'result', message, address: device, code: 2, stage: 'queued', reason: 'KEPT', attempt: 1 };
}

function keptEnd(message: string, reason?: 'OUTDATED'): Happening {
  return { type: 'kept-end', message, address: device, reason };
}

/** The device is cut off, and back half a second later: for those that `isClosed` leaves out of the good history. */
const cutOff: readonly Line[] = [
  [41_500, device, { type: 'closed', address: device, connection: 1, code: 1006 }],
  [41_600, device, { type: 'login', address: device, connection: 2, server: 'server-1' }],
  [58_000, device, { type: 'closed', address: device, connection: 2, code: 1000 }],
];

const isClosed = ({ type }: Happening): boolean =>
  type === 'closed' || type === 'told' || type === 'presence';

/** A server that is killed and begun again. */
function death(id: number, at: number): readonly Line[] {
  return [
    [at, 'run', fault(id, 'begin', 'server', `server-${id}`)],
    [at + 10, 'run', fault(id, 'end', 'server', `server-${id}`)],
  ];
}

/** A third message, which comes at once, and is kept as its device did not prove it. */
const keptLate: readonly Line[] = [
  [41_300, 'a', { ...sending('a/3', 3), isKept: true } as Happening],
  [41_301, 'a', sent('a/3')],
  [41_550, 'a', keptFor('a/3')],
  [42_700, 'b', keptEnd('a/3')],
];

const login: Happening = { type: 'login', address: device, connection: 1, server: 'server-1' };

/** Two messages to one device, one server fault long before, and everybody gone in order. */
const good: readonly Line[] = [
  [0, 'run', { type: 'phase', phase: 'baseline' }],
  [100, 'run', { type: 'phase', phase: 'faults' }],
  [200, 'run', fault(1, 'begin', 'server', 'server-9')],
  [300, 'run', fault(1, 'end', 'server', 'server-9')],
  [400, device, login],
  [500, 'a', { type: 'told' }],
  [600, 'a', told(1, true)],
  [40_000, 'a', sending('a/1', 1)],
  [40_001, 'a', sent('a/1')],
  [40_002, device, frame('a/1')],
  [40_003, 'a', success('a/1')],
  [40_100, 'a', sending('a/2', 2)],
  [40_101, 'a', sent('a/2')],
  [40_102, device, frame('a/2')],
  [40_103, 'a', success('a/2')],
  [41_001, 'a', presence(true, 41_000)],
  [42_000, device, stored(1)],
  [42_001, 'a', heard(1)],
  [42_099, 'a', heard(2)],
  [42_100, device, stored(2)],
  [45_000, 'run', { type: 'phase', phase: 'settled' }],
  [50_000, device, { type: 'closed', address: device, connection: 1, code: 1000 }],
  [50_100, 'a', told(2, false)],
  [50_200, 'a', told(1, true)],
  [56_001, 'a', presence(false, 56_000)],
  [
    60_000,
    'run',
    { type: 'leftovers', keys: ['im:max_server_id', '{im:max_server_id}:dead'], withoutEnd: [], others: [] },
  ],
  [60_001, 'run', { type: 'phase', phase: 'end' }],
];

function judge(lines: readonly Line[]) {
  const events = lines.map(([at, by, happening]) => ({ at, by, ...happening }));
  return check(events.sort((a, b) => a.at - b.at));
}

/** The invariants that do not hold in the good history with these lines added, and those that match left out. */
function broken(added: readonly Line[], leftOut: (happening: Happening) => boolean = () => false): string[] {
  const { findings, isGood } = judge([...good.filter(([, , happening]) => !leftOut(happening)), ...added]);
  const names = [...findings].filter(([, { violations }]) => violations.length > 0).map(([name]) => name);
  expect(isGood).toBe(names.length === 0);
  return names.map((name) => name.slice(0, 2));
}

test('a good history passes, and says what was checked', () => {
  const { isGood, messages, faults, report } = judge(good);
  expect(report).not.toContain('FAIL');
  expect({ isGood, messages, faults }).toEqual({ isGood: true, messages: 2, faults: 1 });
  expect(report).toContain('2 messages: 2 accepted for 2 receivers');
  expect(report).toContain('I1 one result each: 2 checked');
});

test('a history without faults proves nothing', () => {
  expect(judge(good.filter(([, , { type }]) => type !== 'fault')).isGood).toBe(false);
});

test('a history without messages proves nothing', () => {
  expect(judge(good.slice(0, 5)).isGood).toBe(false);
});

const ofMessage =
  (type: Happening['type'], message: string) =>
  (happening: Happening): boolean =>
    happening.type === type && 'message' in happening && happening.message === message;

const isTold =
  (number: number) =>
  (happening: Happening): boolean =>
    happening.type === 'told' && happening.number === number;

describe('caught', () => {
  test.each<[string, string[], readonly Line[], ((happening: Happening) => boolean)?]>([
    ['a send without a result', ['I1'], [], ofMessage('result', 'a/2')],
    ['two results of one send', ['I1'], [[40_200, 'b', success('a/2')]]],
    ['a result after the deadline', ['I1'], [[55_000, 'a', success('a/2')]], ofMessage('result', 'a/2')],
    [
      'two results of a send that rejected',
      ['I1'],
      [
        [41_000, 'a', sending('a/3', 3)],
        [41_001, 'a', { type: 'send-failed', message: 'a/3', code: 'BUS_UNAVAILABLE', isUnknown: true }],
        [41_002, device, frame('a/3')],
        [41_003, 'a', success('a/3')],
        [41_100, 'b', success('a/3')],
      ],
    ],
    [
      'a result for somebody else',
      ['I1'],
      [
        [
          40_200,
          'a',
          { type: 'result', message: 'a/2', address: '3:0', code: 1, stage: 'queued', attempt: 1 },
        ],
      ],
    ],
    ['a result of nothing', ['I1'], [[40_200, 'a', success('a/7')]]],
    ['a success that the device never saw', ['I2'], [], ofMessage('frame', 'a/2')],
    [
      'a success before the device saw it',
      ['I2'],
      [[40_104, device, frame('a/2')]],
      ofMessage('frame', 'a/2'),
    ],
    [
      'an acknowledgement of what no application took',
      ['I2'],
      [
        [
          40_104,
          'a',
          { type: 'result', message: 'a/2', address: device, code: 0, stage: 'acknowledged', attempt: 1 },
        ],
      ],
      ofMessage('result', 'a/2'),
    ],
    ['a frame twice on one connection', ['I3'], [[40_200, device, frame('a/2')]]],
    ['a frame twice on two connections', ['I3'], [[40_200, device, frame('a/2', 2)]]],
    [
      'a frame of a message that was kept twice on one connection',
      ['I3'],
      [...cutOff, ...keptLate, [42_000, device, frame('a/3', 2)], [42_100, device, frame('a/3', 2)]],
      isClosed,
    ],
    [
      'a frame of a message that was kept twice on one connection, after one server has died',
      ['I3'],
      [
        ...cutOff,
        ...keptLate,
        ...death(2, 41_310),
        [42_000, device, frame('a/3', 2, 2)],
        [42_100, device, frame('a/3', 2, 3)],
      ],
      isClosed,
    ],
    [
      'a frame of a message that was kept on a second connection, while the first goes on',
      ['I3'],
      [...keptLate, [42_000, device, frame('a/3')], [42_100, device, frame('a/3', 2)]],
    ],
    [
      'a frame that comes again over the next connection, without having been kept',
      ['I3'],
      [
        ...cutOff,
        [41_400, 'a', sending('a/3', 3)],
        [41_401, 'a', sent('a/3')],
        [41_402, device, frame('a/3')],
        [41_403, 'a', success('a/3')],
        [42_000, device, frame('a/3', 2)],
      ],
      isClosed,
    ],
    [
      'a frame of a message that was kept, the second time without a mark',
      ['I3'],
      [...cutOff, ...keptLate, [41_310, device, frame('a/3', 1, 1)], [42_000, device, frame('a/3', 2, 1)]],
      isClosed,
    ],
    [
      'a third frame long after the fault that excuses the second',
      ['I3'],
      [
        [40_150, 'run', fault(2, 'begin', 'server', 'server-1')],
        [40_160, 'run', fault(2, 'end', 'server', 'server-1')],
        [41_000, device, frame('a/2', 2)],
        [57_000, device, frame('a/2', 3)],
        [57_001, device, frame('a/2', 3)],
      ],
    ],
    ['a frame that nobody sent', ['I3'], [[40_200, device, frame('a/7')]]],
    [
      'a frame of a message of which nothing was put',
      ['I3'],
      [
        [41_000, 'a', sending('a/3', 3)],
        [41_001, 'a', { type: 'send-failed', message: 'a/3', code: 'OVERLOADED', isUnknown: false }],
        [41_002, device, frame('a/3')],
      ],
    ],
    [
      'a frame for somebody else',
      ['I3'],
      [[40_200, '3:0', { type: 'frame', address: '3:0', connection: 1, message: 'a/2' }]],
    ],
    [
      'an application that took a message twice',
      ['I3'],
      [
        [40_104, device, { type: 'handled', address: device, message: 'a/2' }],
        [40_105, device, { type: 'handled', address: device, message: 'a/2' }],
      ],
    ],
    [
      'a message after a later one',
      ['I4'],
      [
        [40_150, device, frame('a/1')],
        [40_151, 'a', success('a/1')],
      ],
      (happening) => ofMessage('frame', 'a/1')(happening) || ofMessage('result', 'a/1')(happening),
    ],
    [
      'a message that was kept, after one that was sent when its sender knew that',
      ['I4'],
      [
        ...cutOff,
        ...keptLate,
        [41_700, 'a', sending('a/4', 4)],
        [41_701, 'a', sent('a/4')],
        [41_702, device, frame('a/4', 2)],
        [41_703, 'a', success('a/4')],
        [42_000, device, frame('a/3', 2)],
      ],
      isClosed,
    ],
    [
      'a message that was kept, after a younger one that was kept for the same login',
      ['I4'],
      [
        ...cutOff,
        ...keptLate,
        [41_510, 'a', { ...sending('a/4', 4), isKept: true } as Happening],
        [41_512, 'a', { type: 'sent', message: 'a/4', queued: [], offline: [device] }],
        [41_512, 'a', keptFor('a/4')],
        [41_700, device, frame('a/4', 2)],
        [41_701, device, frame('a/3', 2)],
        [42_700, 'b', keptEnd('a/4')],
      ],
      isClosed,
    ],
    [
      'a message that was kept, after a younger one and without a mark',
      ['I4'],
      [
        ...cutOff,
        ...keptLate,
        [41_540, 'a', sending('a/4', 4)],
        [41_541, 'a', sent('a/4')],
        [41_702, device, frame('a/4', 2, 1)],
        [41_703, 'a', success('a/4')],
        [42_000, device, frame('a/3', 2, 1)],
      ],
      isClosed,
    ],
    ['online for three seconds and told offline', ['I5'], [[45_001, 'a', presence(false, 45_000)]]],
    ['offline for three seconds and told online', ['I5'], [[55_001, 'a', presence(true, 55_000)]]],
    [
      'a login without an answer that is over for three seconds, and told online',
      ['I5'],
      [
        [52_400, device, { type: 'knocked', address: device, connection: 2 }],
        [52_500, device, { type: 'turned-away', address: device, connection: 2 }],
        [55_701, 'a', presence(true, 55_700)],
      ],
    ],
    [
      'two connections of one address',
      ['I6'],
      [
        [42_000, device, { type: 'login', address: device, connection: 2, server: 'server-2' }],
        [50_000, device, { type: 'closed', address: device, connection: 2, code: 1000 }],
      ],
    ],
    [
      'a message that was kept and never ended',
      ['T3'],
      [[40_150, 'a', keptFor('a/2')]],
      ofMessage('result', 'a/2'),
    ],
    [
      'a kept message that was said to be delivered and never came',
      ['T3'],
      [
        [40_150, 'a', keptFor('a/2')],
        [41_000, 'b', keptEnd('a/2')],
      ],
      (happening) => ofMessage('frame', 'a/2')(happening) || ofMessage('result', 'a/2')(happening),
    ],
    [
      'a kept message that ended twice',
      ['T3'],
      [
        [40_150, 'a', keptFor('a/2')],
        [41_000, 'b', keptEnd('a/2')],
        [41_001, 'b', keptEnd('a/2', 'OUTDATED')],
      ],
      ofMessage('result', 'a/2'),
    ],
    [
      'a kept message that never ended, though its device was there long before the bus forgot',
      ['T3'],
      [...cutOff, ...keptLate.slice(0, 3), [59_000, 'run', fault(2, 'begin', 'memory')]],
      isClosed,
    ],
    [
      'a kept message that ended twice, long before anybody died',
      ['T3'],
      [
        [40_150, 'a', keptFor('a/2')],
        [40_200, 'b', keptEnd('a/2')],
        [40_201, 'b', keptEnd('a/2')],
        [57_000, 'run', fault(2, 'begin', 'server', 'server-1')],
      ],
      ofMessage('result', 'a/2'),
    ],
    [
      'a message of high priority after one that was sent later',
      ['T4'],
      [
        [41_000, 'a', { ...sending('a/3', 3), isHigh: true } as Happening],
        [41_001, 'a', sent('a/3')],
        [41_100, 'a', sending('a/4', 4)],
        [41_101, 'a', sent('a/4')],
        [41_102, device, frame('a/4')],
        [41_103, 'a', success('a/4')],
        [41_700, device, frame('a/3')],
        [41_701, 'a', success('a/3')],
      ],
    ],
    [
      'a message that comes after its end',
      ['T4'],
      [
        [41_000, 'a', { ...sending('a/3', 3), expiresInMs: 500 } as Happening],
        [41_001, 'a', sent('a/3')],
        [43_600, device, frame('a/3')],
        [43_601, 'a', success('a/3')],
      ],
    ],
    [
      'one of two devices at an address that has not got what arrived',
      ['S1'],
      [
        [39_000, '4:1', { type: 'login', address: '4:1', connection: 8, server: 'server-1', tab: 1 }],
        [39_000, '4:1', { type: 'login', address: '4:1', connection: 9, server: 'server-2', tab: 2 }],
        [39_001, 'a', { type: 'told', address: '4:1', number: 1, isOnline: true }],
        [41_000, 'a', { ...sending('a/3', 3), to: ['4:1'] } as Happening],
        [41_001, 'a', sent('a/3', ['4:1'])],
        [41_002, '4:1', { type: 'frame', address: '4:1', connection: 8, message: 'a/3' }],
        [
          41_003,
          'a',
          { type: 'result', message: 'a/3', address: '4:1', code: 0, stage: 'proved', attempt: 1 },
        ],
        [50_000, '4:1', { type: 'closed', address: '4:1', connection: 8, code: 1000 }],
        [50_000, '4:1', { type: 'closed', address: '4:1', connection: 9, code: 1000 }],
        [50_100, 'a', { type: 'told', address: '4:1', number: 2, isOnline: false }],
      ],
    ],
    ['an uplink that was stored and not heard', ['T2'], [[43_000, device, stored(3)]]],
    ['an uplink that was heard twice', ['T2'], [[43_000, 'b', heard(1)]]],
    [
      'an uplink that was heard before an earlier one',
      ['T2'],
      [
        [43_000, device, stored(3)],
        [42_050, 'a', heard(3)],
      ],
    ],
    ['a device that came and was not told of', ['T5'], [], isTold(1)],
    ['a device that went and was not told of', ['T5'], [], isTold(2)],
    ['a device that was forgotten and not told of again', ['T5'], [[44_000, 'b', { type: 'told' }]]],
    [
      'a route that is left',
      ['I7'],
      [[60_000, 'run', { type: 'leftovers', keys: ['im:user:server_id:2:0'], withoutEnd: [], others: [] }]],
    ],
    [
      'a list without an end, of a server that was dead when the bus forgot everything',
      ['I7'],
      [
        [30_000, 'run', fault(2, 'begin', 'memory')],
        [30_100, 'run', fault(2, 'end', 'memory')],
        [
          60_000,
          'run',
          { type: 'leftovers', keys: ['im:message:high:9'], withoutEnd: ['im:message:high:9'], others: [] },
        ],
      ],
    ],
    [
      'presence events that nobody took, where nothing was forgotten',
      ['I7'],
      [[60_000, 'run', { type: 'leftovers', keys: ['im:presence:chat'], withoutEnd: [], others: [] }]],
    ],
    [
      'a list that is left, where nothing was forgotten',
      ['I7'],
      [[60_000, 'run', { type: 'leftovers', keys: ['im:message:private:9'], withoutEnd: [], others: [] }]],
    ],
    [
      'a process that did not end in order',
      ['I7'],
      [
        [
          60_000,
          'run',
          { type: 'leftovers', keys: [], withoutEnd: [], others: ['server-1 ended with exit code 1'] },
        ],
      ],
    ],
  ])('%s', (_, expected, added, leftOut) => {
    expect(broken(added, leftOut)).toEqual(expected);
  });

  test('the others slowing down while one device is in trouble', () => {
    const lines: Line[] = good.filter(([, , { type }]) => type !== 'phase' && type !== 'fault').slice();
    lines.push([19_000, 'run', { type: 'phase', phase: 'faults' }]);
    lines.push([
      20_000,
      'run',
      { type: 'fault', id: 2, phase: 'begin', name: 'slow', scope: 'devices', addresses: ['9:0'] },
    ]);
    lines.push([30_000, 'run', { type: 'fault', id: 2, phase: 'end', name: 'slow', scope: 'devices' }]);
    for (let i = 0; i < 600; i++) {
      const at = i < 300 ? 1_000 + i : 20_000 + i;
      const message = `c/${i}`;
      lines.push([at, 'c', sending(message, i)], [at + 1, 'c', sent(message)]);
      lines.push([at + (i < 300 ? 5 : 900), device, frame(message)], [at + 1_000, 'c', success(message)]);
    }
    const { findings } = judge(lines);
    expect(findings.get('I9 the others keep their pace')).toMatchObject({
      checked: 300,
      violations: [expect.any(String)],
    });
  });
});

describe('excused', () => {
  test.each<[string, readonly Line[], ((happening: Happening) => boolean)?]>([
    [
      'a second result after the sending instance died',
      [
        [40_150, 'run', fault(2, 'begin', 'service', 'a')],
        [40_150, 'run', fault(2, 'end', 'service', 'a')],
        [46_000, 'b', success('a/2')],
      ],
    ],
    [
      'no result when the sender died and Redis forgot',
      [
        [40_150, 'run', fault(2, 'begin', 'service', 'a')],
        [40_151, 'run', fault(3, 'begin', 'memory')],
      ],
      ofMessage('result', 'a/2'),
    ],
    [
      'a frame of a message that was kept twice on one connection, after two servers have died',
      [
        ...cutOff,
        ...keptLate,
        ...death(2, 41_310),
        ...death(3, 41_400),
        [42_000, device, frame('a/3', 2, 2)],
        [42_100, device, frame('a/3', 2, 3)],
      ],
      isClosed,
    ],
    [
      'a frame on a second connection after a server died',
      [
        [40_150, 'run', fault(2, 'begin', 'server', 'server-1')],
        [42_000, device, frame('a/2', 2)],
      ],
    ],
    [
      'a normal message that was sent before one of high priority, and comes after it',
      [
        [41_000, 'a', sending('a/3', 3)],
        [41_001, 'a', sent('a/3')],
        [41_100, 'a', { ...sending('a/4', 4), isHigh: true } as Happening],
        [41_101, 'a', sent('a/4')],
        [41_102, device, frame('a/4')],
        [41_103, 'a', success('a/4')],
        [42_700, device, frame('a/3')],
        [42_701, 'a', success('a/3')],
      ],
    ],
    [
      'a frame on the next connection of a message that was kept',
      [...cutOff, ...keptLate, [41_310, device, frame('a/3', 1, 1)], [42_000, device, frame('a/3', 2, 2)]],
      isClosed,
    ],
    [
      'a message that was kept, after one that was sent before its sender knew that',
      [
        ...cutOff,
        ...keptLate,
        [41_540, 'a', sending('a/4', 4)],
        [41_541, 'a', sent('a/4')],
        [41_702, device, frame('a/4', 2)],
        [41_703, 'a', success('a/4')],
        [42_000, device, frame('a/3', 2)],
      ],
      isClosed,
    ],
    [
      'a kept message whose end was told again by the survivor of who told it first',
      [
        [40_150, 'a', keptFor('a/2')],
        [40_200, 'b', keptEnd('a/2')],
        [40_300, 'run', fault(2, 'begin', 'server', 'server-1')],
        [44_000, 'b', keptEnd('a/2')],
      ],
      ofMessage('result', 'a/2'),
    ],
    [
      'two results of a send that rejected, as its instance was cut off and taken for dead',
      [
        [40_500, 'run', fault(2, 'begin', 'service', 'a')],
        [41_000, 'a', sending('a/3', 3)],
        [41_001, 'a', { type: 'send-failed', message: 'a/3', code: 'BUS_UNAVAILABLE', isUnknown: true }],
        [41_002, device, frame('a/3')],
        [41_003, 'a', success('a/3')],
        [41_100, 'b', success('a/3')],
      ],
    ],
    [
      'a list of a server that was dead when the bus forgot everything',
      [
        [30_000, 'run', fault(2, 'begin', 'memory')],
        [30_100, 'run', fault(2, 'end', 'memory')],
        [60_000, 'run', { type: 'leftovers', keys: ['im:message:private:9'], withoutEnd: [], others: [] }],
      ],
    ],
    [
      'presence events that were taken, which the bus has forgotten, and which are put back at the end',
      [
        [30_000, 'run', fault(2, 'begin', 'memory')],
        [30_100, 'run', fault(2, 'end', 'memory')],
        [60_000, 'run', { type: 'leftovers', keys: ['im:presence:chat'], withoutEnd: [], others: [] }],
      ],
    ],
    [
      'a login whose server died over the answer, and which counts until its lease is over',
      [
        [50_900, device, { type: 'knocked', address: device, connection: 2 }],
        [52_300, device, { type: 'turned-away', address: device, connection: 2 }],
        [53_801, 'a', presence(true, 53_800)],
      ],
    ],
    [
      'a kept message that a bus has forgotten',
      [...cutOff, ...keptLate.slice(0, 3), [50_000, 'run', fault(2, 'begin', 'memory')]],
      isClosed,
    ],
    [
      'an uplink that was heard again after the instance died over it',
      [
        [42_200, 'run', fault(2, 'begin', 'service', 'a')],
        [43_000, 'b', heard(2)],
      ],
    ],
    [
      'an uplink that a bus has forgotten',
      [
        [42_200, device, stored(3)],
        [42_300, 'run', fault(2, 'begin', 'memory')],
      ],
    ],
    [
      'a message that was handed on, after a later one',
      [
        [40_150, device, frame('a/1')],
        [40_151, 'a', success('a/1', 2)],
      ],
      (happening) => ofMessage('frame', 'a/1')(happening) || ofMessage('result', 'a/1')(happening),
    ],
  ])('%s', (_, added, leftOut) => {
    expect(broken(added, leftOut)).toEqual([]);
  });

  test('but no result at all, when only the sender died', () => {
    const died: Line = [40_150, 'run', fault(2, 'begin', 'service', 'a')];
    expect(broken([died], ofMessage('result', 'a/2'))).toEqual(['I1']);
  });
});

test('what recorders wrote is read back in the order of its times, without a line that was cut', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'im-history-'));
  onCleanup(() => rm(folder, { recursive: true }));
  const [one, two] = [new Recorder(folder, 'one'), new Recorder(folder, 'two')];
  one.record('a', { type: 'phase', phase: 'baseline' });
  two.record('b', { type: 'phase', phase: 'faults' });
  one.record('a', { type: 'phase', phase: 'end' });
  const { appendFile } = await import('node:fs/promises');
  await appendFile(join(folder, 'two.jsonl'), '{"at":1,"by":"b","type":"ph');

  expect(readHistory(folder).map((event) => event.type === 'phase' && event.phase)).toEqual([
    'baseline',
    'faults',
    'end',
  ]);
});
