import { readFile } from 'node:fs/promises';
import { imClientDefaults } from 'im-client';
import { serverDefaults } from 'im-server';
import { expect, test } from 'vitest';

const protocol = await readFile(new URL('../PROTOCOL.md', import.meta.url), 'utf8');
const [, section = ''] = protocol.split(/^## P-11.*$/m);
const rows = Array.from(
  section.split(/^## /m)[0]?.matchAll(/^\|[^|]+\| ([\d,]+ ?\w*) +\| `(\w+)`( of im-client)?/gm) ?? [],
);

test('P-11 has the limits that are the defaults', () => {
  const documented = rows.map(([, limit = '', option = '', ofClient = '']) => [
    option + ofClient,
    valueOf(limit),
  ]);
  const real = rows.map(([, , option = '', ofClient]) => {
    const defaults: Record<string, unknown> = {
      ...(ofClient === undefined ? serverDefaults : imClientDefaults),
    };
    return [option + (ofClient ?? ''), defaults[option]];
  });

  expect(documented).toEqual(real);
  expect(documented.length).toBeGreaterThan(20);
});

test('P-11 has all limits of the server', () => {
  const named = rows.map(([, , option]) => option);

  expect(
    Object.keys(serverDefaults).filter((name) => name.startsWith('max') && !named.includes(name)),
  ).toEqual([]);
});

function valueOf(limit: string): number {
  const [number = '', unit = ''] = limit.split(' ');
  const factors: Record<string, number> = { '': 1, s: 1_000, MiB: 2 ** 20 };
  return Number(number.replaceAll(',', '')) * (factors[unit] ?? Number.NaN);
}
