import type { TextKey } from '../http/texts.ts';

/** One kind of problem, as `/v1` names it. Codes are for programs and never change; what a person reads is `texts`. */
interface ProblemKind {
  readonly status: number;
  readonly what: string;
  /** What whoever calls can do about it. */
  readonly cure: string;
  /** Whether the same request may succeed later. */
  readonly retryable?: true;
  /** The refusals that it stands for. */
  readonly texts?: readonly TextKey[];
}

/** All that can go wrong at `/v1`. A test compares it with docs/errors.md, and each text with those that there are. */
export const problems = {
  INVALID_ARGUMENT: {
    status: 400,
    what: 'A value is missing, unknown, of the wrong kind, or too long.',
    cure: 'Correct what `errors` names.',
    texts: [
      ...(['malformed', 'illegalContent', 'terminalRequired', 'terminalRange', 'userNameRequired'] as const),
      ...(['userNameTooLong', 'passwordRequired', 'passwordTooLong', 'nickNameTooLong'] as const),
      ...(['oldPasswordRequired', 'newPasswordRequired', 'userIdRequired'] as const),
      ...(['userNameRequiredForUpdate', 'nickNameRequired', 'signatureTooLong', 'befriendSelf'] as const),
      ...(['friendIdRequired', 'dndRequired', 'groupNameRequired', 'groupNameTooLong'] as const),
      ...(['groupNoticeTooLong', 'remarkNickNameTooLong', 'remarkGroupNameTooLong'] as const),
      ...(['groupIdRequired', 'tooManyInvited', 'memberIdsRequired', 'tooManyChosen'] as const),
      ...(['groupDndRequired', 'receiverRequired', 'contentRequired', 'contentTooLong'] as const),
      ...(['groupContentTooLong', 'typeRequired', 'groupOfMessageRequired', 'typeUnknown'] as const),
      ...(['requestTextTooLong', 'deviceNameTooLong', 'joinTextTooLong'] as const),
      ...(['reportSelf', 'reportTextTooLong'] as const),
      ...([
        'textTooLong',
        'replyToUnknown',
        'nothingToSearchFor',
        'notForwardable',
        'tooManyForwarded',
        'scheduleTime',
        'retentionDays',
        'archiveMonthToCome',
        'redPacketAmount',
        'redPacketShares',
        'redPacketTooThin',
        'redPacketUneven',
        'paymentAmount',
        'keyNeeded',
        'reservedName',
      ] as const),
      ...(['tooManyMentioned', 'fileNameTooLong', 'cursorInvalid', 'blockSelf'] as const),
    ],
  },
  BODY_REFUSED: {
    status: 400,
    what: 'The body is no JSON, too large (413), or of another type (415).',
    cure: 'Send JSON with `content-type: application/json`, as the description says.',
  },
  NOT_SIGNED_IN: {
    status: 401,
    what: 'There is no access token, or its session or its own time is over.',
    cure: 'Get a fresh one with the refresh token, and send `authorization: Bearer …`.',
    texts: ['notLoggedIn', 'tokenInvalid', 'tokenUnreadable'],
  },
  KEY_INVALID: {
    status: 401,
    what: 'There is no key of a back end, or it is wrong, revoked, or over.',
    cure: 'Send `authorization: Bearer imk_…`; `im-platform key create` makes one.',
    texts: ['keyInvalid'],
  },
  SCOPE_MISSING: {
    status: 403,
    what: 'The key of the back end is not good for this; `detail` names the scope that it lacks.',
    cure: 'Make a key with that scope: `im-platform key create --scopes …`.',
    texts: ['scopeMissing'],
  },
  SESSION_OVER: {
    status: 401,
    what: 'The refresh token is no good any more.',
    cure: 'Sign in again.',
    texts: ['loginExpired'],
  },
  CREDENTIALS_WRONG: {
    status: 401,
    what: 'The user name or the password is wrong.',
    cure: 'Ask the user. Nobody learns which of the two it is.',
    texts: ['passwordWrong'],
  },
  TOKEN_REFUSED: {
    status: 401,
    what: 'The token of another issuer is not signed by one that is known here, not meant for this platform, or over; `detail` says why.',
    cure: 'Get a fresh one from the issuer, for the audience that the operator has named.',
    texts: ['foreignTokenInvalid'],
  },
  SIGN_IN_REFUSED: {
    status: 403,
    what: 'Who the person is, is known; but they are not let in, or have no account here.',
    cure: 'Show `detail`. The operator says who is let in: `--identity-providers`.',
    texts: ['notLetIn', 'notKnownHere', 'providerRefused'],
  },
  SECOND_FACTOR_NEEDED: {
    status: 401,
    what: 'All was right so far, and the account has a second factor.',
    cure: 'Ask for a code, and send it with `ticket` to `POST /v1/sessions/second-factor`, within five minutes.',
    texts: ['secondFactorNeeded'],
  },
  SECOND_FACTOR_WRONG: {
    status: 403,
    what: 'The code is wrong, or was used before.',
    cure: 'Ask for the next one; who has lost their app has recovery codes.',
    texts: ['secondFactorWrong'],
  },
  SECOND_FACTOR_STATE: {
    status: 409,
    what: 'The second factor is on or off already, or its secret was asked for too long ago.',
    cure: 'Look at `GET /v1/me/second-factor`.',
    texts: ['secondFactorIsOn', 'secondFactorIsOff', 'secondFactorNotBegun'],
  },
  SIGN_IN_OVER: {
    status: 401,
    what: 'The sign-in took too long, was used, or was begun in another browser; or the provider did not confirm it.',
    cure: 'Begin it again: `POST /v1/sign-in`.',
    texts: ['signInOver', 'signInFailed', 'ticketOver'],
  },
  LINKED_ELSEWHERE: {
    status: 409,
    what: 'The account at the provider is linked to somebody else here.',
    cure: 'Show it to the user: whoever it is linked to has to remove it there.',
    texts: ['linkedElsewhere'],
  },
  LAST_WAY_IN: {
    status: 409,
    what: 'Without it nobody could sign in to the account any more.',
    cure: 'Link another one first.',
    texts: ['lastWayIn'],
  },
  SIGN_IN_AGAIN: {
    status: 403,
    what: 'The account has no password to show, and its user has not signed in just now.',
    cure: 'Let the user sign in again, and ask again within ten minutes.',
    texts: ['signInAgain'],
  },
  PASSWORD_WRONG: {
    status: 403,
    what: 'The password, or the old one, is wrong.',
    cure: 'Ask the user.',
    texts: ['oldPasswordWrong', 'ownPasswordWrong'],
  },
  BANNED: {
    status: 403,
    what: 'The account is banned; `detail` has the reason.',
    cure: 'Show `detail` to the user.',
    texts: ['bannedAtLogin', 'bannedAtRefresh'],
  },
  REGISTRATION_REFUSED: {
    status: 403,
    what: 'Accounts are not opened here, or with an invitation only.',
    cure: 'Ask the operator for an invitation, and send its code.',
    texts: ['registrationClosed', 'invitationRequired', 'invitationInvalid'],
  },
  RESET_TOKEN_INVALID: {
    status: 403,
    what: 'The token for a new password is wrong, over, or used.',
    cure: 'Ask the operator for another one.',
    texts: ['resetTokenInvalid'],
  },
  NOTICE_REFUSED: {
    status: 403,
    what: 'What came as the notice of a payment provider is not signed by it, or is of no payment.',
    cure: 'Only the provider sends notices; its keys must be those that the platform knows.',
    texts: ['noticeRefused'],
  },
  LINK_EXPIRED: {
    status: 403,
    what: 'The address of a file was good, and has ended.',
    cure: 'Read the message again, which has a fresh one.',
    texts: ['linkOver'],
  },
  LINK_WRONG: {
    status: 403,
    what: 'The address of a file is not signed, or not for this file.',
    cure: 'Use addresses as they are answered, with all that stands behind the `?`.',
    texts: ['linkWrong'],
  },
  TAKEN_DOWN: {
    status: 410,
    what: 'The file was taken down by who runs the platform.',
    cure: 'Say so where it was shown. It does not come back.',
    texts: ['fileTakenDown'],
  },
  NOT_FRIENDS: {
    status: 403,
    what: 'It is for friends, and these are none, or no longer.',
    cure: 'Become friends first.',
    texts: ['notFriends', 'notAllFriends'],
  },
  NOT_WANTED: {
    status: 403,
    what: 'The other person has blocked the caller, or takes that from fewer people.',
    cure: 'Say so to the user. Only the other one can change it.',
    texts: ['blockedByUser', 'notWanted', 'notAllWilling'],
  },
  NOT_A_MEMBER: {
    status: 403,
    what: 'It is for members of the group, and the caller has left.',
    cure: 'Somebody who is in the group can invite again.',
    texts: [
      ...(['notGroupMember', 'notMemberForInvite', 'notMemberForSend', 'notMemberForRecall'] as const),
      'historyOfStranger',
      ...(['notMemberForReaders', 'notMemberForHistory'] as const),
    ],
  },
  MUTED: {
    status: 403,
    what: 'The caller may not write in the group now: muted, or no admin where only these write.',
    cure: 'Show `detail`. `GET /v1/groups/{groupId}` says until when, and who may write.',
    texts: ['onlyAdminsWrite', 'mutedInGroup'],
  },
  NOT_ALLOWED: {
    status: 403,
    what: 'It is for somebody else: the owner of the group, the sender of the message.',
    cure: 'Offer it to those only who may.',
    texts: [
      ...(['noPermission', 'ownerOnlyDissolve', 'removeOwner', 'notOwnerForKick', 'kickSelf'] as const),
      ...([
        'adminNoTokens',
        'adminNotErased',
        'secondFactorNotHere',
        'notToYourself',
        'adminsOnly',
        'otherUser',
        'driveNotAllowed',
        'notYourMessage',
        'notYoursToEdit',
        'onlyTextsAreEdited',
        'identityThere',
        'redPacketIsYours',
        'redPacketStays',
      ] as const),
    ],
  },
  NOT_FOUND: {
    status: 404,
    what: 'There is no such path or thing, or none that the caller may know of.',
    cure: 'Forget the id. `GET /v1/openapi.json` has all paths.',
    texts: [
      ...(['nothingThere', 'userUnknown', 'notYourFriend', 'groupUnknown', 'notJoined'] as const),
      'botUnknown',
      ...(['messageUnknown', 'conversationUnknown', 'memberUnknown', 'sessionUnknown'] as const),
      ...(['linkUnknown', 'joinRequestUnknown', 'uploadUnknown', 'reportUnknown', 'wordUnknown'] as const),
      'webhookUnknown',
      'erasureUnknown',
      ...(['archivesOff', 'archiveUnknown', 'archiveRunUnknown'] as const),
      ...(['providerUnknown', 'identityUnknown'] as const),
      ...(['fileUnknown', 'scheduledUnknown'] as const),
      ...(['linkPreviewsOff', 'driveOff', 'driveNodeUnknown'] as const),
      ...(['campaignsOff', 'campaignUnknown', 'campaignListUnknown'] as const),
      ...(['redPacketsOff', 'redPacketUnknown', 'paymentsOff', 'paymentUnknown'] as const),
      'driveShareUnknown',
      'driveLinkUnknown',
      ...(['endToEndOff', 'encryptionDeviceUnknown', 'backupUnknown'] as const),
    ],
  },
  BLOCKED_BY_YOU: {
    status: 409,
    what: 'The caller has blocked the other person.',
    cure: 'Lift the block first: `DELETE /v1/blocks/{userId}`.',
    texts: ['unblockFirst'],
  },
  REQUEST_NEEDED: {
    status: 409,
    what: 'The other person does not ask to be friends, or no longer.',
    cure: 'Ask them: `POST /v1/friend-requests`.',
    texts: ['requestNeeded'],
  },
  NAME_TAKEN: {
    status: 409,
    what: 'Somebody has that user name.',
    cure: 'Choose another one.',
    texts: ['userNameTaken'],
  },
  DRIVE_NAME_TAKEN: {
    status: 409,
    what: 'Something in the folder has that name, or one that differs in case only.',
    cure: 'Choose another one, or ask with `ifTaken`: `rename`.',
    texts: ['driveNameTaken'],
  },
  DRIVE_STATE: {
    status: 409,
    what: 'It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up.',
    cure: 'Show `detail`, and look at the thing again: somebody may have moved it.',
    texts: [
      ...(['driveNoFolder', 'driveNoFile', 'driveRoot', 'driveInTrash', 'driveNotInTrash'] as const),
      ...(['driveElsewhere', 'driveIntoItself', 'driveTooDeep', 'driveTooLarge'] as const),
      ...(['driveLinkEnds', 'driveLinkUsed', 'driveLinkPassword'] as const),
    ],
  },
  CAMPAIGN_STATE: {
    status: 409,
    what: 'What was ordered cannot be done with the campaign as it stands: only a draft is started, and what was stopped or is done stays so.',
    cure: 'Ask how it stands: `GET /v1/admin/campaigns/{campaignId}`; make another one.',
    texts: ['campaignState'],
  },
  ARCHIVE_BROKEN: {
    status: 409,
    what: 'The file of an archive is away, or not as it was written.',
    cure: 'Put it back where archives are, from a copy. Nothing of it was taken.',
    texts: ['archiveBroken'],
  },
  ARCHIVE_RUN_UNDER_WAY: {
    status: 409,
    what: 'Archives are being written or brought back, by one run at a time.',
    cure: 'Look at `GET /v1/admin/archive-runs`, and ask again when it has ended.',
    texts: ['archiveRunUnderWay'],
  },
  GROUP_CLOSED: {
    status: 409,
    what: 'The group was dissolved or banned.',
    cure: 'Show it as closed; nothing can be done in it.',
    texts: ['groupDissolved', 'groupBanned'],
  },
  GROUP_FULL: {
    status: 409,
    what: 'The group has as many members as it may.',
    cure: 'Somebody must leave first, or the operator raises `maxGroupMembers`.',
    texts: ['groupFull'],
  },
  OWNER_CANNOT_LEAVE: {
    status: 409,
    what: 'The owner of a group cannot leave it.',
    cure: 'Dissolve the group instead.',
    texts: ['ownerCannotQuit'],
  },
  TOO_LATE: {
    status: 409,
    what: 'The message is too old: to be recalled older than five minutes, to be edited than the operator allows. Or it was scheduled, and its time has come.',
    cure: 'Nothing; do not offer it for older ones.',
    texts: ['tooLateToRecall', 'tooLateToEdit', 'scheduledUnderWay', 'scheduledTooLate'],
  },
  RECALLED: {
    status: 409,
    what: 'The message was recalled, and nothing can be done with it.',
    cure: 'Show it as recalled, and leave it out.',
    texts: ['messageRecalled', 'forwardRecalled'],
  },
  TOO_MANY: {
    status: 409,
    what: 'There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive, attributes of a user, devices that encrypt, members of an encrypted group.',
    cure: 'Take one away first; show `detail`.',
    texts: [
      ...(['tooManyReactions', 'tooManyEdits', 'tooManyPinned', 'tooManyUploads'] as const),
      ...(['tooManyWebhooks', 'tooManyScheduled', 'uploadInPieces', 'driveFull'] as const),
      ...(['redPacketsPerDay', 'driveTooManyShares', 'tooManyAttributes'] as const),
      ...(['tooManyDevices', 'tooManySignatures', 'tooManyBackedUp', 'groupTooLarge'] as const),
    ],
  },
  BALANCE_TOO_LOW: {
    status: 409,
    what: 'There is less in the wallet than is to be given.',
    cure: 'Show the balance: `GET /v1/me/wallet`; pay something in first.',
    texts: ['balanceTooLow'],
  },
  PAYMENT_STATE: {
    status: 409,
    what: 'The payment is not disputed, or somebody has decided about it already.',
    cure: 'Look at it: `GET /v1/admin/payments/{paymentId}`.',
    texts: ['paymentState'],
  },
  RED_PACKET_CLOSED: {
    status: 409,
    what: 'All shares of the red packet were taken, or its time is over.',
    cure: 'Show who has taken what: `GET /v1/red-packets/{packetId}/grabs`.',
    texts: ['redPacketEmpty', 'redPacketOver'],
  },
  OFFSET_WRONG: {
    status: 409,
    what: 'The upload is not as far as the request takes it to be.',
    cure: 'Ask how far it is with `HEAD`, and go on from there.',
    texts: ['uploadElsewhere'],
  },
  PART_TORN: {
    status: 460,
    what: 'The part of an upload is not what its sum says: something on the way has changed it. Nothing of it was taken.',
    cure: 'Send it again, from where the upload is.',
    retryable: true,
    texts: ['partTorn'],
  },
  NOT_ONLINE: {
    status: 409,
    what: 'Nobody is there to take the call, or the device that calls is not connected.',
    cure: 'Show `detail`; connect first. The other one finds a missed call.',
    texts: ['peerOffline', 'youAreOffline'],
  },
  BUSY: {
    status: 409,
    what: 'The other person is in another call.',
    cure: 'Say so to the user. The other one finds a missed call.',
    texts: ['peerBusy'],
  },
  CALL_OVER: {
    status: 409,
    what: 'There is no such call, or no longer, or another device has taken it.',
    cure: 'Stop ringing, and let go of microphone and camera.',
    texts: ['callOver'],
  },
  STORAGE_FULL: {
    status: 409,
    what: 'There is no room for the file.',
    cure: 'Remove files, or ask the operator for more room.',
    texts: ['filesFull', 'storageFull'],
  },
  FILE_TOO_LARGE: {
    status: 413,
    what: 'The file is larger than may be (`detail` says how large), or than was said when its upload began.',
    cure: 'Send a smaller one; files above 20 MB in parts, by `POST /v1/uploads`.',
    texts: ['fileTooLarge', 'imageTooLarge', 'uploadTooLarge', 'uploadBeyond', 'checkedPartTooLarge'],
  },
  PASSWORD_REFUSED: {
    status: 422,
    what: 'The new password is too short, too long, or soon guessed.',
    cure: 'Show `detail`, and ask for another one.',
    texts: ['passwordLength', 'passwordCommon'],
  },
  WORD_REFUSED: {
    status: 422,
    what: 'A name has a word in it that is forbidden here.',
    cure: 'Show `detail`, and ask for another one.',
    texts: ['userNameSensitive', 'nickNameSensitive'],
  },
  MESSAGE_REFUSED: {
    status: 422,
    what: 'Whoever runs the platform does not want this message; `detail` has their words.',
    cure: 'Show `detail`. The same message is refused again.',
    texts: ['messageRefused'],
  },
  FILE_REFUSED: {
    status: 422,
    what: 'No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately.',
    cure: 'Upload with `POST /v1/files`, and use the addresses that it answers.',
    texts: [
      ...(['imageFormat', 'imageFailed', 'fileFailed', 'fileFromElsewhere', 'fileNotYours'] as const),
      ...(['pictureFromElsewhere', 'fileInfected', 'fileUnscanned'] as const),
    ],
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    what: 'The `Idempotency-Key` was used before, for something else.',
    cure: 'Take a new key for each message; the same one only to send the same again.',
    texts: ['idempotencyKeyReused'],
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    what: 'More than may be in this time.',
    cure: 'Wait as long as `retry-after` says; `ratelimit` tells before.',
    retryable: true,
    texts: [
      ...(['tooManyRequests', 'tooManyLogins', 'tooManyRegistrations', 'repeated'] as const),
      ...(['tooManyFriendRequests', 'tooManyJoinRequests'] as const),
      'tooManyReports',
    ],
  },
  INTERNAL: {
    status: 500,
    what: 'A fault of the platform itself.',
    cure: 'Tell whoever runs it; the log says more. It may have been done.',
    texts: ['systemBusy'],
  },
  LANES_AWAY: {
    status: 503,
    what: 'The database that this conversation is in does not answer; `detail` names it. Conversations that are elsewhere go on.',
    cure: 'Send the same again later; sends with their `Idempotency-Key`, as it may have been done.',
    retryable: true,
    texts: ['lanesAway'],
  },
  LANES_MOVING: {
    status: 503,
    what: 'This conversation is just being moved to another database, and cannot be changed meanwhile.',
    cure: 'Send the same again in a moment. If it stays so, call `im-platform lanes move` again.',
    retryable: true,
    texts: ['lanesMoving'],
  },
  NOT_SEARCHABLE: {
    status: 409,
    what: 'What people say is encrypted in the database, so it cannot be searched.',
    cure: 'Show no search of messages.',
    texts: ['notSearchable'],
  },
  ENCRYPTED: {
    status: 409,
    what: 'The conversation is encrypted end to end, and the request said that it is to be sent only where that is not so.',
    cure: 'Encrypt it, and send that with the same `Idempotency-Key`. im-chat does so by itself.',
    texts: ['conversationEncrypted'],
  },
  UNREADABLE: {
    status: 409,
    what: 'What is encrypted in the database, or a file, was changed or moved, or its key is lost.',
    cure: 'Write it anew.',
    texts: ['messageUnreadable', 'fileUnreadable'],
  },
  ENCRYPTION_KEYS_AWAY: {
    status: 503,
    what: 'The key of what is asked for is not in memory, and the provider of keys does not answer. Other conversations go on.',
    cure: 'Send the same again after `retry-after`; sends with their `Idempotency-Key`.',
    retryable: true,
    texts: ['keysAway'],
  },
  UNAVAILABLE: {
    status: 503,
    what: 'The database or the bus is away, or there is too much to do.',
    cure: 'Send the same again after `retry-after`; sends with their `Idempotency-Key`, as it may have been done.',
    retryable: true,
    texts: ['unavailable'],
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof problems;

const codes = Object.keys(problems) as ProblemCode[];

const codeByText = new Map<TextKey, ProblemCode>(
  codes.flatMap((code) => textsOf(code).map((text): [TextKey, ProblemCode] => [text, code])),
);

export function kindOf(code: ProblemCode): ProblemKind {
  return problems[code];
}

export function textsOf(code: ProblemCode): readonly TextKey[] {
  return kindOf(code).texts ?? [];
}

/** Which problem a refusal is. What box-im's API alone refuses has no code here, and never comes here. */
export function codeOfText(text: TextKey): ProblemCode {
  return codeByText.get(text) ?? 'INTERNAL';
}
