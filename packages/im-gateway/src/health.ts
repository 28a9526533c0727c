import type { Bus } from 'im-common/bus';

/** Whether the gateway can be used, and if not, or not as well as it should, why. */
export interface GatewayHealth {
  readonly live: boolean;
  readonly ready: boolean;
  /** Ready, but webhooks are not taken. */
  readonly degraded: boolean;
  readonly reasons: readonly string[];
}

export interface HealthDeps {
  readonly bus: Pick<Bus, 'ping'>;
  readonly phase: () => 'new' | 'running' | 'closed';
  /** Why the last webhook was not taken. */
  readonly webhookProblem: () => string | undefined;
}

const checkTimeoutMs = 2_000;
/** Balancers ask often, and several of them. */
const freshMs = 500;

/** Asked at once by many, it looks once. */
export function createHealthCheck({ bus, phase, webhookProblem }: HealthDeps): () => Promise<GatewayHealth> {
  let last: { readonly at: number; readonly answers: Promise<boolean> } | undefined;
  const busAnswers = (): Promise<boolean> => {
    if (!last || performance.now() - last.at >= freshMs) last = { at: performance.now(), answers: ask(bus) };
    return last.answers;
  };
  return async () => {
    const now = phase();
    if (now !== 'running') {
      const reason = now === 'new' ? 'not started' : 'closed';
      return { live: now === 'new', ready: false, degraded: false, reasons: [reason] };
    }
    if (!(await busAnswers()))
      return { live: true, ready: false, degraded: false, reasons: ['the bus is away'] };
    const problem = webhookProblem();
    if (problem === undefined) return { live: true, ready: true, degraded: false, reasons: [] };
    return { live: true, ready: true, degraded: true, reasons: [`webhooks are not taken: ${problem}`] };
  };
}

async function ask(bus: Pick<Bus, 'ping'>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, checkTimeoutMs, false);
  });
  const answered = bus.ping().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answered, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
