// What the library calls people and conversations: it wants names of Matrix. They are signed with what they name, so they never change.

const host = 'im';

export function libraryUser(userId: string): string {
  return `@${userId}:${host}`;
}

export function userOf(name: string): string {
  return name.slice(1, name.indexOf(':'));
}

export function libraryRoom(conversationId: string): string {
  return `!${conversationId.replaceAll(':', '-')}:${host}`;
}

export function conversationOf(room: string): string {
  return room.slice(1, room.indexOf(':')).replaceAll('-', ':');
}
