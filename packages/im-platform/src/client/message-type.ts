/** What a push or a stored message is; numbers of box-im (contract C.6). */
export const MessageType = {
  TEXT: 0,
  IMAGE: 1,
  FILE: 2,
  AUDIO: 3,
  VIDEO: 4,
  RECALL: 10,
  READED: 11,
  RECEIPT: 12,
  TIP_TEXT: 21,
  ACT_RT_VOICE: 40,
  ACT_RT_VIDEO: 41,
  USER_BANNED: 50,
  /** Ours: what became of a conversation. Box-im's front ends pass over system messages that they do not know. */
  CHANGED: 60,
  /** Ours: what became of a message. */
  MESSAGE_CHANGED: 61,
  /** Ours: how far a red packet is. */
  RED_PACKET: 62,
  /** Ours: something that is told to many, and stored nowhere. */
  CAMPAIGN: 63,
  FRIEND_NEW: 80,
  FRIEND_DEL: 81,
  FRIEND_DND: 82,
  GROUP_NEW: 90,
  GROUP_DEL: 91,
  GROUP_DND: 92,
  RTC_CALL_VOICE: 100,
  RTC_CALL_VIDEO: 101,
  RTC_ACCEPT: 102,
  RTC_REJECT: 103,
  RTC_CANCEL: 104,
  RTC_FAILED: 105,
  RTC_HANDUP: 106,
  RTC_CANDIDATE: 107,
} as const;

/** How far a message got (contract C.6). */
export const MessageStatus = { PENDING: 0, DELIVERED: 1, RECALL: 2, READED: 3 } as const;
