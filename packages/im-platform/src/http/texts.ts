import { tips } from '../client/tips.ts';

// Every text that a user may read, as box-im says it and in English. `{name}` is filled in.
export const texts = {
  ...tips,
  success: ['成功', 'OK'],
  systemBusy: ['系统繁忙，请稍后再试', 'The system is busy. Please try again later.'],
  unavailable: [
    '服务暂时不可用，请稍后再试',
    'The service is temporarily unavailable. Please try again in a moment.',
  ],
  keysAway: [
    '消息密钥暂时不可用，请稍后再试',
    'The keys of this conversation cannot be had at the moment. Please try again shortly.',
  ],
  lanesAway: [
    '部分会话暂时不可用（数据库 {database}），请稍后再试',
    'Some conversations are not there for the moment (database {database}). Please try again.',
  ],
  lanesMoving: [
    '该会话正在迁移，请稍后再试',
    'This conversation is just being moved to another database. Please try again in a moment.',
  ],
  notSearchable: ['消息已加密，无法搜索', 'Messages are encrypted here, and cannot be searched.'],
  messageUnreadable: ['[此消息无法读取]', '[This message cannot be read]'],
  fileUnreadable: [
    '此文件无法读取',
    'This file cannot be read: it was changed where it is kept, or its key is gone.',
  ],
  tooManyRequests: ['请求过于频繁，请稍后再试', 'Too many requests. Please try again in a moment.'],
  repeated: ['请勿提交重复请求', 'Please do not submit the same request twice.'],
  nothingThere: ['接口不存在：{what}', 'There is nothing at {what}.'],
  malformed: ['请求参数有误：{what}', 'The request is not as it should be: {what}'],
  illegalContent: ['请不要输入非法内容', 'Please do not enter illegal content.'],

  notLoggedIn: ['未登录', 'Not logged in.'],
  /** Box-im fails at it, and so says what it says of every fault. */
  tokenUnreadable: ['系统繁忙，请稍后再试', 'The access token cannot be read.'],
  tokenInvalid: ['token无效或已过期', 'The token is invalid or has expired.'],
  keyInvalid: ['密钥无效或已过期', 'The key is not valid, or not any more.'],
  scopeMissing: [
    '该密钥没有权限“{scope}”，只有：{scopes}',
    'The key lacks the scope {scope}; it has {scopes}.',
  ],
  adminsOnly: ['只有平台管理员可以操作', 'Only who runs the platform may do that.'],
  notToYourself: ['不能对自己进行此操作', 'Nobody can do that to themselves: ask another admin.'],
  adminNotErased: ['不能清除平台管理员', 'Admins are not erased. Take the role away first.'],
  adminNoTokens: [
    '平台管理员只能自己登录',
    'Who runs the platform signs in by themselves: no key lets them in.',
  ],
  /** The words of the operator's hook. */
  messageRefused: ['{text}', '{text}'],
  webhookUnknown: ['没有该 webhook', 'There is no such webhook, or none of which that can be changed.'],
  campaignsOff: ['未开启推送活动', 'There are no campaigns here.'],
  campaignUnknown: ['推送活动不存在', 'There is no such campaign.'],
  campaignListUnknown: ['用户列表不存在', 'There is no such list of users.'],
  campaignState: [
    '推送活动当前状态为 {state}，不能进行此操作',
    'The campaign is {state}: that cannot be done with it now.',
  ],
  redPacketsOff: ['未开启红包', 'Red packets are off here.'],
  paymentsOff: ['未开启充值和提现', 'Nothing is paid in or out here.'],
  paymentState: [
    '该付款当前状态为 {state}，不能进行此操作',
    'The payment is {state}: only one that is disputed is decided, and once.',
  ],
  redPacketText: ['[红包] {greeting}', '[Red packet] {greeting}'],
  redPacketUnknown: ['红包不存在', 'There is no such red packet.'],
  redPacketEmpty: ['红包已被领完', 'All shares of the red packet were taken.'],
  redPacketOver: ['红包已过期', 'The time of the red packet is over.'],
  redPacketIsYours: ['不能领取自己发给对方的红包', 'It is for the other person.'],
  redPacketAmount: ['单个红包金额不能超过{most}', 'A red packet may hold {most} at most.'],
  redPacketShares: ['红包个数不能超过{most}', 'A red packet may have {most} shares at most here.'],
  redPacketTooThin: ['每个红包至少为最小金额单位', 'There must be at least one unit for each share.'],
  redPacketUneven: ['金额无法平均分配', 'The amount cannot be split equally into so many shares.'],
  redPacketsPerDay: [
    '每天发送的红包总额不能超过{most}',
    'At most {most} may be sent in red packets in a day.',
  ],
  redPacketStays: [
    '红包不能撤回',
    'A red packet cannot be taken back: what nobody takes comes back by itself.',
  ],
  reservedName: ['该类型由平台保留', 'Names that begin with "im." are the platform\'s own.'],
  balanceTooLow: ['余额不足', 'The balance is too low.'],
  keyNeeded: ['缺少 Idempotency-Key', 'It needs an Idempotency-Key, so that nothing is done twice.'],
  paymentAmount: ['单笔金额不能超过{most}', 'A payment may be {most} at most.'],
  paymentUnknown: ['支付不存在', 'There is no such payment.'],
  noticeRefused: ['通知无效', 'The notice is not signed by the provider, or of no payment.'],
  linkPreviewsOff: ['未开启链接预览', 'Previews of links are off here.'],
  endToEndOff: ['未开启端到端加密', 'End-to-end encryption is off here.'],
  conversationEncrypted: ['会话已加密，请加密后发送', 'This conversation is encrypted.'],
  encryptedText: ['[端到端加密消息]', '[End-to-end encrypted message]'],
  encryptionDeviceUnknown: ['加密设备不存在', 'There is no such device of yours.'],
  identityThere: [
    '您的另一台设备已有密钥',
    'Another device of yours has made keys: have it confirm this one.',
  ],
  backupUnknown: ['密钥备份不存在', 'There is no such backup of keys, or there is a newer one.'],
  tooManyDevices: ['加密设备不能超过{most}个', 'You may have {most} devices that encrypt at most.'],
  tooManySignatures: ['签名不能超过{most}个', 'You may have signed {most} keys of one person at most.'],
  tooManyBackedUp: ['备份的密钥已达上限', 'There are as many keys in the backup as there may be.'],
  groupTooLarge: ['成员超过{most}人的群不能加密', 'Only groups of up to {most} members can be encrypted.'],
  driveOff: ['未开启云盘', 'There are no drives here.'],
  driveNodeUnknown: [
    '文件或文件夹不存在',
    'There is no such folder or file, or none that is shared with you.',
  ],
  driveNotAllowed: ['您没有此操作的权限', 'It is shared with you for less than that.'],
  driveNameTaken: ['“{name}”已存在', 'There is something called {name} already.'],
  driveNoFolder: ['这不是文件夹', 'That is no folder.'],
  driveNoFile: ['这不是文件', 'That is no file.'],
  driveRoot: ['不能对云盘本身进行此操作', 'That cannot be done with the drive itself.'],
  driveInTrash: ['它在回收站中', 'It is in the trash.'],
  driveNotInTrash: ['它不在回收站中', 'It is not in the trash.'],
  driveElsewhere: ['不能移动到别人的云盘', 'It cannot be moved to another drive.'],
  driveIntoItself: ['不能将文件夹移动到它自身之中', 'A folder cannot be moved into itself.'],
  driveTooDeep: ['文件夹层级过深', 'There would be too many folders one in the other.'],
  driveTooLarge: [
    '文件夹过大，最多可打包下载 {most} 项，请分别下载其中的文件夹',
    'That is more than {most} files and folders: download the folders in it one by one.',
  ],
  driveShareUnknown: ['共享不存在', 'There is no such share.'],
  driveTooManyShares: ['最多可共享 {most} 次', 'It is shared {most} times already.'],
  driveLinkEnds: ['链接的到期时间已过', 'The link would be over already.'],
  driveLinkUnknown: ['链接不存在或已失效', 'There is no such link, or it is over.'],
  driveLinkUsed: ['链接的下载次数已用完', 'The link was used as often as it may be.'],
  driveLinkPassword: ['请重新输入链接密码', 'Open the link again, and enter its password.'],
  driveFull: ['云盘中最多有 {most} 个文件和文件夹', 'A drive has {most} files and folders at most.'],
  tooManyAttributes: [
    '用户 {user} 最多有 {most} 个属性',
    'User {user} would have more than {most} attributes.',
  ],
  tooManyWebhooks: ['webhook 数量已达上限', 'There are as many webhooks as there may be.'],
  erasureUnknown: ['清除记录不存在', 'There is no such erasure.'],
  archivesOff: ['未设置归档位置', 'The platform was not told where archives are.'],
  archiveUnknown: ['归档不存在', 'There is no such archive.'],
  archiveBroken: ['归档文件与写入时不一致', 'The archive is not as it was written: {what}'],
  archiveRunUnknown: ['归档任务不存在', 'There is no such run.'],
  archiveRunUnderWay: [
    '已有归档任务正在进行',
    'A run is under way; another one can begin when it has ended.',
  ],
  archiveMonthToCome: ['该月份尚未开始', 'That month is to come; expected one that has begun.'],
  reportUnknown: ['举报不存在', 'There is no such report.'],
  wordUnknown: ['敏感词不存在', 'There is no such word.'],
  loginExpired: ['您的登录信息已过期，请重新登录', 'Your login has expired. Please log in again.'],
  terminalRequired: ['登录终端类型不可为空', 'The terminal is required.'],
  terminalRange: ['登录终端类型取值范围:0,2', 'The terminal must be between 0 and 2.'],
  userNameRequired: ['用户名不可为空', 'The user name is required.'],
  userNameTooLong: ['用户名不能大于20字符', 'The user name must not be longer than 20 characters.'],
  deviceNameTooLong: [
    '设备名称不能大于64字符',
    'The name of the device must not be longer than 64 characters.',
  ],
  sessionUnknown: ['该登录不存在或已结束', 'There is no such session, or it is over.'],
  passwordRequired: ['用户密码不可为空', 'The password is required.'],
  passwordTooLong: ['密码不能大于128字符', 'The password must not be longer than 128 characters.'],
  passwordLength: [
    '密码长度必须在{min}-{max}个字符之间',
    'The password must have {min} to {max} characters.',
  ],
  passwordCommon: [
    '密码过于简单，请换一个',
    'Many people use this password, so it is soon guessed. Please choose another.',
  ],
  nickNameTooLong: ['昵称不能大于20字符', 'The nickname must not be longer than 20 characters.'],
  userNameSensitive: ['用户名包含敏感字符', 'The user name contains a forbidden word.'],
  nickNameSensitive: ['昵称包含敏感字符', 'The nickname contains a forbidden word.'],
  userNameTaken: ['该用户名已注册', 'The user name is taken.'],
  userUnknown: ['用户不存在', 'The user does not exist.'],
  botUnknown: ['机器人不存在', 'There is no such bot.'],
  passwordWrong: ['用户名或密码不正确', 'The user name or the password is wrong.'],
  bannedAtLogin: [
    "您的账号因'{reason}'已被管理员封禁,请联系客服!",
    "Your account has been banned because of '{reason}'. Please contact support.",
  ],
  bannedAtRefresh: [
    "您的账号因'{reason}'被管理员封禁,请联系客服!",
    "Your account has been banned because of '{reason}'. Please contact support.",
  ],
  tooManyLogins: ['登录失败次数过多，请稍后再试', 'Too many failed logins. Please try again later.'],
  foreignTokenInvalid: ['登录凭证无效：{why}', 'The token is not taken: {why}'],
  notLetIn: ['您的账号不允许登录此平台', 'Your account is not let in here.'],
  notKnownHere: ['此平台没有与您关联的账号', 'Nobody here is linked to your account.'],
  providerUnknown: ['登录方式不存在', 'There is no such provider.'],
  providerRefused: ['您已取消登录', 'The sign-in was turned down there.'],
  signInFailed: ['登录失败，请重试', 'The sign-in did not come to its end. Please try again.'],
  signInOver: ['登录已超时，请重试', 'The sign-in took too long, or was begun elsewhere. Please try again.'],
  linkedElsewhere: ['该账号已关联其他用户', 'That account is linked to somebody else here.'],
  identityUnknown: ['关联不存在', 'There is no such link.'],
  lastWayIn: ['这是唯一的登录方式，不能移除', 'It is the only way to sign in, and cannot be removed.'],
  secondFactorNeeded: [
    '该账号已开启两步验证，请输入验证码；此客户端不支持时请在网页版登录',
    'A code of the second factor is needed. Where none is asked for, sign in at the page of the platform.',
  ],
  secondFactorWrong: ['验证码错误或已使用', 'The code is wrong, or was used before.'],
  ticketOver: ['登录已超时，请重新登录', 'That took too long. Please sign in again.'],
  secondFactorIsOn: ['两步验证已开启', 'The second factor is on already.'],
  secondFactorIsOff: ['两步验证未开启', 'The second factor is off.'],
  secondFactorNotHere: [
    '您由其他系统登录，请在该系统开启两步验证',
    'Another system signs you in: turn the second factor on there.',
  ],
  secondFactorNotBegun: ['请重新开始设置两步验证', 'Begin to turn it on again: that took too long.'],
  registrationClosed: ['暂不开放注册', 'New accounts are not opened here.'],
  invitationRequired: ['注册需要邀请码', 'An invitation is needed to open an account.'],
  invitationInvalid: ['邀请码无效或已过期', 'The invitation is not valid, or not any more.'],
  tooManyRegistrations: ['注册过于频繁，请稍后再试', 'Too many new accounts. Please try again later.'],
  resetTokenInvalid: ['重置码无效或已过期', 'The token is not valid, or not any more.'],
  oldPasswordRequired: ['旧用户密码不可为空', 'The old password is required.'],
  newPasswordRequired: ['新用户密码不可为空', 'The new password is required.'],
  ownPasswordWrong: ['密码不正确', 'The password is wrong.'],
  signInAgain: ['请重新登录，并在十分钟内操作', 'Sign in again, and do it within ten minutes of that.'],
  deletedAccount: ['已注销用户', 'Deleted account'],
  oldPasswordWrong: ['旧密码不正确', 'The old password is wrong.'],
  userIdRequired: ['用户id不能为空', 'The user id is required.'],
  userNameRequiredForUpdate: ['用户名不能为空', 'The user name is required.'],
  nickNameRequired: ['用户昵称不能为空', 'The nickname is required.'],
  signatureTooLong: ['个性签名不能大于128个字符', 'The signature must not be longer than 128 characters.'],
  pictureFromElsewhere: ['头像地址不合法', 'The picture must be one that was uploaded here.'],
  otherUser: ['不允许修改其他用户的信息', 'You may not change the profile of another user.'],

  reportSelf: ['不能举报自己', 'You cannot report yourself.'],
  reportTextTooLong: ['举报内容长度不能大于500', 'The text must not be longer than 500 characters.'],
  tooManyReports: ['今日举报过多，请稍后再试', 'You have reported too much today. Please try again later.'],

  notYourFriend: ['对方不是您的好友', 'This user is not your friend.'],
  befriendSelf: ['不允许添加自己为好友', 'You cannot add yourself as a friend.'],
  friendIdRequired: ['好友id不可为空', 'The id of the friend is required.'],
  dndRequired: ['消息免打扰状态不可为空', 'The do-not-disturb flag is required.'],
  unblockFirst: ['您已将对方拉黑，请先解除拉黑', 'You have blocked this user. Lift the block first.'],
  blockedByUser: ['您已被对方拉黑', 'This user has blocked you.'],
  notWanted: ['对方设置了不接收', 'This user does not want that.'],
  blockSelf: ['不允许拉黑自己', 'You cannot block yourself.'],
  requestSent: [
    '好友申请已发送，请等待对方同意',
    'Your request was sent. You are friends when it is accepted.',
  ],
  requestNeeded: ['对方没有请求添加您为好友', 'This user has not asked to be your friend.'],
  requestTextTooLong: ['申请内容长度不能大于128', 'The text must not be longer than 128 characters.'],
  tooManyFriendRequests: [
    '今日好友申请过多，请稍后再试',
    'You have asked too many people today. Please try again later.',
  ],
  systemName: ['系统通知', 'System'],
  tipAsksToBeFriends: [
    '{nick}请求添加您为好友，添加对方即为同意',
    '{nick} asks to be your friend. To accept, add {nick}.',
  ],
  tipAsksWithWords: [
    '{nick}请求添加您为好友：“{text}”，添加对方即为同意',
    '{nick} asks to be your friend: “{text}” To accept, add {nick}.',
  ],

  groupNameRequired: ['群名称不可为空', 'The group name is required.'],
  groupNameTooLong: ['群名称长度不能大于20', 'The group name must not be longer than 20 characters.'],
  groupNoticeTooLong: ['群聊显示长度不能大于1024', 'The notice must not be longer than 1024 characters.'],
  remarkNickNameTooLong: [
    '显示昵称长度不能大于20',
    'Your name in the group must not be longer than 20 characters.',
  ],
  remarkGroupNameTooLong: [
    '群备注长度不能大于20',
    'Your name for the group must not be longer than 20 characters.',
  ],
  groupIdRequired: ['群id不可为空', 'The group id is required.'],
  groupUnknown: ['群组不存在', 'The group does not exist.'],
  groupDissolved: ["群组'{name}'已解散", "The group '{name}' has been dissolved."],
  groupBanned: ["群组'{name}'已被封禁,原因:{reason}", "The group '{name}' has been banned: {reason}"],
  notGroupMember: ['您不是群聊的成员', 'You are not a member of the group.'],
  notJoined: ['您未加入群聊', 'You have not joined the group.'],
  ownerOnlyDissolve: ['只有群主才有权限解除群聊', 'Only the owner may dissolve the group.'],
  tooManyInvited: ['一次最多只能邀请50位用户', 'At most 50 users can be invited at once.'],
  notMemberForInvite: ['您不在群聊中,邀请失败', 'You are not in the group; nobody was invited.'],
  groupFull: ['群聊人数不能大于{max}人', 'A group must not have more than {max} members.'],
  notAllFriends: ['部分用户不是您的好友，邀请失败', 'Some users are not your friends; nobody was invited.'],
  notAllWilling: ['部分用户不允许被邀请入群，邀请失败', 'Some users do not want to be invited; nobody was.'],
  memberIdsRequired: ['成员用户id不可为空', 'The ids of the members are required.'],
  tooManyChosen: ['一次最多只能选择50位用户', 'At most 50 users can be chosen at once.'],
  noPermission: ['您没有权限', 'You have no permission.'],
  removeOwner: ['不允许移除群主', 'The owner cannot be removed.'],
  ownerCannotQuit: ['您是群主，不可退出群聊', 'You are the owner and cannot leave the group.'],
  notOwnerForKick: ['您不是群主，没有权限踢人', 'You are not the owner and may not remove anybody.'],
  kickSelf: ['亲，不能移除自己哟', 'You cannot remove yourself.'],
  groupDndRequired: ['免打扰状态不可为空', 'The do-not-disturb flag is required.'],
  memberUnknown: ['该用户不在群聊中', 'This user is not in the group.'],
  onlyAdminsWrite: ['本群仅群主和管理员可以发言', 'Only the owner and admins write in this group.'],
  mutedInGroup: ['您已被禁言', 'You are muted in this group.'],
  linkUnknown: ['邀请链接无效或已失效', 'The link is not valid, or not any more.'],
  joinRequestUnknown: ['该申请不存在或已处理', 'There is no such request, or it is over.'],
  joinTextTooLong: ['申请内容长度不能大于100', 'The text must not be longer than 100 characters.'],
  tooManyJoinRequests: ['入群申请过多，请稍后再试', 'Too many people ask to join. Please try again later.'],
  systemAdministrator: ['系统管理员', 'Administrator'],

  receiverRequired: ['接收用户id不可为空', 'The id of the receiver is required.'],
  contentRequired: ['发送内容不可为空', 'The content is required.'],
  contentTooLong: ['内容长度不得大于1024', 'The content must not be longer than 1024 characters.'],
  groupContentTooLong: ['发送内容长度不得大于1024', 'The content must not be longer than 1024 characters.'],
  typeRequired: ['消息类型不可为空', 'The type is required.'],
  groupOfMessageRequired: ['群聊id不可为空', 'The group id is required.'],
  typeUnknown: [
    '不支持发送类型为{type}的消息，可发送：0文字、1图片、2文件、3语音、4视频',
    'Messages of type {type} cannot be sent. These can: 0 text, 1 image, 2 file, 3 audio, 4 video.',
  ],
  tooManyMentioned: ['一次最多只能@20个小伙伴哦', 'At most 20 people can be mentioned at once.'],
  notFriends: ['您已不是对方好友，无法发送消息', 'You are no longer friends; the message was not sent.'],
  messageUnknown: ['消息不存在', 'The message does not exist.'],
  conversationUnknown: ['会话不存在', 'There is no such conversation.'],
  cursorInvalid: ['分页游标无效', 'The cursor is not one of this list.'],
  idempotencyKeyReused: ['幂等键已用于其他内容', 'The Idempotency-Key was used before, for something else.'],
  notYourMessage: ['这条消息不是由您发送,无法撤回', 'You did not send this message and cannot recall it.'],
  tooLateToRecall: [
    '消息已发送超过5分钟，无法撤回',
    'The message is older than 5 minutes and cannot be recalled.',
  ],
  textTooLong: ['内容长度不得大于{max}', 'The text must not be longer than {max} characters.'],
  messageRecalled: ['消息已被撤回', 'The message was recalled.'],
  nothingToSearchFor: ['请输入要搜索的文字', 'There is no word in it to search for.'],
  forwardRecalled: ['第{number}条消息已撤回，不能转发', 'Message {number} was recalled. Leave it out.'],
  scheduledUnknown: ['定时消息不存在或已发送', 'There is no such scheduled message, or it was sent.'],
  scheduledUnderWay: ['该定时消息正在发送', 'The message is being sent at this moment.'],
  scheduledTooLate: ['已错过发送时间超过一天', 'Its time had passed for more than a day.'],
  scheduledNotSent: ['您的一条定时消息未能发送：{why}', 'One of your scheduled messages was not sent: {why}'],
  scheduleTime: ['发送时间必须在未来{days}天之内', 'It can be sent at a moment ahead, within {days} days.'],
  tooManyScheduled: [
    '定时消息不能超过{most}条',
    'There are {most} scheduled messages already. Cancel one first.',
  ],
  retentionDays: ['保留天数必须在{least}到{most}之间', 'It can be kept for {least} to {most} days.'],
  notForwardable: ['第{number}条消息不能转发', 'Message {number} cannot be forwarded. Leave it out.'],
  tooManyForwarded: ['一次最多只能转发{max}条消息', 'At most {max} messages can be forwarded at once.'],
  replyToUnknown: ['被回复的消息不存在', 'The message that it answers does not exist.'],
  notYoursToEdit: ['这条消息不是由您发送,无法编辑', 'You did not send this message and cannot edit it.'],
  onlyTextsAreEdited: ['只能编辑文字消息', 'Only texts can be edited.'],
  tooLateToEdit: ['消息已超过可编辑时间', 'The message is too old to be edited.'],
  tooManyEdits: ['该消息编辑次数过多', 'The message was edited too often.'],
  tooManyReactions: ['表情回应过多', 'There are too many reactions to this message.'],
  tooManyPinned: ['置顶消息过多', 'Too many messages are pinned here. Unpin one first.'],
  historyOfStranger: [
    '发送者从未是该会话的成员',
    'A sender is none of the conversation. Bring in those who left as well, and put them out afterwards.',
  ],
  notMemberForSend: [
    '您已不在群聊里面，无法发送消息',
    'You are no longer in the group; the message was not sent.',
  ],
  notMemberForRecall: [
    '您已不在群聊里面，无法撤回消息',
    'You are no longer in the group and cannot recall the message.',
  ],
  notMemberForReaders: ['您已不在群聊里面', 'You are no longer in the group.'],
  notMemberForHistory: ['您已不在群聊中', 'You are no longer in the group.'],

  fileTooLarge: ['文件大小不能超过20M', 'The file must not be larger than 20 MB.'],
  imageTooLarge: ['图片大小不能超过20M', 'The image must not be larger than 20 MB.'],
  fileNameTooLong: ['文件名长度不能超过128', 'The file name must not be longer than 128 characters.'],
  imageFormat: ['图片格式不合法', 'The image has a format that is not allowed.'],
  imageFailed: ['图片上传失败', 'The image could not be uploaded.'],
  fileInfected: ['文件含有病毒，已被拒绝', 'The file is infected, and was refused.'],
  fileUnscanned: ['文件过大，无法进行病毒扫描', 'The file is too large to be looked at for viruses.'],
  fileFailed: ['文件上传失败', 'The file could not be uploaded.'],
  filesFull: [
    '您的存储空间不足，已用{used}M，共{megabytes}M',
    'There is no room for it: {used} of the {megabytes} MB that are yours for files are taken.',
  ],
  storageFull: [
    '服务器存储空间已满，请联系管理员',
    'There is no room for more files. Please tell the administrator.',
  ],
  uploadTooLarge: ['文件大小不能超过{megabytes}M', 'The file must not be larger than {megabytes} MB.'],
  uploadUnknown: ['上传不存在或已过期', 'There is no such upload, or no longer.'],
  uploadElsewhere: ['上传进度不一致', 'The upload is not as far as that.'],
  uploadBeyond: ['上传内容超出文件大小', 'That is more than the file was said to have.'],
  partTorn: ['上传分片已损坏，请重新发送', 'What has come is not what was sent; it is to be sent again.'],
  checkedPartTooLarge: ['带校验和的分片不能超过20M', 'A part with a sum has 20 MB at most.'],
  uploadInPieces: [
    '上传分片过多，请重新上传',
    'The upload has come in too many pieces. Please begin it anew.',
  ],
  tooManyUploads: [
    '同时上传的文件不能超过{most}个',
    'No more than {most} files can be on their way at a time.',
  ],
  fileNotYours: [
    '文件地址已失效，请重新上传文件',
    'The address of the file is not good any more. Upload it again.',
  ],
  linkOver: ['文件链接已过期', 'The link of the file has ended.'],
  linkWrong: ['文件链接无效', 'The link of the file is not good.'],
  fileUnknown: ['文件不存在', 'There is no such file.'],
  fileTakenDown: ['文件已被管理员移除', 'The file was taken down by who runs this platform.'],
  fileFromElsewhere: ['文件地址不合法，请先上传文件', 'The file must be one that was uploaded here.'],

  awayNews: ['您有新消息', 'New message'],
  awayPicture: ['[图片]', '[Picture]'],
  awayVoice: ['[语音]', '[Voice message]'],
  awayFile: ['[文件] {name}', '[File] {name}'],
  awayCall: ['[通话] {text}', '[Call] {text}'],

  callOver: ['通话已结束', 'The call is over.'],
  peerOffline: ['对方目前不在线', 'The other person is not online.'],
  peerBusy: ['对方正忙', 'The other person is in another call.'],
  youAreOffline: [
    '您当前的网络连接已断开,请稍后重试',
    'Your connection is down. Please try again in a moment.',
  ],
} as const satisfies Readonly<Record<string, readonly [chinese: string, english: string]>>;

export type TextKey = keyof typeof texts;
export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/** `client`: the one that a client's `Accept-Language` asks for. */
export const answerLanguages = [...languages, 'client'] as const;
export type AnswerLanguage = (typeof answerLanguages)[number];

export function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value);
}

/** The language that `Accept-Language` ranks first of the two; when it names neither, usually Chinese, as box-im. */
export function languageOf(acceptLanguage: string | undefined, otherwise: Language = 'zh'): Language {
  const wishes = (acceptLanguage ?? '').split(',').map((wish) => {
    const [tag = '', ...parameters] = wish.trim().toLowerCase().split(';');
    const quality = parameters.find((parameter) => parameter.trim().startsWith('q='));
    return { tag, quality: quality === undefined ? 1 : Number(quality.trim().slice(2)) };
  });
  const known = wishes.filter(({ tag, quality }) => /^(zh|en)\b/.test(tag) && quality > 0);
  known.sort((one, other) => other.quality - one.quality);
  const [first] = known;
  if (!first) return otherwise;
  return first.tag.startsWith('en') ? 'en' : 'zh';
}

export function say(key: TextKey, language: Language, values: Readonly<Record<string, string>> = {}): string {
  const text = texts[key][language === 'zh' ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export function isTextKey(value: string): value is TextKey {
  return Object.hasOwn(texts, value);
}
