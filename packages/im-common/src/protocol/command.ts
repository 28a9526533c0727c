/** What a frame is about: its `cmd` (PROTOCOL.md, P-2). 0 to 5 are box-im's; 6 is ours, for devices that acknowledge, and so is all from 20 on. */
export const Command = {
  LOGIN: 0,
  HEART_BEAT: 1,
  FORCE_LOGOUT: 2,
  PRIVATE_MESSAGE: 3,
  GROUP_MESSAGE: 4,
  SYSTEM_MESSAGE: 5,
  ACK: 6,
  UPLINK: 20,
  UPLINK_ANSWER: 21,
  REQUEST: 22,
  REPLY: 23,
  TOPICS: 24,
} as const;

export type Command = (typeof Command)[keyof typeof Command];

/** The three kinds of message. Each has its own list per server, its own result list and its own command. */
export const messageKinds = ['private', 'group', 'system'] as const;

export type MessageKind = (typeof messageKinds)[number];

export const commandOfKind: Readonly<Record<MessageKind, Command>> = {
  private: Command.PRIVATE_MESSAGE,
  group: Command.GROUP_MESSAGE,
  system: Command.SYSTEM_MESSAGE,
};
