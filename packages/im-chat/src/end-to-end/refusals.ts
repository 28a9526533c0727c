import { ChatError } from '../errors.ts';

export function needsApproval(): ChatError {
  return new ChatError('DEVICE_NOT_SIGNED', 'Your other devices do not know this one yet.', {
    cure: 'Compare codes with one of them, or enter the recovery key.',
  });
}

export function noKeys(): ChatError {
  return new ChatError('NO_KEYS', 'There are no keys to compare.', {
    cure: 'Ask them to set encryption up.',
  });
}
