// What reporters saw is kept as JSON (reports/report-service.ts): messages as /v1 shows them, and what somebody looked like.

type Json = Readonly<Record<string, unknown>>;

/** Whether there is a message of theirs in it, or one that was theirs before it was forwarded. */
export function isNamedIn(evidence: string, userId: number): boolean {
  const id = String(userId);
  // Most have nothing of theirs, and reading all of them takes time.
  return evidence.includes(`"${id}"`) && isIn(JSON.parse(evidence), id);
}

/** Without what they said, and without what they were called in what the platform says of them. */
export function withoutThem(evidence: string, userId: number, nameless: (text: string) => string): string {
  return JSON.stringify(cleared(JSON.parse(evidence), String(userId), nameless));
}

function isIn(value: unknown, id: string): boolean {
  if (Array.isArray(value)) return value.some((one) => isIn(one, id));
  return isObject(value) && (isTheirs(value, id) || Object.values(value).some((one) => isIn(one, id)));
}

function cleared(value: unknown, id: string, nameless: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => cleared(one, id, nameless));
  if (!isObject(value)) return typeof value === 'string' ? nameless(value) : value;
  const all = Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, cleared(one, id, nameless)]),
  );
  return isTheirs(value, id) ? { ...all, ...nothing } : all;
}

/** What a message of theirs has then. */
const nothing = {
  ...{ content: { type: 'recalled' }, status: 'recalled', senderName: null, text: '' },
  ...{ mentions: [], replyTo: null, forwarded: null, reactions: [] },
};

function isTheirs(value: Json, id: string): boolean {
  const { senderId, forwarded } = value;
  return senderId === id || (isObject(forwarded) && forwarded['senderId'] === id);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
