import type { ByteText } from './byte-text.ts';

/**
 * The last messages of topics, those that were sent to be kept (PROTOCOL.md, P-13.9): for devices that come back. Each has a number above
 * those before it, of one epoch: a topic of which the bus has forgotten something begins another one.
 */
export interface TopicHistory {
  /**
   * Keeps a message, once by its id as long as it is kept or its id is to be known, and numbers it. Answers also which servers have members: a
   * member that comes later finds the message here.
   */
  append(topic: string, message: TopicMessageToKeep): Promise<AppendedToTopic>;

  /** What came after a position, and about {@link positionLagMs} before it; undefined when the topic keeps nothing. */
  since(topic: string, position: TopicPosition | undefined): Promise<TopicMissed | undefined>;
}

export interface TopicMessageToKeep {
  readonly id: string;
  /** Its entry. */
  readonly text: ByteText;
  readonly forMs: number;
  /** Ends it earlier, on the clock of the bus. */
  readonly expiresAt?: number | undefined;
  /** How many the topic keeps, this one among them. */
  readonly most: number;
  /** How long its id is known at least, from now on; of one topic the last {@link mostTopicKnown}. */
  readonly rememberMs?: number | undefined;
}

/** How far somebody has the messages of a topic. */
export interface TopicPosition {
  readonly epoch: string;
  readonly number: number;
}

export interface AppendedToTopic extends TopicPosition {
  readonly servers: readonly number[];
}

export interface TopicMissed {
  /** Of the last message. */
  readonly position: TopicPosition;
  /** In their order; undefined when there were more than are kept, or the position is not known. */
  readonly messages: readonly NumberedMessage[] | undefined;
}

export interface NumberedMessage {
  readonly number: number;
  readonly text: ByteText;
}

/** Of one topic. */
export const mostTopicBytes = 1_048_576;
export const mostTopicKnown = 1_000;
/** What somebody missed is not more than this. */
export const mostMissedBytes = 262_144;
/** A message may come to a server so long after one with a higher number. */
export const positionLagMs = 2_000;
/** So long after the last message a position is still known to be the last one. */
export const positionKeptMs = 86_400_000;
