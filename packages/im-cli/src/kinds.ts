import { userIdForm } from 'im-common';
import { text, type TextKind } from 'im-common/internal/checks';

export const serviceName: TextKind<string> = text(
  'name',
  '1 to 64 characters out of A-Z a-z 0-9 _ . -',
  /^[\w.-]{1,64}$/,
);

export const userId: TextKind<string> = text('user', userIdForm, /^[\w.@-]{1,64}$/);

/** Of a list of dead letters, as `im dead list` names it. */
export const letterList: TextKind<string> = text(
  'list',
  'a list such as private or result:shop, as "im dead list" names them',
  /^[\w:.@-]+$/,
);
