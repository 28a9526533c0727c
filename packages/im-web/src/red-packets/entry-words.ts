import type { components } from 'im-chat';
import type { PacketText } from './texts.ts';

/** What a line of a wallet is called. */
export const entryWords: Readonly<Record<components['schemas']['WalletEntry']['kind'], PacketText>> = {
  send: 'kindSend',
  grab: 'kindGrab',
  refund: 'kindRefund',
  'top-up': 'kindTopUp',
  'pay-out': 'kindPayOut',
  return: 'kindReturn',
  unclaimed: 'kindOther',
};
