// What the platform itself says in conversations, as box-im says it and in English. It is stored in the language of the platform.
export const tips = {
  nowFriends: ['你们已成为好友，现在可以开始聊天了', 'You are friends now and can start chatting.'],
  noLongerFriends: ['你们的好友关系已被解除', 'You are no longer friends.'],
  tipJoinedByLink: ["'{nick}'通过邀请链接加入了群聊", "'{nick}' joined the group by a link."],
  tipLetIn: ["'{nick}'同意'{names}'加入了群聊", "'{nick}' let '{names}' join the group."],
  tipNewOwner: ["'{nick}'已将群主转让给'{name}'", "'{nick}' made '{name}' the owner of the group."],
  tipNewAdmin: ["'{nick}'已将'{name}'设为管理员", "'{nick}' made '{name}' an admin."],
  tipNoAdmin: ["'{nick}'已取消'{name}'的管理员身份", "'{nick}' took the role of admin from '{name}'."],
  tipMuted: ["'{nick}'已将'{name}'禁言{minutes}分钟", "'{nick}' muted '{name}' for {minutes} minutes."],
  tipUnmuted: ["'{nick}'已解除'{name}'的禁言", "'{nick}' lets '{name}' write again."],
  tipOnlyAdminsWrite: ["'{nick}'已开启全员禁言", "'{nick}' lets only the owner and admins write."],
  tipAllWrite: ["'{nick}'已关闭全员禁言", "'{nick}' lets all members write again."],
  tipDissolved: ["'{nick}'解散了群聊", "'{nick}' dissolved the group."],
  tipInvited: ["'{nick}'邀请'{names}'加入了群聊", "'{nick}' invited '{names}' to the group."],
  tipRemoved: ['您已被移出群聊', 'You were removed from the group.'],
  tipQuit: ['您已退出群聊', 'You left the group.'],
  tipGroupBanned: [
    '本群聊已被管理员封禁,原因:{reason}',
    'This group was banned by an administrator: {reason}',
  ],
  tipGroupUnbanned: ['已解除封禁', 'The ban was lifted.'],
  callMissed: ['未接通', 'No answer'],
  callRejected: ['已拒绝', 'Rejected'],
  callCancelled: ['已取消', 'Cancelled'],
  callDuration: ['通话时长 {duration}', 'Call time {duration}'],
} as const satisfies Readonly<Record<string, readonly [chinese: string, english: string]>>;

const placeholder = /\{(\w+)\}/g;

function patternOf(text: string): RegExp {
  const escaped = text.replaceAll(/[\\^$.*+?()[\]|]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(placeholder, '(?<$1>.*)')}$`, 's');
}

let patterns: readonly (readonly [RegExp, readonly [chinese: string, english: string]])[] | undefined;

/** A notice or the record of a call in the language of whoever reads it; what is none of the platform's stays as it is. */
export function tipIn(language: 'zh' | 'en', text: string): string {
  patterns ??= Object.values(tips).flatMap((tip) => tip.map((said) => [patternOf(said), tip] as const));
  for (const [pattern, tip] of patterns) {
    const match = pattern.exec(text);
    if (!match) continue;
    const wanted = tip[language === 'zh' ? 0 : 1];
    const { groups: values = {} } = match;
    return wanted.replaceAll(placeholder, (_, name: string) => values[name] ?? '');
  }
  return text;
}
