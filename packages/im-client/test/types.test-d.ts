import { describe, expectTypeOf, it } from 'vitest';
import {
  createImClient,
  IMListener,
  IMListenerType,
  jsonText,
  OnResult,
  type GroupResult,
  type ImResult,
  type PrivateResult,
  type Receipt,
  type SystemResult,
} from '../src/index.ts';

interface ChatMessage {
  readonly text: string;
}
interface Notice {
  readonly title: string;
}

const redis = 'redis://localhost';
const sender = { id: 1, terminal: 0 };

describe('a client without message types', () => {
  const im = createImClient({ service: 'shop', redis });

  it('sends anything and gets unknown data back', () => {
    expectTypeOf(
      im.sendPrivateMessage({ sender, recvId: 2n, data: { any: ['thing'] } }),
    ).resolves.toEqualTypeOf<Receipt>();
    im.on('private', (results) => expectTypeOf(results).toEqualTypeOf<PrivateResult[]>());
    im.on('all', (results) => expectTypeOf(results[0]!.data).toBeUnknown());
  });
});

describe('a client with message types', () => {
  const im = createImClient<{ private: ChatMessage; system: Notice }>({ service: 'shop', redis });

  it('sends what it says', () => {
    void im.sendPrivateMessage({ sender, recvId: '2', data: { text: 'hi' } });
    void im.sendPrivateMessage({ sender, recvId: null, data: jsonText('{"text":"hi"}') });
    void im.sendSystemMessage({ recvIds: 'everyone', data: { title: 'hi' } });
    void im.sendGroupMessage({ sender, recvIds: [1, '2', 3n], data: 'not said, so anything' });
    // @ts-expect-error -- no ChatMessage
    void im.sendPrivateMessage({ sender, recvId: 2, data: { txet: 'hi' } });
    // @ts-expect-error -- no list
    void im.sendSystemMessage({ recvIds: 'nobody', data: { title: 'hi' } });
    // @ts-expect-error -- a group message has a sender
    void im.sendGroupMessage({ recvIds: [1], data: 1 });
  });

  it('gives listeners what was sent', () => {
    im.on('private', (results, { signal, attempt }) => {
      expectTypeOf(results).toEqualTypeOf<PrivateResult<ChatMessage>[]>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      expectTypeOf(attempt).toBeNumber();
    });
    im.on('group', (results) => expectTypeOf(results).toEqualTypeOf<GroupResult[]>());
    im.on('system', async (results) => {
      expectTypeOf(results).toEqualTypeOf<SystemResult<Notice>[]>();
      return Promise.resolve();
    });
    im.on('all', (results) => {
      expectTypeOf(results).toEqualTypeOf<ImResult<ChatMessage, unknown, Notice>[]>();
      for (const result of results)
        if (result.kind === 'private') expectTypeOf(result.data).toEqualTypeOf<ChatMessage>();
    });
    // @ts-expect-error -- no such kind
    im.on('privat', () => undefined);
  });
});

describe('the decorators', () => {
  it('accept methods that take the results of their type, with any data', () => {
    @IMListener(IMListenerType.SYSTEM_MESSAGE)
    class System {
      process(results: SystemResult<Notice>[]): void {
        results.at(0);
      }
    }
    class Methods {
      @OnResult(IMListenerType.ALL)
      async all(results: ImResult[], context: { signal: AbortSignal }): Promise<void> {
        await Promise.resolve([results, context]);
      }

      @OnResult(IMListenerType.GROUP_MESSAGE)
      none(): void {
        return;
      }
    }
    expectTypeOf([System, Methods]).toBeArray();
  });

  it('refuse what cannot be called with those results', () => {
    class Wrong {
      // @ts-expect-error -- group results for a method that wants private ones
      @OnResult(IMListenerType.GROUP_MESSAGE)
      onGroup(results: PrivateResult[]): void {
        results.at(0);
      }

      // @ts-expect-error -- no results at all
      @OnResult(IMListenerType.PRIVATE_MESSAGE)
      onPrivate(result: string): void {
        result.at(0);
      }
    }
    // @ts-expect-error -- a class without process
    @IMListener(IMListenerType.PRIVATE_MESSAGE)
    class NoProcess {}
    // @ts-expect-error -- process wants results of another type
    @IMListener(IMListenerType.PRIVATE_MESSAGE)
    class OtherType {
      process(results: GroupResult[]): void {
        results.at(0);
      }
    }
    expectTypeOf([Wrong, NoProcess, OtherType]).toBeArray();
  });
});
