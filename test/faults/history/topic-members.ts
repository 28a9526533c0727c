// T1, for whoever knows who was in which topic when: the chaos world's checker and the row of topics.

/** From when to when something was so for certain. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A message to a topic, from its send until all was known of it. */
export interface SentToTopic extends Span {
  readonly topic: string;
  readonly message: string;
  /** Addresses that do not get it. */
  readonly except?: readonly string[];
  /** The topic keeps it for those who follow it. */
  readonly isKept: boolean;
  /** False: it may not have come to all servers, so that only who must not have it can be judged. */
  readonly isWhole: boolean;
}

/** A device, over all its connections. */
export interface TopicDevice {
  readonly address: string;
  readonly userId: string;
  /** Its connections, in their order. */
  readonly sessions: readonly Span[];
  /** How often its application was given each message. */
  readonly given: ReadonlyMap<string, number>;
  /** When it was told to load a topic anew; undefined when it does not ask for what it missed. */
  readonly reloads: readonly { readonly topic: string; readonly at: number }[] | undefined;
}

/** What was certain at each moment, and what was sent and given. */
export interface TopicHistory {
  readonly devices: readonly TopicDevice[];
  /** By {@link memberKey}. */
  readonly inside: ReadonlyMap<string, readonly Span[]>;
  readonly outside: ReadonlyMap<string, readonly Span[]>;
  readonly sent: readonly SentToTopic[];
}

/** Something that does not hold of a message and a device. */
export interface TopicProblem {
  readonly what: string;
  readonly device: TopicDevice;
  readonly message: SentToTopic;
  /** It had to have it in one of these. */
  readonly during: Span;
}

/** What a follower missed is there so long after its login. */
const caughtUpMs = 1_000;

export function memberKey(userId: string, topic: string): string {
  return `${userId} ${topic}`;
}

/**
 * T1: who was in and connected throughout has it once, who was out has not, nobody has it twice; who follows its topics and has
 * come back has it, or was told to load the topic anew. Says of how many it could tell.
 */
export function judgeTopics({ devices, inside, outside, sent }: TopicHistory): {
  readonly problems: readonly TopicProblem[];
  readonly checked: number;
} {
  const problems: TopicProblem[] = [];
  let checked = 0;
  for (const message of sent) {
    for (const device of devices) {
      const key = memberKey(device.userId, message.topic);
      const count = device.given.get(message.message) ?? 0;
      const isLeftOut = message.except?.includes(device.address) ?? false;
      const mustNot = isLeftOut || covers(outside.get(key), message);
      const due = isLeftOut ? undefined : dueSpan(message, device, inside.get(key));
      if (due || mustNot) checked += 1;
      const problem = (what: string, during: Span): void => {
        problems.push({
          what: `${message.message} to ${message.topic}: ${device.address} has it ${count} times${what}`,
          ...{ device, message, during },
        });
      };
      if (count > 1) problem('', message);
      if (mustNot && count > 0) problem(isLeftOut ? ', and was left out' : ', was not in it', message);
      if (due && count === 0 && !due.isTold) problem(due.why, due);
    }
  }
  return { problems, checked };
}

interface Due extends Span {
  readonly why: string;
  /** It was told to load the topic anew instead. */
  readonly isTold: boolean;
}

/** When the device had to be given a message, if it had to. */
function dueSpan(
  message: SentToTopic,
  { reloads, sessions }: TopicDevice,
  inside: readonly Span[] | undefined,
): Due | undefined {
  const { from, to } = message;
  if (!message.isWhole) return undefined;
  if (covers(inside, message) && covers(sessions, message))
    return { from, to, why: ', was in it and connected throughout', isTold: false };
  if (!reloads || !message.isKept) return undefined;
  const back = sessions.find((session) => session.from >= to && session.to - session.from > caughtUpMs);
  if (!back) return undefined;
  const until = { from, to: back.from + caughtUpMs };
  const isTold = reloads.some(({ topic, at }) => topic === message.topic && at >= from);
  return covers(inside, until) ? { ...until, why: ', came back, and was not told', isTold } : undefined;
}

function covers(spans: readonly Span[] = [], { from, to }: Span): boolean {
  return spans.some((span) => span.from <= from && span.to >= to);
}
