import type { DeviceAddress, MessageKind } from 'im-common';
import type { ByteText, Reason, Stage } from 'im-common/bus';
import { encodeKeptResult, resultList, type Entry, type Producer } from 'im-common/internal/bus';
import type { ServerMetrics } from '../metrics/metrics.ts';

/** How a message ended that was kept. */
export interface KeptMessageEnd {
  readonly kind: MessageKind;
  readonly entry: Entry;
  readonly stage: Stage;
  readonly reason: Reason | undefined;
}

export interface LaterResultsDeps {
  readonly results: Producer;
  readonly serverId: () => number;
  readonly metrics: Pick<ServerMetrics, 'keptEnded'>;
}

/** Tells what became of kept messages, on a list that all instances of their service share: who sent them may be long gone. */
export class LaterResults {
  readonly #deps: LaterResultsDeps;

  constructor(deps: LaterResultsDeps) {
    this.#deps = deps;
  }

  /** Resolves when all of it is on its lists. */
  async report(address: DeviceAddress, ends: readonly KeptMessageEnd[]): Promise<void> {
    const { metrics, results, serverId } = this.#deps;
    const byService = new Map<string, ByteText[]>();
    for (const { kind, entry, stage, reason } of ends) {
      if (!entry.sendResult || entry.serviceName === undefined) continue;
      const [service = ''] = entry.serviceName.split('@');
      const handling = { serverId: serverId(), resolvedAt: Date.now() };
      const text = encodeKeptResult(kind, entry, { address, stage, reason }, handling);
      byService.set(service, [...(byService.get(service) ?? []), text]);
    }
    await Promise.all(
      Array.from(byService, ([service, texts]) => results.put(resultList('kept', service), ...texts)),
    );
    for (const { reason } of ends) metrics.keptEnded(reason);
  }
}
