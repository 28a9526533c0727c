// What the API answers and pushes carry, as far as this page reads it.

export interface Friend {
  readonly id: number;
  readonly nickName: string;
  readonly headImage: string;
  readonly deleted: boolean;
}

export interface Group {
  readonly id: number;
  readonly showGroupName: string;
  readonly headImageThumb: string;
  readonly notice: string | null;
  readonly quit: boolean;
  readonly dissolve: boolean;
}

export interface Self {
  readonly id: number;
  readonly nickName: string;
  readonly headImageThumb: string;
}

/** Over the socket a field may be missing. */
export interface PrivateMessage {
  readonly id?: number;
  readonly tmpId?: string | null;
  readonly sendId: number;
  readonly recvId: number;
  readonly content?: string | null;
  readonly type: number;
  readonly status?: number;
  readonly sendTime?: number;
}

export interface GroupMessage extends Omit<PrivateMessage, 'recvId'> {
  readonly groupId: number;
  readonly sendNickName?: string;
}

export interface SystemMessage {
  readonly type: number;
  readonly content?: string;
}

export const Type = {
  TEXT: 0,
  IMAGE: 1,
  FILE: 2,
  AUDIO: 3,
  VIDEO: 4,
  RECALL: 10,
  READED: 11,
  RECEIPT: 12,
  TIP_TEXT: 21,
  CALL_VOICE: 40,
  CALL_VIDEO: 41,
  USER_BANNED: 50,
} as const;

export const Status = { RECALLED: 2, READ: 3 } as const;
