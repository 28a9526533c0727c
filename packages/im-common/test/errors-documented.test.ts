import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { codeOfReason, ResultCode, stages } from '../src/bus/result.ts';
import { ImError, imErrorCodes } from '../src/errors.ts';
import { CloseCode, comeBack } from '../src/protocol/close-code.ts';
import { Command } from '../src/protocol/command.ts';

// The documents are read as a reader sees them: by headings, tables and clause numbers.
const root = new URL('../../../', import.meta.url);
const errors = await readFile(new URL('docs/errors.md', root), 'utf8');
const protocol = await readFile(new URL('PROTOCOL.md', root), 'utf8');

describe('docs/errors.md', () => {
  const sections = sectionsOf(errors);

  it('has a section for every error code, and for nothing else', () => {
    expect([...sections.keys()].sort()).toEqual([...imErrorCodes].sort());
  });

  it.for([...sections])(
    'says of %s what happened, who acts, what to do, and whether to retry',
    ([, text]) => {
      const labels = ['What happened', 'Who acts', 'Cure', 'Retryable'];
      expect([...fieldsOf(text).keys()]).toEqual(labels);
    },
  );

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

  it('numbers each section and each clause once, from 1 upwards', () => {
    const sections = [...sectionsOf(protocol).keys()].map((heading) => heading.split(' ')[0]);
    expect(sections).toEqual(sections.map((_, index) => `P-${index + 1}`));
    for (const section of sections) {
      const clauses = clauseNumbers().filter((clause) => clause.startsWith(`${section}.`));
      expect(clauses).toEqual(clauses.map((_, index) => `${section}.${index + 1}`));
      expect(clauses).not.toEqual([]);
    }
  });

  it('has every clause that a source, a test or a document cites', async () => {
    const known = new Set([...clauseNumbers(), ...clauseNumbers().map((clause) => clause.split('.')[0])]);
    const citations = await findCitations();
    expect(citations.length).toBeGreaterThan(5);
    expect(citations.filter(({ clause }) => !known.has(clause))).toEqual([]);
  });
});

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
  const lines = text?.split(/^(?:\*\*P-|## )/m)[0]?.split('\n') ?? [];
  const [header = [], rule, ...rows] = lines.filter((line) => line.startsWith('|')).map(cellsOf);
  if (!rule?.every((cell) => /^-+$/.test(cell)) || rows.length === 0) {
    throw new Error(`PROTOCOL.md has no table in clause ${clause}.`);
  }
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
const citation = /\bP-\d{1,2}(?:\.\d+)?(?!\d)/g;

async function findCitations(): Promise<Citation[]> {
  const files = ['PROTOCOL.md', 'CONTRIBUTING.md'];
  for (const folder of ['packages', 'test', 'docs']) {
    const names = await readdir(new URL(folder, root), { recursive: true });
    files.push(...names.map((name) => `${folder}/${name}`).filter(isOurs));
  }
  const texts = await Promise.all(files.map(async (file) => readFile(new URL(file, root), 'utf8')));
  return texts.flatMap((text, index) =>
    Array.from(text.matchAll(citation), ([clause]) => ({ file: files[index] ?? '', clause })),
  );
}

function isOurs(file: string): boolean {
  return /\.(?:ts|md)$/.test(file) && !/(?:^|\/)(?:node_modules|dist|CHANGELOG\.md)(?:\/|$)/.test(file);
}
