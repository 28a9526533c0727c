// Who is told what while no device of theirs is there: one pure function. Its table is in docs/away-push.md, and a test walks it.

/** What the transport says of a message and a user. */
export type Proof =
  /** Not all results are there. */
  | 'open'
  /** It was on its way to a device that is silent. */
  | 'missed'
  /** Every device that was online has it; the others were offline. */
  | 'known';

/** A message as one of its people has it. */
export interface NewMessage {
  readonly number: number;
  /** Tips and the like do not. */
  readonly counts: boolean;
  readonly isOwn: boolean;
  /** Directed at others, or of before they joined. */
  readonly isForOthers: boolean;
  readonly isRecalled: boolean;
  /** One of the two has blocked the other. */
  readonly isBlocked: boolean;
  readonly isMention: boolean;
  readonly proof: Proof;
}

/** A device that is registered, and the place of its user in the conversation. */
export interface Place {
  readonly isSignedIn: boolean;
  /** Up to there this device was told, or need not be. */
  readonly told: number;
  /** Something of the conversation may stand on its screen, and what stands there was taken back. */
  readonly isShown: boolean;
  readonly isToldRecalled: boolean;
  readonly read: number;
  /** Of private conversations; 0 for groups. */
  readonly delivered: number;
  readonly isMuted: boolean;
  /** Some device of the user is connected. */
  readonly isOnline: boolean;
  readonly isQuiet: boolean;
  /** Its service does not want to hear of it now. */
  readonly isPaused: boolean;
}

export type Decision =
  | { readonly act: 'tell'; readonly number: number }
  | { readonly act: 'wait'; readonly why: 'no-results-yet' | 'service-busy' }
  | { readonly act: 'withdraw'; readonly why: 'read' | 'recalled' }
  | { readonly act: 'nothing'; readonly why: WhyNot };

export type WhyNot =
  | 'signed-out'
  | 'told'
  | 'not-counted'
  | 'own'
  | 'for-others'
  | 'recalled'
  | 'blocked'
  | 'read'
  | 'muted'
  | 'acknowledged'
  | 'quiet-hours';

/** `messages` with the newest first. */
export function decide(place: Place, messages: readonly NewMessage[]): Decision {
  if (!place.isSignedIn) return { act: 'nothing', why: 'signed-out' };
  const news = decideNews(place, messages);
  // What is told takes the place of what is shown.
  if (news.act !== 'nothing' || !place.isShown) return news;
  if (place.read >= place.told) return { act: 'withdraw', why: 'read' };
  return place.isToldRecalled ? { act: 'withdraw', why: 'recalled' } : news;
}

function decideNews(place: Place, messages: readonly NewMessage[]): Decision {
  const whys = messages.map((message) => whyNotOf(message, place));
  const message = messages[whys.indexOf(undefined)];
  if (!message) return { act: 'nothing', why: whys[0] ?? 'told' };
  const { number, proof } = message;
  if (place.delivered >= number) return { act: 'nothing', why: 'acknowledged' };
  if (place.isOnline && proof === 'open') return { act: 'wait', why: 'no-results-yet' };
  if (place.isOnline && proof === 'known') return { act: 'nothing', why: 'acknowledged' };
  if (place.isQuiet) return { act: 'nothing', why: 'quiet-hours' };
  if (place.isPaused) return { act: 'wait', why: 'service-busy' };
  return { act: 'tell', number };
}

/** Why this one is nothing to tell; undefined: it is. */
function whyNotOf(message: NewMessage, { told, read, isMuted }: Place): WhyNot | undefined {
  if (message.isRecalled) return 'recalled';
  if (!message.counts) return 'not-counted';
  if (message.isOwn) return 'own';
  if (message.isForOthers) return 'for-others';
  if (message.number <= told) return 'told';
  if (message.number <= read) return 'read';
  if (message.isBlocked) return 'blocked';
  if (isMuted && !message.isMention) return 'muted';
  return undefined;
}
