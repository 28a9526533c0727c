import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { deadKeptMs, routeTtlMs } from '../src/bus/bus.ts';
import {
  deadLetterList,
  forceLogoutList,
  highList,
  messageList,
  presenceList,
  replyList,
  resultList,
  serverGroup,
  serviceGroup,
  webhookList,
} from '../src/bus/names.ts';
import { traceList } from '../src/bus/traces.ts';
import { Keys } from '../src/bus/redis/keys.ts';
import { uplinkList } from '../src/bus/uplinks.ts';
import { codeOfReason, ResultCode, stages } from '../src/bus/result.ts';
import { ImError, imErrorCodes } from '../src/errors.ts';
import { CloseCode, comeBack } from '../src/protocol/close-code.ts';
import { Command } from '../src/protocol/command.ts';

// The documents are read as a reader sees them: by headings, tables and clause numbers.
const root = new URL('../../../', import.meta.url);
const errors = await readFile(new URL('docs/errors.md', root), 'utf8');
const protocol = await readFile(new URL('PROTOCOL.md', root), 'utf8');
const boxIm = await readFile(new URL('docs/boxim-contract.md', root), 'utf8');

/** Errors that are no ImError, and where their codes are. */
const otherErrors = new Map([
  ['ChatError', 'packages/im-chat/src/errors.ts'],
  ['DeviceError', 'packages/im-device/src/errors.ts'],
  ['GatewayError', 'packages/im-gateway/src/http/gateway-error.ts'],
  ['PlatformError', 'packages/im-platform/src/platform-error.ts'],
]);

/** Compared where they are: packages/im-platform/test/api.test.ts. */
const comparedElsewhere = ['ApiProblem'];

describe('docs/errors.md', () => {
  const sections = sectionsOf(errors);

  it('has a section for every error code, and for nothing else', () => {
    expect([...sections.keys()].sort()).toEqual(
      [...imErrorCodes, ...otherErrors.keys(), ...comparedElsewhere].sort(),
    );
  });

  it.for([...sections].filter(([heading]) => imErrorCodes.some((code) => code === heading)))(
    'says of %s what happened, who acts, what to do, and whether to retry',
    ([, text]) => {
      const labels = ['What happened', 'Who acts', 'Cure', 'Retryable'];
      expect([...fieldsOf(text).keys()]).toEqual(labels);
    },
  );

  it.for([...otherErrors])('has a row for every code of %s, and for nothing else', async ([name, file]) => {
    const source = (await readFile(new URL(file, root), 'utf8')).replace(/\/\*\*.*?\*\//gs, '');
    const codes = /type \w+Code =([^;]+);|readonly code: ([^;]+);/.exec(source)?.slice(1).join('');

    const documented = rowsIn(sections.get(name) ?? '').map((row) => row['Code']?.replaceAll('`', ''));

    expect(documented.sort()).toEqual(
      Array.from(codes?.matchAll(/'(\w+)'/g) ?? [], ([, code]) => code).sort(),
    );
    expect(documented.length).toBeGreaterThan(1);
  });

  it.for([...imErrorCodes])('says of %s what the code says of trying again', (code) => {
    const { retryable } = new ImError(code, '');
    const documented = fieldsOf(sections.get(code) ?? '').get('Retryable');
    expect(documented).toBe(retryable ? 'yes' : 'no');
  });
});

describe('PROTOCOL.md', () => {
  it('lists every command with its number, and no other', () => {
    const documented = tableOf('P-2.2').map(({ cmd, Name }) => [Name, Number(cmd)]);
    expect(Object.fromEntries(documented)).toEqual(Command);
    expect(documented).toHaveLength(Object.keys(Command).length);
  });

  it('lists every close code with what the device does, and no other', () => {
    const documented = tableOf('P-4.1').map((row) => [row['Name'], row['Code'], row['Comes back']]);
    const real = Object.entries(CloseCode).map(([name, code]) => [name, String(code), comeBack(code)]);
    expect(documented.sort()).toEqual(real.sort());
  });

  it('explains every way to come back, and no other', () => {
    const documented = tableOf('P-4.2').map((row) => row['Comes back']?.replaceAll('`', ''));
    const real = new Set(Object.values(CloseCode).map(comeBack));
    expect(documented.sort()).toEqual([...real].sort());
  });

  it('lists every result code with its name, and no other', () => {
    const documented = tableOf('P-7.2').map(({ Name, Code }) => [Name, Number(Code)]);
    expect(Object.fromEntries(documented)).toEqual(ResultCode);
    expect(documented).toHaveLength(Object.keys(ResultCode).length);
  });

  it('lists the stages in their order', () => {
    expect(tableOf('P-7.3').map(({ Stage }) => Stage)).toEqual(stages.map((stage) => `\`${stage}\``));
  });

  it('lists every reason with the code that it becomes, and no other', () => {
    const documented = tableOf('P-7.4').map(({ Reason, Code }) => [Reason, Number(Code)]);
    expect(Object.fromEntries(documented)).toEqual(codeOfReason);
    expect(documented).toHaveLength(Object.keys(codeOfReason).length);
  });

  it('numbers each section once, upwards, and each clause once, from 1 upwards', () => {
    const sections = [...sectionsOf(protocol).keys()].map((heading) => heading.split(' ')[0]);
    const numbers = sections.map((section) => Number(section?.slice('P-'.length)));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    for (const section of sections) {
      const clauses = clauseNumbers().filter((clause) => clause.startsWith(`${section}.`));
      expect(clauses).toEqual(clauses.map((_, index) => `${section}.${index + 1}`));
      expect(clauses).not.toEqual([]);
    }
  });

  it('has every clause that a source, a test or a document cites', async () => {
    const known = new Set([...clauseNumbers(), ...clauseNumbers().map((clause) => clause.split('.')[0])]);
    // What the reader of a recipe is to write, they may cite.
    const contributing = await readFile(new URL('CONTRIBUTING.md', root), 'utf8');
    for (const [, clause] of contributing.matchAll(/\*\*(P-\d+\.\d+)\*\*/g)) known.add(clause);
    const citations = await findCitations();
    expect(citations.length).toBeGreaterThan(5);
    expect(citations.filter(({ clause }) => !known.has(clause))).toEqual([]);
  });

  it('has no clause that neither a source nor a test cites', async () => {
    const inCode = (await findCitations()).filter(({ file }) => file.endsWith('.ts'));
    const cited = new Set(inCode.map(({ clause }) => clause));
    // P-12 only says where the other sections differ from box-im.
    const clauses = clauseNumbers().filter((clause) => !clause.startsWith('P-12.'));

    expect(clauses.filter((clause) => !cited.has(clause))).toEqual([]);
  });

  it('lists every key that we write, and no other', () => {
    const documented = ['P-5.1', 'P-5.2', 'P-5.3', 'P-5.5'].flatMap((clause) =>
      tableOf(clause).map((row) => row['Key']?.replaceAll('`', '') ?? ''),
    );
    // Of the two that stand beside a route P-5.5 has one in its table, P-5.10 the other in its text.
    documented.push('{im:user:server_id:{userId}:{terminal}}:moving');
    const forms = documented.map(formOf);
    const written = keysWeWrite();

    expect(written.filter((key) => !forms.some((form) => form.test(key)))).toEqual([]);
    expect(documented.filter((_, index) => !written.some((key) => forms[index]?.test(key)))).toEqual([]);
  });

  it('says of every key what bounds it, in docs/redis-memory.md', async () => {
    const text = await readFile(new URL('docs/redis-memory.md', root), 'utf8');
    const named = text
      .split(/^## /m)
      .flatMap(rowsIn)
      .flatMap((row) => Array.from((row['Keys'] ?? '').matchAll(/`([^`]+)`/g), ([, key = '']) => key));
    const forms = named.map(formOf);
    const written = keysWeWrite();

    expect(written.filter((key) => !forms.some((form) => form.test(key)))).toEqual([]);
    expect(named.filter((_, index) => !written.some((key) => forms[index]?.test(key)))).toEqual([]);
  });

  it('says when routes and the dead are forgotten', () => {
    const ends = new Map(['P-5.1', 'P-5.3'].flatMap(tableOf).map((row) => [row['Key'], row['End'] ?? '']));

    expect(ends.get('`im:user:server_id:{userId}:{terminal}`')).toContain(`${routeTtlMs / 1_000} s`);
    const [servers, services] = [serverGroup, serviceGroup('shop')].map(deadKeptMs);
    expect(ends.get('`{group}:dead`')).toContain(
      `members ${(servers ?? 0) / 1_000} s, of services ${(services ?? 0) / 3_600_000} h`,
    );
  });
});

describe('docs/boxim-contract.md', () => {
  it('has every clause that a source, a test or a document cites', async () => {
    const numbers = new Set(Array.from(boxIm.matchAll(/^### ([A-F]\.\d+)/gm), ([, number]) => number));
    for (const [, section = '', rules = ''] of boxIm.matchAll(/^### (0\.\d)([^#]*)/gm)) {
      for (const [, rule] of rules.matchAll(/^(\d+)\. /gm)) numbers.add(`${section}.${rule}`);
    }
    const citations = await findCitations(/\bcontract ([A-F0](?:\.\d+)+)/g);

    expect(citations.length).toBeGreaterThan(40);
    expect(citations.filter(({ clause }) => !numbers.has(clause))).toEqual([]);
  });
});

/** One of each, with names that stand for all. */
function keysWeWrite(): string[] {
  const keys = new Keys('');
  const [address, group, list] = [{ id: '2', terminal: 0 }, serviceGroup('shop'), messageList('private', 5)];
  return [
    ...[
      list,
      highList(5),
      forceLogoutList(5),
      resultList('group', 'shop@1'),
      resultList('group', 'shop'),
    ].map((name) => keys.list(name)),
    ...[
      deadLetterList('private'),
      deadLetterList('result:shop'),
      presenceList('shop'),
      webhookList('shop'),
      traceList,
    ].map((name) => keys.list(name)),
    ...[
      keys.serverIdCounter(),
      keys.route(address),
      keys.revoked(address),
      keys.movingBeside(keys.route(address)),
      keys.sessions(address),
      keys.sessionTable(5),
    ],
    ...[
      keys.consumers(list),
      keys.inFlight(list, 'c'),
      keys.lastBatch(list, 'p'),
      keys.offer(list),
      keys.closed(list),
      keys.sizes(list),
    ],
    ...[keys.leases(group), keys.members(group), keys.dead(group), keys.notices(group)],
    keys.ended(group, '5', 'boot'),
    keys.sent('shop:order-1'),
    keys.posted('producer'),
    ...[keys.topic('room'), keys.topicNumber('room'), keys.topicServers('room')],
    ...[keys.topicHistory('room'), keys.topicHistoryState('room'), keys.topicHistoryKnown('room')],
    ...[keys.topicsOf('2'), keys.topicsLeft('2')],
    keys.lock(`take-over:${group}`),
    keys.lock('presence:shop'),
    keys.lock('kept:2:0'),
    keys.list(resultList('kept', 'shop')),
    ...[keys.kept(address), keys.keptEntries(address), keys.keptOver(address), keys.keptKnown(address)],
    ...[keys.keptDue(), keys.keptClaimed()],
    ...[uplinkList('shop', 3), replyList('shop@1'), deadLetterList('uplink:shop')].map((name) =>
      keys.list(name),
    ),
    ...[keys.outboxes(list, address), keys.reply(list, address, 'box', 7), keys.epoch(list)],
    ...[keys.uplinkInstances('shop'), keys.uplinkOwners('shop')],
  ];
}

/** `im:dead:{kind}` as a pattern: what stands in braces may be anything, but for braces around a whole `{list}` or `{group}`. */
function formOf(key: string): RegExp {
  const inSlot = key.replace(/^\{(list|group)\}/, '\\{.+\\}');
  const source = inSlot
    .replace(/^\{(im:.*\})\}/, '\\{$1\\}')
    .replace('{kind}', '(private|group|system)')
    .replace('@{instance}', '@\\w+')
    .replace(/\{group\}/g, '.+')
    .replace(/(?<!\\)\{\w+\}/g, '[^:@}]+');
  return new RegExp(`^${source}$`);
}

/** Texts under the headings of the second level, by heading. */
function sectionsOf(document: string): Map<string, string> {
  const [, ...sections] = document.split(/^## /m);
  return new Map(
    sections.map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      return [heading.trim(), lines.join('\n')];
    }),
  );
}

/** The items `- **Label:** text` of a section; those without a text are left out. */
function fieldsOf(section: string): Map<string, string> {
  const items = section.split(/^- /m).slice(1);
  const fields = items.map((item) => /^\*\*([^*]+):\*\*\s*(\S.*)$/s.exec(item.trim()));
  return new Map(fields.flatMap((match) => (match ? [[match[1] ?? '', match[2] ?? '']] : [])));
}

/** The rows of the one table in a clause of PROTOCOL.md, by column. Throws where there is none, so that nothing passes unseen. */
function tableOf(clause: string): Readonly<Record<string, string>>[] {
  const [, text] = protocol.split(`**${clause}** `);
  const rows = rowsIn(text?.split(/^(?:\*\*P-|## )/m)[0] ?? '');
  if (rows.length === 0) throw new Error(`PROTOCOL.md has no table in clause ${clause}.`);
  return rows;
}

/** Of the first table in a text. */
function rowsIn(text: string): Readonly<Record<string, string>>[] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const [header = [], rule, ...rows] = lines.map(cellsOf);
  if (!rule?.every((cell) => /^-+$/.test(cell))) return [];
  return rows.map((row) => Object.fromEntries(header.map((column, index) => [column, row[index] ?? ''])));
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** As they stand in PROTOCOL.md, in its order. */
function clauseNumbers(): string[] {
  return Array.from(protocol.matchAll(/^\*\*(P-\d+\.\d+)\*\* /gm), ([, clause]) => clause ?? '');
}

interface Citation {
  readonly file: string;
  readonly clause: string;
}

/** "P-256" is a curve; our sections have at most two digits. */
const citation = /\b(P-\d{1,2}(?:\.\d+)?)(?!\d)/g;

async function findCitations(pattern = citation): Promise<Citation[]> {
  const files = ['PROTOCOL.md', 'CONTRIBUTING.md'];
  for (const folder of ['packages', 'test', 'docs']) {
    const names = await readdir(new URL(folder, root), { recursive: true });
    files.push(...names.map((name) => `${folder}/${name}`).filter(isOurs));
  }
  const texts = await Promise.all(files.map(async (file) => readFile(new URL(file, root), 'utf8')));
  return texts.flatMap((text, index) =>
    Array.from(text.matchAll(pattern), ([, clause = '']) => ({ file: files[index] ?? '', clause })),
  );
}

function isOurs(file: string): boolean {
  return /\.(?:ts|md)$/.test(file) && !/(?:^|\/)(?:node_modules|dist|CHANGELOG\.md)(?:\/|$)/.test(file);
}
