import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import {
  boolean,
  count,
  invalidOption,
  readTable,
  secrets,
  text,
  type OptionTable,
} from '../src/checks/index.ts';
import { optionTables, readProgram, withOptionTables, type Program } from '../src/program/index.ts';

// The kit by itself, with a program that has one of everything.

interface LampOptions {
  readonly watts?: number;
  readonly color?: string;
  readonly dim?: boolean;
  readonly key?: string | readonly string[];
}

const table: OptionTable<LampOptions, { readonly room?: string }, 'color' | 'key' | 'room'> = {
  watts: { group: 'Light', kind: count, default: 40, about: 'How bright it is.' },
  color: { group: 'Light', kind: text('color', 'a color'), about: 'Its color. White when absent.' },
  dim: { group: 'Light', kind: boolean, default: false, about: 'Whether it can be dimmed.' },
  key: { group: 'Operation', kind: secrets, about: 'Who has it may switch it.' },
  room: { only: 'program', group: 'Operation', kind: text('name', 'a name'), about: 'Where it is.' },
};

const lamp: Program = {
  name: 'lamp',
  about: 'A lamp.',
  envPrefix: 'LAMP_',
  manifest: new URL('../package.json', import.meta.url),
  table,
  commands: {
    mend: {
      about: 'Mend it.',
      options: ['watts'],
      flags: { twice: { group: 'Command', kind: { ...boolean, placeholder: '' }, about: 'To be sure.' } },
      argument: { name: 'part', about: 'What is broken.' },
    },
  },
};

function read(...args: string[]): ReturnType<typeof readProgram<Record<string, unknown>>> {
  return readProgram(lamp, args, {});
}

function refusal(...args: string[]): string {
  try {
    read(...args);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It was accepted.');
}

test('a command has its own flags, an argument, and the options that count for it', () => {
  expect(read('mend', '--twice', 'the switch', '--watts', '60')).toMatchObject({
    command: 'mend',
    settings: { twice: true, part: 'the switch', watts: 60 },
  });
  expect(read('mend', 'x')).toMatchObject({ settings: { part: 'x', watts: 40 } });
  expect(read('mend', '-5')).toMatchObject({ settings: { part: '-5' } });
  expect(refusal('mend')).toBe('Say <part>. See --help.');
  expect(refusal('mend', 'x', 'y')).toMatch(/without a flag/);
  expect(refusal('mend', 'x', '--room', 'y')).toBe('flag --room is unknown; see --help.');
  expect(refusal('mned')).toBe('There is no such command; did you mean mend?');
});

test('the help of a program with commands says where their options are', () => {
  expect((read('--help') as { text: string }).text).toContain('lamp start --help has the options of start;');
});

test('library and program judge by the same row', () => {
  const create = (options: unknown): unknown =>
    readTable('the options of a lamp', options, table, invalidOption);

  expect(create({ watts: 60 })).toEqual({ watts: 60, dim: false });
  expect(() => create({ watts: 0 })).toThrow('The option watts is 0; expected a whole number, 1 or more.');
  expect(refusal('start', '--watts', '0')).toBe('flag --watts is "0"; expected a whole number, 1 or more.');
  expect(() => create({ room: 'x' })).toThrow('"room" is unknown in the options of a lamp');
  expect(() => create({ key: '' })).toThrow('The option key is not usable');
  expect(refusal('start', '--key', '')).toMatch(/^flag --key is not usable/);
});

test('a file counts for all commands, and holds what the program knows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'im-kit-'));
  onCleanup(() => rm(folder, { recursive: true }));
  const file = join(folder, 'lamp.json');
  await writeFile(file, '{"watts": 25, "room": "hall", "key": ["a", "b"]}');

  expect(read('mend', 'x', '--config', file)).toMatchObject({ settings: { watts: 25 } });
  const { text: printed } = read('config', 'print', '--config', file) as { text: string };
  expect(JSON.parse(printed)).toEqual({ watts: 25, dim: false, key: '***', room: 'hall' });
});

test('what is only of this program is mentioned in the environment, whatever it is', () => {
  const env = { LAMP_WATS: '1', LAMP_SHADE: '1', OTHER: '1' };
  expect(readProgram(lamp, ['start'], env)).toMatchObject({
    warnings: [
      'environment LAMP_WATS has no effect; did you mean LAMP_WATTS?',
      'environment LAMP_SHADE has no effect; see --help',
    ],
  });
});

test('the README gets its tables', () => {
  const readme = '# lamp\n\n### Light\n\n| old |\n| --- |\n\nMore.\n\n### Operation\n\n| old |\n\nEnd.\n';
  const written = withOptionTables(readme, optionTables(lamp));

  expect(written).toContain(
    '| `--watts` | `LAMP_WATTS` | `watts` | `40`    | How bright it is.             |',
  );
  expect(written).toMatch(/dimmed\. +\|\n\nMore\.\n\n### Operation\n\n\| flag/);
  expect(withOptionTables(written, optionTables(lamp))).toBe(written);
});

test('a program is a table and a body: it starts, serves until SIGTERM, and exits with 0', async () => {
  const script = fileURLToPath(new URL('fixtures/lamp.ts', import.meta.url));
  const flags = ['--conditions=im-source', '--import', 'tsx'];
  const child = spawn(process.execPath, [...flags, script, '--watts', '60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onCleanup(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    if (!said.includes('started') && (said + part).includes('started')) child.kill('SIGTERM');
    said += part;
  });

  const code = await new Promise((resolve) => child.once('close', resolve));

  expect(code).toBe(0);
  for (const line of [/"watts":60.*"started"/, /"signal":"SIGTERM".*"draining/, /"drained"/])
    expect(said).toMatch(line);
});
