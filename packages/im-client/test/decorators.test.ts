import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { resultList } from 'im-common/internal/bus';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import * as imClient from '../src/index.ts';
import { hasListeners, IMListener, IMListenerType, OnResult } from '../src/index.ts';
import * as standard from './fixtures/decorated.ts';
import { Inbox } from './support/inbox.ts';
import { put } from './support/scripted-server.ts';
import { newMemoryWorld } from './support/world.ts';

const fixture = fileURLToPath(new URL('./fixtures/decorated.ts', import.meta.url));

/** The fixture as a project with `experimentalDecorators` compiles it. */
async function compileLegacy(): Promise<typeof standard> {
  const { outputText } = ts.transpileModule(await readFile(fixture, 'utf8'), {
    compilerOptions: {
      experimentalDecorators: true,
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
    },
  });
  expect(outputText).toContain('__decorate');
  const exports = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- runs what the compiler made of our own fixture
  const run = new Function('exports', 'require', outputText) as (
    exports: object,
    require: () => object,
  ) => void;
  run(exports, () => imClient);
  return exports as typeof standard;
}

describe.each([
  ['standard', () => Promise.resolve(standard)],
  ['legacy', compileLegacy],
])('%s decorators', (_, compile) => {
  it('subscribe the class and the methods of a registered instance, and unregister takes it all back', async () => {
    const { Delivery, MarkDelivered } = await compile();
    const world = await newMemoryWorld();
    const im = world.client();
    const calls = new Inbox<standard.Call>();
    const unregister = im.register(new Delivery(calls.push));
    im.register(new MarkDelivered(calls.push));
    await im.start();

    await put(world.bus, resultList('private', 'shop'), privateResult('"p"'));
    await put(world.bus, resultList('group', 'shop'), groupResult('"g"'));
    expect((await calls.take(3)).sort()).toEqual([
      ['onGroup', 'g'],
      ['onPrivate 1', 'p'],
      ['process', 'p'],
    ]);

    await unregister();
    await put(world.bus, resultList('private', 'shop'), privateResult('"again"'));
    expect(await calls.next()).toEqual(['process', 'again']);
    await im.close();
    expect(calls.items).toHaveLength(4);
  });

  it('are found on instances by those who look for them', async () => {
    const { Delivery, MarkDelivered, NightDelivery } = await compile();

    for (const Listener of [Delivery, MarkDelivered, NightDelivery]) {
      expect(hasListeners(new Listener(() => undefined))).toBe(true);
    }
  });

  it('of a superclass count once, and an override is what is called', async () => {
    const { NightDelivery } = await compile();
    const world = await newMemoryWorld();
    const im = world.client();
    const calls = new Inbox<standard.Call>();
    im.register(new NightDelivery(calls.push));
    await im.start();

    await put(world.bus, resultList('private', 'shop'), privateResult('1'), privateResult('2'));

    expect(await calls.take(2)).toEqual([
      ['at night', 1],
      ['at night', 2],
    ]);
    await im.close();
    expect(calls.items).toHaveLength(2);
  });
});

describe('decorators', () => {
  it.each([true, false])(
    'compile without a complaint with experimentalDecorators %s',
    (experimentalDecorators) => {
      const problems = typeCheck(fixture, experimentalDecorators);

      expect(problems).toEqual([]);
    },
  );

  it('reach private methods, and several types on one method', async () => {
    class Hidden {
      readonly calls: Inbox<unknown>;

      constructor(calls: Inbox<unknown>) {
        this.calls = calls;
      }

      @OnResult(IMListenerType.PRIVATE_MESSAGE)
      @OnResult(IMListenerType.GROUP_MESSAGE)
      // eslint-disable-next-line no-unused-private-class-members -- its decorator is its use
      #onAny(results: imClient.ImResult[]): void {
        this.calls.push(...results.map(({ kind }) => kind));
      }
    }
    const world = await newMemoryWorld();
    const im = world.client();
    const calls = new Inbox<unknown>();
    im.register(new Hidden(calls));
    await im.start();

    await put(world.bus, resultList('private', 'shop'), privateResult('1'));
    await put(world.bus, resultList('group', 'shop'), groupResult('1'));

    expect((await calls.take(2)).sort()).toEqual(['group', 'private']);
  });

  it('with ALL get every kind', async () => {
    @IMListener(IMListenerType.ALL)
    class Everything {
      readonly kinds = new Inbox<string>();

      process(results: imClient.ImResult[]): void {
        this.kinds.push(...results.map(({ kind }) => kind));
      }
    }
    const world = await newMemoryWorld();
    const im = world.client();
    const everything = new Everything();
    im.register(everything);
    await im.start();

    await put(world.bus, resultList('system', 'shop'), groupResult('1'));
    await put(world.bus, resultList('private', 'shop'), privateResult('1'));

    expect((await everything.kinds.take(2)).sort()).toEqual(['private', 'system']);
  });

  it('are through with what they were at when unregistering resolves', async () => {
    const world = await newMemoryWorld();
    const im = world.client();
    const calls = new Inbox<string>();
    let end: () => void = () => undefined;
    const mayEnd = new Promise<void>((resolve) => (end = resolve));
    @IMListener(IMListenerType.PRIVATE_MESSAGE)
    class Slow {
      async process(): Promise<void> {
        calls.push('called');
        await mayEnd;
        calls.push('through');
      }
    }
    const unregister = im.register(new Slow());
    await im.start();
    await put(world.bus, resultList('private', 'shop'), privateResult('1'));
    await calls.next();

    const ended = unregister().then(() => calls.push('unregistered'));
    await put(world.bus, resultList('private', 'shop'), privateResult('2'));
    end();
    await ended;

    expect(await calls.take(2)).toEqual(['through', 'unregistered']);
    await im.close();
    expect(calls.items).toHaveLength(3);
  });

  it('are looked for without reading what an object has', () => {
    const refusing = (): never => {
      throw new Error('Nobody may read this yet');
    };
    const others = [
      ...[undefined, null, 1, 'text', () => undefined, {}, new Map(), Object.create(null) as object],
      new Proxy({}, { get: refusing, has: refusing }),
      Object.defineProperty({}, 'constructor', { get: refusing }),
    ];

    expect(others.filter(hasListeners)).toEqual([]);
  });

  it('are asked for: an object without any is refused', async () => {
    const world = await newMemoryWorld();
    const im = world.client();

    expect(() => im.register({})).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

function typeCheck(file: string, experimentalDecorators: boolean): string[] {
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    experimentalDecorators,
    allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['im-source'],
  });
  const source = program.getSourceFile(file);
  expect(source).toBeDefined();
  const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

function privateResult(data: string): string {
  return `{"code":0,"data":${data},"receiver":{"id":2,"terminal":0}}`;
}

function groupResult(data: string): string {
  return `{"code":0,"data":${data},"receivers":[{"id":2,"terminal":0}]}`;
}
