/** What of a table is somebody's own, row by row. */
export interface OwnRows {
  /** What the document calls it. */
  readonly name: string;
  readonly columns: readonly string[];
  /** The column that says whose it is. @default userId */
  readonly of?: string;
  /** In this order; it names each row of one user. */
  readonly by: readonly string[];
}

const message = ['conversation', 'number'];

/** Tables whose rows are written as they are. */
export const ownRows: Readonly<Record<string, OwnRows>> = {
  im_session: {
    ...{ name: 'sessions', by: ['id'] },
    columns: ['terminal', 'network', 'deviceName', 'createdTime', 'issuedTime', 'seenTime'],
  },
  im_known_network: { name: 'networks', columns: ['network', 'seenTime'], by: ['network'] },
  im_last_seen: { name: 'lastSeen', columns: ['seenTime'], by: ['userId'] },
  im_identity: {
    ...{ name: 'identities', by: ['id'] },
    columns: ['issuer', 'subject', 'email', 'createdTime'],
  },
  im_second_factor: { name: 'secondFactor', columns: ['createdTime', 'confirmedTime'], by: ['userId'] },
  im_friend: {
    ...{ name: 'friends', by: ['friendId'] },
    columns: ['friendId', 'friendNickName', 'deleted', 'isDnd', 'createdTime'],
  },
  im_friend_request: {
    ...{ name: 'friendRequests', of: 'fromId', by: ['toId'] },
    columns: ['toId', 'text', 'sentTime', 'endTime', 'isDeclined', 'isWithdrawn'],
  },
  im_block: { name: 'blocks', columns: ['blockedId', 'createdTime'], by: ['blockedId'] },
  im_join_request: {
    ...{ name: 'joinRequests', by: ['groupId'] },
    columns: ['groupId', 'text', 'sentTime', 'endTime', 'isDeclined', 'isWithdrawn'],
  },
  im_group_link: {
    ...{ name: 'groupLinks', of: 'creatorId', by: ['code'] },
    columns: ['groupId', 'code', 'createdTime', 'endTime', 'usesLeft'],
  },
  im_conversation_member: {
    ...{ name: 'conversations', by: ['conversation'] },
    columns: [
      ...['conversation', 'firstNumber', 'leftNumber', 'leftTime', 'readNumber', 'pinned', 'muted'],
      ...['archived', 'markedUnread', 'hiddenNumber', 'draft'],
    ],
  },
  im_reaction: {
    ...{ name: 'reactions', by: [...message, 'emoji'] },
    columns: [...message, 'emoji', 'createdTime'],
  },
  im_message_deleted: { name: 'deletedForMe', columns: message, by: message },
  im_report: {
    ...{ name: 'reports', of: 'reporterId', by: ['id'] },
    columns: ['target', 'reason', 'text', 'isClosed', 'sentTime'],
  },
  im_scheduled_message: {
    ...{ name: 'scheduledMessages', by: ['id'] },
    columns: ['conversation', 'saying', 'sendTime', 'state', 'createdTime'],
  },
  im_away_registration: {
    ...{ name: 'awayRegistrations', by: ['sessionId'] },
    columns: ['channel', 'address', 'language', 'createdTime'],
  },
  im_away_setting: {
    ...{ name: 'awaySettings', by: ['userId'] },
    columns: ['preview', 'quietFrom', 'quietTo', 'timeZone'],
  },
  im_ledger_entry: {
    ...{ name: 'walletEntries', by: ['id'] },
    columns: ['transactionName', 'kind', 'amount', 'createdTime'],
  },
  im_payment: {
    ...{ name: 'payments', by: ['id'] },
    columns: ['direction', 'amount', 'state', 'reason', 'createdTime'],
  },
  im_payment_dispute: {
    ...{ name: 'paymentDisputes', by: ['paymentId'] },
    columns: ['paymentId', 'paidAmount', 'createdTime', 'decision', 'decisionReason', 'decidedTime'],
  },
  im_red_packet: {
    ...{ name: 'redPackets', of: 'senderId', by: ['id'] },
    columns: [
      ...['id', 'conversation', 'amount', 'shares', 'split', 'greeting', 'taken', 'takenAmount'],
      ...['refunded', 'createdTime', 'endTime'],
    ],
  },
  im_red_packet_grab: {
    ...{ name: 'redPacketGrabs', by: ['packetId'] },
    columns: ['packetId', 'amount', 'createdTime'],
  },
  im_upload: { name: 'uploads', columns: ['fileName', 'fileSize', 'endTime'], by: ['id'] },
  im_file_usage: { name: 'fileUsage', columns: ['bytes'], by: ['userId'] },
  im_file_info: {
    ...{ name: 'files', by: ['id'] },
    columns: ['id', 'fileName', 'filePath', 'fileSize', 'uploadTime'],
  },
  im_drive_node: {
    ...{ name: 'drive', of: 'ownerId', by: ['id'] },
    columns: [
      'id',
      'parentId',
      'isFile',
      'name',
      'size',
      'version',
      'createdTime',
      'changedTime',
      'trashedTime',
    ],
  },
  im_drive_share: {
    ...{ name: 'driveShares', of: 'ownerId', by: ['id'] },
    columns: ['nodeId', 'kind', 'subjectId', 'level', 'createdTime', 'endTime', 'downloadsLeft'],
  },
  im_drive_activity: {
    ...{ name: 'driveActivity', of: 'actorId', by: ['id'] },
    columns: ['folderId', 'nodeId', 'action', 'name', 'time'],
  },
  im_encryption_device: {
    ...{ name: 'encryptionDevices', by: ['deviceId'] },
    columns: ['deviceId', 'name', 'deviceKeys', 'createdTime', 'seenTime'],
  },
  im_encryption_identity: {
    ...{ name: 'encryptionIdentity', by: ['userId'] },
    columns: ['keysText', 'changedTime'],
  },
  im_encryption_signature: {
    ...{ name: 'encryptionSignatures', by: ['signedUserId', 'keyId'] },
    columns: ['signedUserId', 'keyId', 'signatures'],
  },
  im_key_backup: {
    ...{ name: 'keyBackup', by: ['userId'] },
    columns: ['version', 'auth', 'secrets', 'createdTime'],
  },
  im_key_backup_session: {
    ...{ name: 'keyBackupSessions', by: ['id'] },
    columns: ['conversation', 'sessionId', 'firstIndex', 'data'],
  },
  im_encrypted_conversation: {
    ...{ name: 'encryptedConversations', of: 'markedBy', by: ['conversation'] },
    columns: ['conversation', 'createdTime'],
  },
  im_user_attribute: { name: 'attributes', columns: ['name', 'value'], by: ['name'] },
  im_campaign_list_user: { name: 'campaignLists', columns: ['listId'], by: ['listId'] },
  im_campaign_receiver: {
    ...{ name: 'campaigns', by: ['campaignId'] },
    columns: ['campaignId', 'variant', 'state', 'reason', 'claimedTime'],
  },
  im_admin: { name: 'admin', columns: ['createdTime'], by: ['userId'] },
  im_broadcast: {
    ...{ name: 'broadcasts', of: 'actorId', by: ['id'] },
    columns: ['audience', 'content', 'createdTime'],
  },
  im_archive_run: {
    ...{ name: 'archiveRuns', of: 'actorId', by: ['id'] },
    columns: ['what', 'about', 'createdTime'],
  },
  im_audit_trail: {
    ...{ name: 'deedsAsAdmin', of: 'actorId', by: ['id'] },
    columns: ['time', 'action', 'subject', 'network', 'details'],
  },
};

/** Tables that the document has in another form. */
export const toldOtherwise = [
  ...['im_user', 'im_privacy', 'im_group_member', 'im_private_message', 'im_group_message'],
  // With the messages: what they answer, and what they said before.
  ...['im_message_detail', 'im_message_edit'],
] as const;

/** And those of which nothing is in it, with the reason. */
export const notTold: Readonly<Record<string, string>> = {
  im_group: 'the group is of all its members; that it is theirs stands at the group',
  im_group_member_past: 'names that others had',
  im_conversation: 'of all its people',
  im_erasure_count: 'how much an erasure has erased in a database',
  im_lane: 'counters',
  im_lane_place: 'where lanes are',
  im_lane_fence: 'which lanes are here',
  im_lane_database: 'what a database is called',
  im_lane_order: 'messages on their way, which stand among the messages a moment later',
  im_data_key: 'keys of conversations, wrapped',
  im_progress: 'how far something is that is done bit by bit',
  im_user_stamp: 'a counter',
  im_message_change: 'which messages have changed, of all',
  im_uncounted: 'which messages do not count, of all',
  im_mention: 'what others said',
  im_latecomer: 'which messages came late',
  im_pending_push: 'messages on their way, which stand among the messages',
  im_search_posting: 'numbers that follow from messages',
  im_search_conversation: 'how far the search is',
  im_search_lane: 'how far the search is',
  im_away_lane: 'how far those who are away were told',
  im_away_conversation: 'how far those who are away were told',
  im_away_place: 'how far a device was told',
  im_away_key: 'a key of the platform',
  im_call: 'a call that goes on',
  im_ledger_account: 'the sum of the entries',
  im_ledger_transaction: 'names of what stands among the entries',
  im_link_preview: 'what pages of the web say of themselves',
  im_upload_part: 'parts of files that are on their way',
  im_group_topic: 'how a group is pushed to',
  im_retention: 'how long a conversation is kept',
  im_retention_round: 'how far that is',
  im_once: 'hashes of requests',
  im_spent_ticket: 'hashes',
  im_password_reset: 'a hash, for a day',
  im_recovery_code: 'hashes',
  im_upload_permit: 'networks of sessions, for ten minutes',
  im_revocation: 'nothing since sessions have rows',
  im_account_erasure: 'accounts that are gone',
  im_erasure: 'accounts that are gone',
  im_archive: 'which files have messages of old months; docs/erasure-and-archive.md says what that means',
  im_archive_person: 'in which of them somebody wrote',
  im_invitation: 'hashes of nobody',
  im_server_key: 'other back ends',
  im_sink: 'other back ends',
  im_outbox: 'what other back ends are told, for some days; it stands among the messages',
  im_sensitive_word: 'words of the operator',
  im_broadcast_left: 'who is told by a broadcast a little later, which stands among the messages then',
  im_campaign: 'what many are told',
  im_campaign_list: 'names of lists of the operator',
  im_campaign_slice: 'how far a campaign is',
  im_campaign_count: 'sums of nobody',
  im_campaign_pace: 'how fast campaigns are',
  im_drive_version: 'which files a drive has, which stand among the files',
  im_drive_watcher: 'who looks at a folder, for some minutes',
  im_file_content: 'where files lie that are of several people',
  im_taken_down_file: 'files of which nothing is left',
  im_encryption_key: 'keys that others are given once',
  im_encryption_message: 'what devices say to each other, until they have it',
};
