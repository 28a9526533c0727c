// Written by `npm run client` from /v1/openapi.json.
export interface paths {
  '/v1/accounts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Open an account
     * @description Anybody, unless the operator closed it or asks for an invitation.
     */
    post: operations['openAccount'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Where I am signed in
     * @description Whoever is signed in, their own.
     */
    get: operations['listSessions'];
    put?: never;
    /**
     * Sign in
     * @description Anybody who has an account. Wrong passwords are counted.
     */
    post: operations['signIn'];
    /**
     * Sign out everywhere else
     * @description Ends all sessions of the caller but the one that asks, here and at the push servers.
     */
    delete: operations['endOtherSessions'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sessions/refresh': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A fresh pair of tokens
     * @description Whoever has the refresh token. Using one that was replaced ends the session: a thief would do so.
     */
    post: operations['refreshSession'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sessions/current': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Sign out
     * @description Ends the session of the access token, here and at the push servers.
     */
    delete: operations['signOut'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/password-resets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Set a new password with a token of the operator
     * @description Whoever has the token (`im-platform reset-token`), once. All sessions of the account end.
     */
    post: operations['resetPassword'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/deletion': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Delete my account
     * @description Whoever knows the password; who has none and signs in elsewhere, within ten minutes of a sign-in. At once and for good: all sessions end, friends and groups are left, groups of mine get another owner. What I wrote stays, under no name; where the platform says so (`--own-deletion everything`) that goes, too.
     */
    post: operations['deleteAccount'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/password': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Change my password
     * @description Whoever knows the old one. All other sessions end.
     */
    put: operations['changePassword'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sessions/second-factor': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * The second step of a sign-in
     * @description Whoever was answered `SECOND_FACTOR_NEEDED`, within five minutes. Wrong codes are counted by account; recovery codes are not.
     */
    post: operations['showSecondFactor'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/second-factor': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether I have a second factor
     * @description Whoever is signed in, their own.
     */
    get: operations['getSecondFactor'];
    put?: never;
    /**
     * Begin to turn it on: a secret for an app, shown once
     * @description Whoever is signed in and knows the password, if the account has one. It counts once the app has shown a code, within a quarter of an hour.
     */
    post: operations['beginSecondFactor'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/second-factor/confirmation': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Turn it on, with a code of the app; the answer has recovery codes
     * @description Whoever is signed in and has a good code.
     */
    post: operations['confirmSecondFactor'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/second-factor/recovery-codes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * New recovery codes; those before are void
     * @description Whoever is signed in and has a good code.
     */
    post: operations['renewRecoveryCodes'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/second-factor/removal': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Turn it off
     * @description Whoever is signed in and has a good code, or a recovery code.
     */
    post: operations['removeSecondFactor'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sessions/{sessionId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Sign out one device
     * @description Whoever is signed in, their own. Its device is put out, and its refresh token is void.
     */
    delete: operations['endSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sessions/exchange': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sign in with a token of another issuer
     * @description Whoever has a token of an issuer that the operator named, meant for this platform. Who is seen the first time gets an account, unless the operator says otherwise.
     */
    post: operations['exchangeToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sign-in': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begin to sign in at a provider: where the browser is to go
     * @description Anybody, where the operator named providers. The browser that begins must be the one that comes back: it gets a cookie.
     */
    post: operations['beginSignIn'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sessions/sign-in': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sign in, as who came back from a provider
     * @description The browser that came back, within two minutes and once: it has a cookie that no script reads.
     */
    post: operations['finishSignIn'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sign-in/{provider}/logout': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What a provider calls when somebody has signed out there (back-channel logout)
     * @description Providers that the operator named, with a token that they have signed, once. All sessions of the user end.
     */
    post: operations['hearOfLogout'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/identities': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Accounts elsewhere with which I sign in
     * @description Whoever is signed in, their own.
     */
    get: operations['listIdentities'];
    put?: never;
    /**
     * Begin to link an account at a provider: where the browser is to go
     * @description Whoever is signed in and knows the password, if the account has one. The browser that begins must be the one that comes back.
     */
    post: operations['beginLinking'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/identities/{identityId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Sign in with it no more
     * @description Whoever is signed in, their own; not the last way in. Sessions that it opened go on.
     */
    delete: operations['removeIdentity'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * My conversations, the last active first
     * @description Whoever is signed in, their own; groups that they left as they were then.
     */
    get: operations['listConversations'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One of my conversations
     * @description Those who are in it, once something was said; who has left a group sees it as it was then.
     */
    get: operations['getConversation'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * What I make of a conversation: pin, mute, archive, hide, mark as unread, keep a draft
     * @description Those who are or were in it, each for themselves. Mute what you are in.
     */
    patch: operations['changeConversation'];
    trace?: never;
  };
  '/v1/sync': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What has changed since the last call
     * @description Whoever is signed in, their own conversations.
     */
    post: operations['sync'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/reads': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How many have read each message of a part of a conversation
     * @description Members, of messages that they may see. Counted are those beside the sender who are there now and were then.
     */
    get: operations['countReads'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/messages/{number}/readers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who has read a message, and who has not
     * @description Members, of messages that they may see. Counted are those beside the sender who are there now and were then.
     */
    get: operations['listReaders'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A part of a conversation, by numbers; without before, after and around the newest
     * @description The two of a private conversation, friends or not; members of a group since they joined; who has left, until they left.
     */
    get: operations['listMessages'];
    put?: never;
    /**
     * Say something
     * @description Friends to each other, and whoever the other one lets; members in their groups. Send one message of a conversation at a time: it is stored in the order of arrival.
     */
    post: operations['sendMessage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/read': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * I have read up to here
     * @description Those who are in the conversation. It never goes back.
     */
    put: operations['markRead'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/messages/{number}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Take a message back, up to five minutes after it was sent
     * @description Its sender. Its content and its files are gone, for everybody.
     */
    delete: operations['recallMessage'];
    options?: never;
    head?: never;
    /**
     * Write over a text of mine; the same text again changes nothing
     * @description Its sender, for as long as the operator says, who may still write there. What it said before stays readable.
     */
    patch: operations['editMessage'];
    trace?: never;
  };
  '/v1/conversations/{conversationId}/messages/{number}/edits': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What a message said before it was edited, the latest first
     * @description Those who see the message.
     */
    get: operations['listEdits'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/messages/{number}/reactions/{emoji}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * React to a message with an emoji, beside others of mine
     * @description Those who see the message and are in the conversation; not who is muted or blocked.
     */
    put: operations['react'];
    post?: never;
    /**
     * Take a reaction of mine back
     * @description As to react.
     */
    delete: operations['takeReactionBack'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/messages/{number}/reactions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who has reacted to a message with what
     * @description Those who see the message.
     */
    get: operations['listReactions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/messages/{number}/pin': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Pin a message for everybody
     * @description Both of a private conversation; in a group the owner and admins.
     */
    put: operations['pinMessage'];
    post?: never;
    /**
     * Pin it no longer
     * @description Both of a private conversation; in a group the owner and admins.
     */
    delete: operations['unpinMessage'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/pins': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What is pinned in a conversation, the last pinned first
     * @description Those who see the conversation, of the messages that they see.
     */
    get: operations['listPins'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/deleted': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Delete messages for me, on all my devices; others keep them
     * @description Those who see the messages, each for themselves. What is unread counts until it is read.
     */
    post: operations['deleteForMe'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/forwards': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say messages again elsewhere, with whose they were; a hundred new ones at most
     * @description Those who see the messages, where they may write; if not in all of these, nothing is sent. Each new message counts as one that is sent. Who has blocked the caller or the reader, or deleted their account, is not named.
     */
    post: operations['forwardMessages'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/scheduled-messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say something later
     * @description Who may write there now; and when it is sent, who may then. 100 of one user at most, and each counts as a message that is sent.
     */
    post: operations['scheduleMessage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/scheduled-messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What I say later, the next first, and what could not be sent
     * @description Whoever is signed in, of their own.
     */
    get: operations['listScheduledMessages'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/scheduled-messages/{scheduledId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Do not say it
     * @description Whoever has scheduled it, until its time has come.
     */
    delete: operations['cancelScheduledMessage'];
    options?: never;
    head?: never;
    /**
     * Say something else, or at another time; what had failed waits again
     * @description Whoever has scheduled it, until its time has come.
     */
    patch: operations['changeScheduledMessage'];
    trace?: never;
  };
  '/v1/me/scheduled-messages/{scheduledId}/send': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say it now
     * @description Whoever has scheduled it, by the rules of sending.
     */
    post: operations['sendScheduledMessage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/search/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Find what was said, and files by their names; the newest first
     * @description Whoever is signed in, in what they can read: what they see of their conversations, as it reads now. What was just said is found within about a second.
     */
    get: operations['searchMessages'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/link-preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the page says of itself that a link leads to
     * @description Whoever is signed in; 30 addresses in a minute that are not known here yet. The platform asks the site, which learns nothing of who wants to know. Only with `--link-previews`.
     */
    get: operations['previewLink'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/wallet': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What I have
     * @description Whoever is signed in, of their own. Only with `--red-packets`.
     */
    get: operations['getWallet'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/wallet/entries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What came and went, the latest first
     * @description Whoever is signed in, of their own.
     */
    get: operations['listWalletEntries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/wallet/top-ups': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pay something in
     * @description Whoever is signed in, where payments are taken. Needs an `Idempotency-Key`: a payment that is asked for again with it is the same.
     */
    post: operations['topUp'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/wallet/pay-outs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Have something paid out
     * @description Whoever is signed in, where payments are taken. Needs an `Idempotency-Key`: a payment that is asked for again with it is the same.
     */
    post: operations['payOut'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/wallet/payments/{paymentId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How a payment stands
     * @description Whoever has begun it.
     */
    get: operations['getPayment'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/red-packets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a red packet
     * @description Who may write there, and has the money. Needs an `Idempotency-Key`: sent again with it, it is the same packet. Only with `--red-packets`.
     */
    post: operations['sendRedPacket'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/red-packets/{packetId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How a red packet stands
     * @description Who is in its conversation now, its sender, and whoever has a share. To all others it is not there.
     */
    get: operations['getRedPacket'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/red-packets/{packetId}/grab': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take a share of a red packet
     * @description In a group who is in it now, the sender as well; in a conversation of two the other one. Once: asked again, the answer is the same.
     */
    post: operations['grabRedPacket'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/red-packets/{packetId}/grabs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who has taken what, the first one first
     * @description Who is in its conversation now, its sender, and whoever has a share. To all others it is not there.
     */
    get: operations['listRedPacketGrabs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/groups': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The groups that I am in
     * @description Whoever is signed in, their own.
     */
    get: operations['listGroups'];
    put?: never;
    /**
     * Open a group
     * @description Whoever is signed in, and owns it then.
     */
    post: operations['createGroup'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/groups/{groupId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A group that I am in, or was
     * @description Members; who has left sees it as it was then.
     */
    get: operations['getGroup'];
    put?: never;
    post?: never;
    /**
     * End a group, for all
     * @description Its owner.
     */
    delete: operations['dissolveGroup'];
    options?: never;
    head?: never;
    /**
     * Change a group, or what is mine of it
     * @description Members what is theirs (`myName`, `myNameForIt`, `isMuted`); the owner and admins also what all see.
     */
    patch: operations['changeGroup'];
    trace?: never;
  };
  '/v1/groups/{groupId}/members': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who is in a group
     * @description Members.
     */
    get: operations['listMembers'];
    put?: never;
    /**
     * Bring friends into a group
     * @description Members, their friends, unless those want otherwise. Who is in it already stays.
     */
    post: operations['inviteMembers'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/groups/{groupId}/members/{userId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Leave a group (`me`), or put somebody out
     * @description Members themselves, but for the owner; the owner everybody else, admins members.
     */
    delete: operations['removeMember'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/groups/{groupId}/owner': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Give a group to a member
     * @description Its owner, who is a member as others from then on.
     */
    put: operations['transferGroup'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/groups/{groupId}/admins/{userId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Make a member an admin
     * @description The owner. Admins change what all see, put members out, mute them, and say who may write.
     */
    put: operations['appointAdmin'];
    post?: never;
    /**
     * Make an admin a member
     * @description The owner.
     */
    delete: operations['dismissAdmin'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/groups/{groupId}/mutes/{userId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Let a member write nothing for a while
     * @description The owner everybody else, admins members. The muted one is told; leaving and coming back does not end it.
     */
    put: operations['muteMember'];
    post?: never;
    /**
     * Let a member write again
     * @description Whoever may mute them.
     */
    delete: operations['unmuteMember'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/groups/{groupId}/invitations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The links into a group that are good
     * @description The owner and admins.
     */
    get: operations['listInvitations'];
    put?: never;
    /**
     * Make a link into a group
     * @description The owner and admins. It is good while `joining` of the group is not closed.
     */
    post: operations['createInvitation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/groups/{groupId}/invitations/{code}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * End a link into a group
     * @description The owner and admins.
     */
    delete: operations['revokeInvitation'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/invitations/{code}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Where a link leads
     * @description Whoever is signed in and has the code. Of one that is no good nobody learns why.
     */
    get: operations['getInvitation'];
    put?: never;
    /**
     * Come into a group by a link, or ask to
     * @description Whoever is signed in and has the code. Who was put out of the group, or is blocked by its owner, has to ask also where it is open.
     */
    post: operations['useInvitation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/join-requests': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The groups that I have asked to be let into
     * @description Whoever is signed in, their own. One that was declined looks as others do.
     */
    get: operations['listOwnJoinRequests'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/join-requests/{groupId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Ask no longer
     * @description Whoever asked.
     */
    delete: operations['withdrawJoinRequest'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/groups/{groupId}/join-requests': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who asks to be let into a group
     * @description The owner and admins.
     */
    get: operations['listJoinRequests'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/groups/{groupId}/join-requests/{userId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Let somebody into a group
     * @description The owner and admins.
     */
    put: operations['acceptJoinRequest'];
    post?: never;
    /**
     * Do not let somebody into a group
     * @description The owner and admins. Who asked is not told, and cannot ask again for two weeks.
     */
    delete: operations['declineJoinRequest'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who am I
     * @description Whoever is signed in, of themselves.
     */
    get: operations['getMe'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Change my profile
     * @description Whoever is signed in, of themselves. What is not named stays as it is.
     */
    patch: operations['changeMe'];
    trace?: never;
  };
  '/v1/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Users by name, 20 at most
     * @description Whoever is signed in. Nicknames are found by a part, user names as a whole.
     */
    get: operations['findUsers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/users/{userId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One user
     * @description Whoever is signed in. User name and presence are told to friends only.
     */
    get: operations['getUser'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/friends': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * My friends
     * @description Whoever is signed in, their own.
     */
    get: operations['listFriends'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/friends/{userId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Become friends: accept what somebody asks
     * @description With whoever asks it (`GET /v1/friend-requests/received`); where `friendship` is open, anybody with anybody. Done again it changes nothing.
     */
    put: operations['addFriend'];
    post?: never;
    /**
     * End a friendship, for both
     * @description Either of the two. Both keep what they said; neither can say more.
     */
    delete: operations['removeFriend'];
    options?: never;
    head?: never;
    /**
     * Mute a friend, or no longer
     * @description A friend, for themselves.
     */
    patch: operations['changeFriend'];
    trace?: never;
  };
  '/v1/friend-requests': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ask somebody to be friends
     * @description Anybody whom the other one has not blocked, and so many in a day. Accepted with `PUT /v1/friends/{userId}`, or by asking back.
     */
    post: operations['askToBeFriends'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/friend-requests/received': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who asks me to be friends
     * @description Whoever is signed in, their own.
     */
    get: operations['listReceivedRequests'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/friend-requests/sent': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whom I have asked
     * @description Whoever is signed in, their own. What was declined is not told.
     */
    get: operations['listSentRequests'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/friend-requests/received/{userId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Decline what somebody asks
     * @description Whoever was asked. The other one is not told.
     */
    delete: operations['declineRequest'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/friend-requests/sent/{userId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Take a request back
     * @description Whoever asked. Asked again before its end, the other one finds it again and is not told.
     */
    delete: operations['withdrawRequest'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/privacy': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who may reach me, and who sees that I am online
     * @description Whoever is signed in, of themselves.
     */
    get: operations['getPrivacy'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Say who may reach me
     * @description Whoever is signed in, of themselves. What is not named stays as it is.
     */
    patch: operations['changePrivacy'];
    trace?: never;
  };
  '/v1/blocks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whom I have blocked
     * @description Whoever is signed in, their own.
     */
    get: operations['listBlocks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/blocks/{userId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Block somebody
     * @description Anybody anybody else. From then on neither can write to, call, ask or invite the other. Friends stay friends, for when it is lifted.
     */
    put: operations['blockUser'];
    post?: never;
    /**
     * Lift a block
     * @description Whoever made it.
     */
    delete: operations['unblockUser'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/presence': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who is there, and when they were last
     * @description Of friends and members of the same groups, of them those who show it to the caller (`whoSeesPresence`), and between whom there is no block; others are left out. Changes of friends are pushed for a quarter of an hour.
     */
    get: operations['getPresence'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/typing': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say that I am writing something
     * @description Who is in the conversation; it reaches those to whom they show that they are there, in groups of at most 200. More than one in 3 s says nothing more.
     */
    post: operations['sayTyping'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/reports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What I have reported, the newest first
     * @description Whoever is signed in, their own.
     */
    get: operations['listReports'];
    put?: never;
    /**
     * Report a message, or somebody
     * @description Messages whoever may read them, people anybody else. A copy of the message and its neighbours is kept, for whoever runs the platform. The same thing is reported once.
     */
    post: operations['report'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/conversations/{conversationId}/retention': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How long its messages are kept
     * @description Those who are in the conversation, or were.
     */
    get: operations['getRetention'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/groups/{groupId}/retention': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Keep messages of a group for so many days
     * @description Its owner, within what the operator allows (`--owner-retention-days`). An admin of the platform has the last word.
     */
    put: operations['setGroupRetention'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/conversations/{conversationId}/retention': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How long a conversation is kept, by whose word, and whether it is held
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminGetRetention'];
    /**
     * Keep a conversation for so many days, or hold it: nothing of it is removed then because of its age
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    put: operations['adminSetRetention'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/storage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the caller’s files take up, and may
     * @description Whoever is signed in.
     */
    get: operations['getMyStorage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/payment-notices': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What the provider of payments says by itself
     * @description The provider alone, by its signature; nobody signs in.
     */
    post: operations['notifyPayment'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/files': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Upload a file of at most 20 MB; what is answered can be sent as it is
     * @description Whoever is signed in, within their quota. The address ends after some hours; sent, or set as a picture, the file has others.
     */
    post: operations['uploadFile'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/uploads': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begin an upload that may come in parts; the room for it is taken at once
     * @description Whoever is signed in, within their quota, twenty at a time.
     */
    post: operations['beginUpload'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/uploads/{uploadId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Give an upload up: its room is free again; what has become a file stays one
     * @description Whoever has begun it; for others it is not there.
     */
    delete: operations['giveUpUpload'];
    options?: never;
    /**
     * How far an upload is
     * @description Whoever has begun it; for others it is not there.
     */
    head: operations['getUploadOffset'];
    /**
     * The next part of an upload, of any length; what came before a cut stays
     * @description Whoever has begun it; for others it is not there.
     */
    patch: operations['appendToUpload'];
    trace?: never;
  };
  '/v1/uploads/{uploadId}/file': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a file of an upload that has come as a whole; what is answered can be sent as it is
     * @description Whoever has begun it; for others it is not there. Asked again within a day, the answer is the same.
     */
    post: operations['finishUpload'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The caller’s own drive
     * @description Whoever is signed in. Only with `--drive`.
     */
    get: operations['getDrive'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/nodes/{nodeId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A folder or file, and what it is in
     * @description Who may see it: the owner of the drive, and with whom it or something around it is shared.
     */
    get: operations['getDriveNode'];
    put?: never;
    post?: never;
    /**
     * Put it into the trash of its drive, with all that is in it
     * @description Who may edit it and the folder that it is in.
     */
    delete: operations['trashDriveNode'];
    options?: never;
    head?: never;
    /**
     * Give it another name, or move it to another folder of the same drive
     * @description Who may edit it, the folder that it is in, and the one that it goes to.
     */
    patch: operations['moveDriveNode'];
    trace?: never;
  };
  '/v1/drive/nodes/{nodeId}/children': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What is in a folder: folders first, by their names
     * @description Who may see the folder.
     */
    get: operations['listDriveFolder'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/nodes/{nodeId}/folders': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a folder in a folder
     * @description Who may edit the folder. 32 folders one in the other, 100,000 things in a drive.
     */
    post: operations['makeDriveFolder'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/nodes/{nodeId}/files': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Put a file into a folder: an upload, or one that a message shows
     * @description Who may edit the folder, and was shown the file: their own upload, or a message that they may see. It counts for the owner of the drive, and is not stored a second time.
     */
    post: operations['putDriveFile'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/trash': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What is in the trash of the caller’s drive, what was thrown away last first
     * @description Whoever is signed in, of their own. What is there goes by itself after some days (`--drive-trash-days`).
     */
    get: operations['listDriveTrash'];
    put?: never;
    post?: never;
    /**
     * Remove all that is in the trash of the caller’s drive; of very much some goes a little later
     * @description Whoever is signed in, of their own.
     */
    delete: operations['emptyDriveTrash'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/trash/{nodeId}/restore': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take it out of the trash: to where it was, or into the drive itself if that is gone
     * @description The owner of the drive.
     */
    post: operations['restoreDriveNode'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/trash/{nodeId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Remove something in the trash for good
     * @description The owner of the drive.
     */
    delete: operations['removeDriveNode'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/nodes/{nodeId}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The versions of a file that are kept, the newest first
     * @description Who may see it.
     */
    get: operations['listDriveVersions'];
    put?: never;
    /**
     * A new version of a file; the oldest goes when there are more than are kept
     * @description Who may edit it, and was shown what is to be in it.
     */
    post: operations['putDriveVersion'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/nodes/{nodeId}/versions/{number}/restore': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make an old version the newest one, as a new version
     * @description Who may edit it.
     */
    post: operations['restoreDriveVersion'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/nodes/{nodeId}/message-file': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * The file as a message can show it: what is answered can be sent as it is
     * @description Who may see it. It counts for the caller, unless it is in their own drive; it is not stored a second time, and each goes without the other.
     */
    post: operations['offerDriveFile'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/nodes/{nodeId}/activity': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What happened in a folder in the last 90 days, the newest first
     * @description Who may see the folder.
     */
    get: operations['listDriveActivity'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/nodes/{nodeId}/watch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Be told for 180 seconds of what happens in a folder: `{ "type": 60, "drive": … }`, as activity
     * @description Who may see the folder, when asked and when told.
     */
    put: operations['watchDriveFolder'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/search': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Folders and files with that in their names, in the caller’s drive and in what is shared with them
     * @description Whoever is signed in; what they may see. A page may have few or none, and a `nextCursor`.
     */
    get: operations['searchDrive'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/nodes/{nodeId}/shares': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * With whom it is shared, itself and not what it is in
     * @description Who may manage it.
     */
    get: operations['listDriveShares'];
    put?: never;
    /**
     * Share it, and all that is in it, with a friend or a group; shared already, change what they may
     * @description Who may manage it. A friend of theirs, or a group that they are in. Who leaves the group has it no longer.
     */
    post: operations['shareDriveNode'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/nodes/{nodeId}/links': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A link with which whoever has it sees and downloads it, without an account
     * @description Who may manage it.
     */
    post: operations['linkDriveNode'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/shares/{shareId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Share it no longer
     * @description Who may manage the thing, and the one with whom it is shared.
     */
    delete: operations['endDriveShare'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/drive/shared': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What others share with the caller, what was shared last first
     * @description Whoever is signed in.
     */
    get: operations['listSharedDriveNodes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/ice-servers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Through which servers a call finds its way
     * @description Whoever is signed in.
     */
    get: operations['listIceServers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/calls/{userId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Call somebody: all of their devices ring
     * @description A device that is connected, for a friend who takes calls from the caller (`whoMayCall`) and is not blocked.
     */
    post: operations['beginCall'];
    /**
     * Stop calling, decline, or hang up, as far as it has come; a record of it stays in the conversation
     * @description The two devices that are in the call; while it rings, every device of the one who is called.
     */
    delete: operations['endCall'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/calls/{userId}/answer': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take a call that rings; other devices stop ringing
     * @description Every device of the one who is called; the first one has it.
     */
    post: operations['answerCall'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/calls/{userId}/signals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Hand something on to the other end: a way to reach this one, or a new offer or answer
     * @description The two devices that are in the call; while it rings, every device of the one who is called.
     */
    post: operations['signalInCall'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/calls/{userId}/alive': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Still in the call; whoever says so every ten seconds is not called by others
     * @description The two devices that are in the call; while it rings, every device of the one who is called. For others nothing happens.
     */
    put: operations['keepCall'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/users/{user}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One user, with the id here and the one at your back end
     * @description Keys with the scope `users`.
     */
    get: operations['findUser'];
    /**
     * Make a user, or change what is named of them
     * @description Keys with the scope `users`. Asked again it does nothing more. Who is made has no password: let them in with tokens.
     */
    put: operations['putUser'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/users/{user}/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let a user in: tokens for one of their devices
     * @description Keys with the scope `tokens`. Give them to the device whose user has signed in at your back end, and to nobody else. Admins get none.
     */
    post: operations['issueTokens'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/private-conversations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let two users write to each other: they are friends from then on
     * @description Keys with the scope `conversations`. It says for its users that they want it. Asked again it does nothing more. A block of one of the two stands against it.
     */
    post: operations['pairUsers'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/groups': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a group with its members
     * @description Keys with the scope `conversations`. It says for its users that they want it.
     */
    post: operations['createGroupFor'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/groups/{groupId}/members': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Bring users into a group
     * @description Keys with the scope `conversations`. It says for its users that they want it. Who is in it stays as they are.
     */
    post: operations['bringIntoGroup'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/groups/{groupId}/members/{user}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Put a user out of a group
     * @description Keys with the scope `conversations`. Not the owner. Who is not in it is left alone.
     */
    delete: operations['putOutOfGroup'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/bots/{bot}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Make a bot, or change what is named of it
     * @description Keys with the scope `bots`. Who is there and is no bot does not become one. Whoever asks to be its friend is that at once.
     */
    put: operations['putBot'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/bots/{bot}/conversations/{conversationId}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say something as a bot
     * @description Keys with the scope `bots`; as people they may not speak. The bot is held to the rules: friends and whoever the other one lets, members in their groups.
     */
    post: operations['sendMessageAsBot'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/conversations/{conversationId}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say something as one of your users
     * @description Keys with the scope `messages`. The user is held to the rules: friends and whoever the other one lets, members in their groups. Send one message of a conversation at a time.
     */
    post: operations['sendMessageAs'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/users/{user}/notices': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Tell a user something as the platform itself
     * @description Keys with the scope `messages`. It comes from the system account, which nobody can answer.
     */
    post: operations['tellUser'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/groups/{groupId}/notices': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Tell a group something as the platform itself: a line that nobody wrote
     * @description Keys with the scope `messages`.
     */
    post: operations['tellGroup'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/conversations/{conversationId}/messages/{number}/delivery': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What became of a message
     * @description Keys with the scope `deliveries`. It says nothing of what the message says.
     */
    get: operations['getDelivery'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/conversations/{conversationId}/messages/{number}/readers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who has read a message, and who has not
     * @description Keys with the scope `readers`. Listed are those beside the sender who are there now and were then, in the order of their ids.
     */
    get: operations['listReadersFor'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/conversations/{conversationId}/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Store what was said elsewhere before
     * @description Keys with the scope `history`. Senders are one of the two, or are or were members of the group. All of a call is stored, or nothing.
     */
    post: operations['importHistory'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/webhooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who is told of what happens, and how far they are
     * @description Keys with the scope `webhooks`.
     */
    get: operations['listWebhooks'];
    put?: never;
    /**
     * Be told of what happens
     * @description Keys with the scope `webhooks`. Addresses in networks that are not public are refused, unless the operator allows them.
     */
    post: operations['createWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/webhooks/{webhookId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Be told nothing more; what waited is forgotten
     * @description Keys with the scope `webhooks`.
     */
    delete: operations['deleteWebhook'];
    options?: never;
    head?: never;
    /**
     * Change where it is, what it is told, and whether it is told
     * @description Keys with the scope `webhooks`. While it is off, what happens is kept for it for some days.
     */
    patch: operations['changeWebhook'];
    trace?: never;
  };
  '/v1/server/webhooks/{webhookId}/secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A new secret, beside which the one before signs for a while
     * @description Keys with the scope `webhooks`.
     */
    post: operations['rotateWebhookSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/webhooks/{webhookId}/dead-letters': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Events that were given up, and why
     * @description Keys with the scope `webhooks`.
     */
    get: operations['listDeadLetters'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/webhooks/{webhookId}/replays': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Be told again: of what was given up, or of all since a position or a time
     * @description Keys with the scope `webhooks`. Events are kept for some days.
     */
    post: operations['replayEvents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/groups': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Groups whose name begins so, or with that id
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListGroups'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/groups/{groupId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One group
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminGetGroup'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/groups/{groupId}/members': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who is in a group now
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListMembers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/groups/{groupId}/ban': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Ban a group: nothing can be said in it, and its members are told why
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    put: operations['adminBanGroup'];
    post?: never;
    /**
     * Lift the ban of a group
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    delete: operations['adminUnbanGroup'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/reports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reports, the oldest first, with what the reporter saw
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListReports'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/reports/{reportId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Say that somebody has looked at a report, or open it again; who reported sees it
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    put: operations['adminCloseReport'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/words': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Words that are forbidden
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListWords'];
    put?: never;
    /**
     * Forbid words, on all instances within `--words-check-ms`; those that are forbidden stay so
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    post: operations['adminForbidWords'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/words/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What a text would become, with the words that this instance knows now
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    post: operations['adminTestWords'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/words/{wordId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Allow a word again
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    delete: operations['adminAllowWord'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What admins did and looked at, the newest first
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/audit/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All of it, the oldest first: a line of JSON for each (application/x-ndjson)
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminExportAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Users whose user name or nickname begins so, or with that id
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListUsers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/users/{userId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One user
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminGetUser'];
    put?: never;
    post?: never;
    /**
     * Delete an account for good, as its user could
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    delete: operations['adminDeleteUser'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/users/{userId}/ban': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Ban a user: from then on nothing of theirs is answered, and their devices are put out
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    put: operations['adminBanUser'];
    post?: never;
    /**
     * Lift the ban of a user
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    delete: operations['adminUnbanUser'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/users/{userId}/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Where a user is signed in
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListSessions'];
    put?: never;
    post?: never;
    /**
     * End all sessions of a user; they may sign in again
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    delete: operations['adminEndSessions'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/users/{userId}/second-factor': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Take the second factor of a user away, who has lost it; sure who they are
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    delete: operations['adminRemoveSecondFactor'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/users/{userId}/password-reset': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a token with which the user sets a new password, once; the one before it is void
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    post: operations['adminResetPassword'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/messages/{messageId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All that is known of a message, and what is not
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminFindMessage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/conversations/{conversationId}/messages/{number}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The same of a message by its place
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminGetMessage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/files': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Uploaded files, the newest first; of one user, or whose name begins so
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListFiles'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/file-uses': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What files take up, of each user; the most first
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListFileUses'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/users/{userId}/storage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the files of a user take up, and may
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminGetStorage'];
    /**
     * What the files of a user may take up; what lies there stays
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    put: operations['adminLimitStorage'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/files/{fileId}/takedown': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Take a file down for good: its address answers 410 from then on, wherever it is shown
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    put: operations['adminTakeDownFile'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/servers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The push servers with their load, the lowest id first; those of box-im announce themselves nowhere
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListServers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/limits': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who hit which limit last, at the instance that is asked
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListLimitHits'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/broadcasts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What was said to everybody, the newest first, and how far it has come
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListBroadcasts'];
    put?: never;
    /**
     * Say something to everybody, as a message of the system account to each
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    post: operations['adminBroadcast'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/notifications': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How I am told while no device of mine is there
     * @description Whoever is signed in, of themselves and of their session.
     */
    get: operations['getNotifications'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Say what notifications show, and when there are none
     * @description Whoever is signed in, of themselves. What is not named stays as it is.
     */
    patch: operations['changeNotifications'];
    trace?: never;
  };
  '/v1/sessions/current/push': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Register this device, to be told while no device of mine is there
     * @description Whoever is signed in, their own session, which has one registration; it ends with the session. In place of others of mine with the same address.
     */
    put: operations['registerForPush'];
    post?: never;
    /**
     * Do not tell this device any more
     * @description Whoever is signed in, their own session.
     */
    delete: operations['unregisterForPush'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All that is kept of me, as a document
     * @description Whoever is signed in, of themselves: profile, sessions, friends, blocks, groups, files, and what they wrote. Five in an hour.
     */
    get: operations['exportMe'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/users/{userId}/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All that is kept of a person, as the document that they get themselves
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminExportUser'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/users/{user}/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All that is kept of a person, as the document that they get themselves
     * @description Keys with the scope `exports`. It is written into the audit trail. Five at a time.
     */
    get: operations['exportUser'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/campaigns': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Campaigns, the newest first, and how far they are
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListCampaigns'];
    put?: never;
    /**
     * Make a campaign, which nobody is told of before it is started
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    post: operations['adminCreateCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/campaign-audiences': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * How many a segment has now
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    post: operations['adminCountAudience'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/campaigns/{campaignId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A campaign, and what became of those whom it is for
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminGetCampaign'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/campaigns/{campaignId}/tests': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Tell a few people at once, as it would be told; it counts nowhere
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    post: operations['adminTestCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/campaigns/{campaignId}/orders': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Start, pause, resume or stop it
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    post: operations['adminOrderCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/campaign-lists': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists of ids of users, the newest first
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListUserLists'];
    put?: never;
    /**
     * Make a list of ids of users, which is empty
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    post: operations['adminCreateUserList'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/campaign-lists/{listId}/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Put users into a list; asked again, each is in it once
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    post: operations['adminAddToUserList'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/users/{user}/attributes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What is said of a user
     * @description Keys with the scope `campaigns`. Only with `--campaigns`.
     */
    get: operations['listAttributes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Say something of a user, by which campaigns choose; what is not named stays
     * @description Keys with the scope `campaigns`. Only with `--campaigns`.
     */
    patch: operations['changeAttributes'];
    trace?: never;
  };
  '/v1/server/user-attributes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * The same of up to 500 users at once, all of it or nothing
     * @description Keys with the scope `campaigns`. Only with `--campaigns`.
     */
    post: operations['changeAttributesOfMany'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/campaign-lists': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a list of ids of users, which is empty
     * @description Keys with the scope `campaigns`. Only with `--campaigns`.
     */
    post: operations['createUserList'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/campaign-lists/{listId}/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Put users into a list; asked again, each is in it once
     * @description Keys with the scope `campaigns`. Only with `--campaigns`.
     */
    post: operations['addToUserList'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/campaigns': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a campaign, which nobody is told of before it is started
     * @description Keys with the scope `campaigns`. Only with `--campaigns`.
     */
    post: operations['createCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/campaigns/{campaignId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A campaign, and what became of those whom it is for
     * @description Keys with the scope `campaigns`. Only with `--campaigns`.
     */
    get: operations['getCampaign'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/campaigns/{campaignId}/orders': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Start, pause, resume or stop it
     * @description Keys with the scope `campaigns`. Only with `--campaigns`.
     */
    post: operations['orderCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{campaignId}/opened': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * I have opened what I was told
     * @description Whoever was told of it, or is just being told. Once is counted.
     */
    post: operations['openCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/users/{userId}/erasure': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Erase a person for good: the account, and all that they wrote, sent and left
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    post: operations['adminEraseUser'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/erasures': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who was erased, and who is being, the newest first
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminListErasures'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/erasures/{erasureId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What has become of an erasure, and what it waits for
     * @description Admins (`im-platform admin grant`). It is written into the audit trail.
     */
    get: operations['adminGetErasure'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/users/{user}/erasure': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Erase a person for good: the account, and all that they wrote, sent and left
     * @description Keys with the scope `erasures`. Not of admins. It is written into the audit trail.
     */
    post: operations['eraseUser'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/server/erasures/{erasureId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What has become of an erasure: the receipt, once it is done
     * @description Keys with the scope `erasures`.
     */
    get: operations['getErasure'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Problem: {
      /** @description The same for every problem of this status */
      title: string;
      status: number;
      /** @description Of which kind it is, for programs; docs/errors.md has them all */
      code: string;
      /** @description What was wrong, for the user, in the language that they accept */
      detail: string;
      /** @description What can be done about it, for whoever wrote the program */
      cure: string;
      /** @description Whether the same request may succeed later */
      retryable: boolean;
      /** @description What was wrong with which value */
      errors?: {
        where: string;
        problem: string;
      }[];
      /** @description Of `SECOND_FACTOR_NEEDED`: what is sent together with the code */
      ticket?: string;
    };
    Tokens: {
      /** @description For `authorization: Bearer …`, and for push servers */
      accessToken: string;
      accessTokenExpiresInS: number;
      /** @description For the next pair. The one before it is void soon after. */
      refreshToken: string;
      refreshTokenExpiresInS: number;
    };
    RecoveryCodes: {
      /** @description Shown once; each lets in once */
      recoveryCodes: string[];
    };
    Session: {
      /** @description Of the session; it signs nobody in */
      id: string;
      /** @enum {string} */
      device: 'web' | 'app' | 'pc';
      /** @description What the device calls itself; empty: nothing that could be shown */
      name: string;
      /** @description Where it signed in: an IPv4 /24 or an IPv6 /64 */
      network: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description When it was used last, to a minute
       */
      seenAt: string;
      /** @description The one that asks */
      isCurrent: boolean;
    };
    Identity: {
      /** @description Of the link */
      id: string;
      /** @description Its id; null: the operator names it no longer */
      provider: string | null;
      /** @description Of the provider */
      name: string;
      /** @description There, when they were linked; may be empty */
      email: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      linkedAt: string;
    };
    ConversationPage: {
      items: components['schemas']['Conversation'][];
      /** @description For the next page; null: this is the last one */
      nextCursor: string | null;
      /** @description The sum of `unread` of all conversations that are not muted, on whatever page */
      unread: number;
    };
    Conversation: {
      /** @description Of the conversation */
      id: string;
      /** @enum {string} */
      kind: 'private' | 'group';
      /** @description Of a private one: the other one */
      userId: string | null;
      groupId: string | null;
      /** @description False: the caller has left the group */
      isIn: boolean;
      /** @description The first number that you may see … */
      first: number;
      /** @description … and the last one; with none it is before `first` */
      last: number;
      /** @description Up to which number you have read */
      read: number;
      /** @description Of a private one: up to which number the other one has read. It never goes back */
      otherRead: number | null;
      /** @description … and up to which number a device of theirs has it; at least what they have read */
      otherDelivered: number | null;
      /** @description How many of the others since then; notices and what was recalled do not count */
      unread: number;
      /** @description How many since then name you, or everyone */
      mentions: number;
      /** @description You want to see it as unread; reading ends it */
      isMarkedUnread: boolean;
      isPinned: boolean;
      /** @description It is not in the sum of what is unread */
      isMuted: boolean;
      isArchived: boolean;
      /** @description Off your list until something new is said in it */
      isHidden: boolean;
      draft: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      activeAt: string;
      /** @description How many of its messages so far count for nobody */
      skipped: number;
      /** @description Of its last change; pushes of its messages have it, too */
      stamp: number;
      /** @description Of the last change of your own. Of two states the one with the higher `myStamp`, then `stamp`, is newer */
      myStamp: number;
      /** @description The last one that is shown */
      lastMessage: components['schemas']['Message'] | null;
    };
    Message: {
      /** @description Of the message; as pushes have it */
      id: string;
      /** @description Of the conversation */
      conversationId: string;
      /** @description 1, 2, 3 … in the conversation, without holes */
      number: number;
      /** @description Of the user who sent it; of a notice the one who is the cause */
      senderId: string;
      /** @description In a group: what they were called there */
      senderName: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      sentAt: string;
      content: components['schemas']['Content'];
      /**
       * @description In a group sent or recalled; who has read it says `listReads`
       * @enum {string}
       */
      status: 'sent' | 'delivered' | 'read' | 'recalled';
      /** @description Ids of users; `everyone` is all of them */
      mentions: string[];
      /** @description Of its last change since it was sent, 0: there was none. Of two states of a message the one with the higher is newer */
      stamp: number;
      editedAt: string | null;
      replyTo: {
        /** @description Of the message in this conversation that it answers */
        number: number;
        /** @description Null: that was recalled, or is none that you may see. Absent, in pushes to groups: look it up */
        quote?: components['schemas']['Quote'] | null;
      } | null;
      /** @description Whose it was before; nulls: that was not to be said */
      forwarded: {
        senderId: string | null;
        senderName: string | null;
      } | null;
      isPinned: boolean;
      /**
       * Format: date-time
       * @description Of what is pinned: when it was; the last one stands first
       */
      pinnedAt?: string;
      /** @description The first one first */
      reactions: components['schemas']['Reaction'][];
      /** @description Absent in pushes to a whole group: keep those that you have from a state with at most this `stamp` */
      myReactions?: string[];
    };
    Content:
      | {
          /** @constant */
          type: 'text';
          text: string;
          /** @description Links and mentions in it, in order */
          entities?: components['schemas']['Entity'][];
        }
      | {
          /** @constant */
          type: 'image';
          url?: string;
          thumbnail?: string;
          width?: number;
          height?: number;
        }
      | {
          /** @constant */
          type: 'file';
          url?: string;
          name?: string;
          size?: number;
          /** @description Of a film: a picture of it, which its sender has uploaded as one */
          poster?: {
            url: string;
            width: number;
            height: number;
          };
        }
      | {
          /** @constant */
          type: 'audio';
          url?: string;
          durationS?: number;
          /** @description How loud it is, in up to 64 parts */
          waveform?: number[];
        }
      | {
          /** @constant */
          type: 'custom';
          /** @description What your clients call this kind */
          name: string;
          /** @description What they make of it */
          data: {
            [key: string]: unknown;
          };
          /** @description What is shown by those who do not know it */
          text: string;
        }
      | {
          /** @constant */
          type: 'notice';
          text: string;
        }
      | {
          /** @constant */
          type: 'call';
          /** @enum {string} */
          mode: 'voice' | 'video';
          text: string;
        }
      | {
          /** @constant */
          type: 'recalled';
        }
      | {
          /** @constant */
          type: 'other';
          kind: number;
          text: string;
        };
    Entity:
      | {
          /** @constant */
          type: 'link';
          /** @description Where it begins, in UTF-16 code units */
          offset: number;
          /** @description How long it is, in the same */
          length: number;
        }
      | {
          /** @constant */
          type: 'mention';
          /** @description Where it begins, in UTF-16 code units */
          offset: number;
          /** @description How long it is, in the same */
          length: number;
          /** @description Of the user who is named, or `everyone` */
          userId: 'everyone' | string;
        };
    Quote: {
      senderId: string;
      senderName: string | null;
      /** @description As `type` of its content */
      type: string;
      /** @description Its first 100 characters; of a file its name */
      text: string;
    };
    Reaction: {
      emoji: string;
      /** @description How many have reacted with it */
      count: number;
    };
    Sync: {
      /** @description Those that have changed, the last active first */
      conversations: components['schemas']['SyncedConversation'][];
      /** @description Ids of those that are off the list now */
      removed: string[];
      /** @description The sum of `unread` of all conversations that are not muted, on whatever page */
      unread: number;
      /** @description For the next call; keep it with what you know */
      cursor: string;
      /** @description There is more: call again with the new cursor at once */
      more: boolean;
      /** @description The cursor is of another time: forget all conversations, this answer begins anew */
      isReset: boolean;
    };
    SyncedConversation: {
      /** @description Of the conversation */
      id: string;
      /** @enum {string} */
      kind: 'private' | 'group';
      /** @description Of a private one: the other one */
      userId: string | null;
      groupId: string | null;
      /** @description False: the caller has left the group */
      isIn: boolean;
      /** @description The first number that you may see … */
      first: number;
      /** @description … and the last one; with none it is before `first` */
      last: number;
      /** @description Up to which number you have read */
      read: number;
      /** @description Of a private one: up to which number the other one has read. It never goes back */
      otherRead: number | null;
      /** @description … and up to which number a device of theirs has it; at least what they have read */
      otherDelivered: number | null;
      /** @description How many of the others since then; notices and what was recalled do not count */
      unread: number;
      /** @description How many since then name you, or everyone */
      mentions: number;
      /** @description You want to see it as unread; reading ends it */
      isMarkedUnread: boolean;
      isPinned: boolean;
      /** @description It is not in the sum of what is unread */
      isMuted: boolean;
      isArchived: boolean;
      /** @description Off your list until something new is said in it */
      isHidden: boolean;
      draft: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      activeAt: string;
      /** @description How many of its messages so far count for nobody */
      skipped: number;
      /** @description Of its last change; pushes of its messages have it, too */
      stamp: number;
      /** @description Of the last change of your own. Of two states the one with the higher `myStamp`, then `stamp`, is newer */
      myStamp: number;
      /** @description The newest that you may see, in order */
      messages: components['schemas']['Message'][];
      /** @description Older ones that were changed since your cursor, as those that were recalled; you may have never had them */
      changed: components['schemas']['Message'][];
      /** @description Numbers of those that you deleted for yourself since your cursor, on whatever device */
      deleted: number[];
      /** @description More has changed than `changed` tells: forget the messages that you have */
      mustReload: boolean;
    };
    ReadCount: {
      number: number;
      /** @description How many have read it; up to a second old */
      readers: number;
      /** @description How many could, beside its sender */
      others: number;
    };
    Reader: {
      /** @description Of the member */
      userId: string;
    };
    MessagePage: {
      items: components['schemas']['Message'][];
      /** @description The page is all numbers from this one on … */
      from: number;
      /** @description … to this one. With nothing in it `to` is before `from`. */
      to: number;
      /** @description Which numbers of the page are nothing that you could see: do not ask for them */
      nothing: {
        from: number;
        to: number;
      }[];
      /** @description The first number that you may see. While `from` is larger: ask with `before: from` */
      first: number;
      /** @description The last one. While `to` is smaller: ask with `after: to` */
      last: number;
    };
    /** @description One that is not any more */
    Edit: {
      content: components['schemas']['Content'];
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      writtenAt: string;
    };
    ReactionOf: {
      /** @description Of the user */
      userId: string;
      emoji: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      reactedAt: string;
    };
    ScheduledMessage: {
      /** @description Of the scheduled message */
      id: string;
      conversationId: string;
      content: components['schemas']['Content'];
      mentions: string[];
      replyTo: number | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      sendAt: string;
      /**
       * @description `sending`: its time has come, and it cannot be taken back any more. What is sent is a message like others, and is not here any more
       * @enum {string}
       */
      state: 'waiting' | 'sending' | 'failed';
      /** @description Why it was not sent, as a problem of sending it says it */
      failure: {
        code: string;
        detail: string;
      } | null;
    };
    LinkPreview: {
      title: string | null;
      description: string | null;
      picture: {
        /** @description The picture itself: `data:image/webp;base64,…`, 24 KB at most */
        url: string;
        width: number;
        height: number;
      } | null;
    };
    WalletEntry: {
      /** @description Of the entry */
      id: string;
      /** @enum {string} */
      kind: 'send' | 'grab' | 'refund' | 'top-up' | 'pay-out' | 'return' | 'unclaimed';
      /** @description In the smallest unit; less than 0: it was given */
      amount: number;
      redPacketId: string | null;
      paymentId: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
    };
    Payment: {
      /** @description Of the payment */
      id: string;
      /** @enum {string} */
      direction: 'in' | 'out';
      amount: number;
      /**
       * @description `begun`: nobody knows yet. `disputed`: the provider has said what cannot be; who runs the platform looks
       * @enum {string}
       */
      state: 'begun' | 'done' | 'refused' | 'disputed';
      /** @description Where the user goes on with it */
      url: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
    };
    RedPacket: {
      /** @description Of the red packet */
      id: string;
      conversationId: string;
      senderId: string;
      greeting: string;
      /** @enum {string} */
      split: 'equal' | 'lucky';
      /** @description In the smallest unit, as cents */
      amount: number;
      shares: number;
      /** @description How many shares were taken */
      taken: number;
      takenAmount: number;
      /**
       * @description `empty`: all shares were taken. `over`: its time was over before that
       * @enum {string}
       */
      state: 'open' | 'empty' | 'over';
      /** @description What I have of it */
      mine: {
        amount: number;
        /**
         * Format: date-time
         * @description RFC 3339, in UTC
         */
        takenAt: string;
      } | null;
      /** @description What went back to the sender; null: nothing, or not yet */
      refunded: number | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description What is left by then goes back
       */
      endsAt: string;
      /** @description How long it took until the last share was taken; null: it was not */
      emptiedInS: number | null;
    };
    RedPacketGrab: {
      userId: string;
      name: string;
      amount: number;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      takenAt: string;
      /** @description The largest share of a lucky split, once no more can be taken */
      isBest: boolean;
    };
    Group: {
      /** @description Of the group */
      id: string;
      /** @description Of what is said in it */
      conversationId: string;
      name: string;
      notice: string;
      picture: string | null;
      thumbnail: string | null;
      /** @description Of the user who may change and dissolve it */
      ownerId: string;
      /** @description False: the caller has left, and sees it as it was then */
      isMember: boolean;
      /** @description Nothing can be said in it */
      closed: ('dissolved' | 'banned') | null;
      /** @description Why it is banned */
      reason: string | null;
      /** @description What I want to be called there */
      myName: string | null;
      /** @description What I call it */
      myNameForIt: string | null;
      /** @description I do not want to be told of what is new in it */
      isMuted: boolean;
      /** @enum {string} */
      myRole: 'owner' | 'admin' | 'member';
      /** @description I am muted until then; null: I am not */
      mayWriteFrom: string | null;
      /**
       * @description admins: they and the owner
       * @enum {string}
       */
      whoMayWrite: 'members' | 'admins';
      /**
       * @description Who comes in by a link: nobody, who is let in, everybody
       * @enum {string}
       */
      joining: 'closed' | 'approval' | 'open';
      /** @description Null in lists, and for who has left */
      memberCount: number | null;
    };
    Member: {
      /** @description Of the member */
      userId: string;
      /** @description What they are called there */
      name: string;
      thumbnail: string | null;
      isOnline: boolean;
      /** @enum {string} */
      role: 'owner' | 'admin' | 'member';
      /** @description Muted until then; null: not muted */
      mayWriteFrom: string | null;
    };
    Invitation: {
      /** @description Whoever has it may come in, or ask to */
      code: string;
      /** @description Of the user who made it */
      createdBy: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
      /** @description Null: it does not end */
      endsAt: string | null;
      /** @description Null: as many as want */
      usesLeft: number | null;
    };
    InvitingGroup: {
      /** @description Of the group */
      groupId: string;
      name: string;
      thumbnail: string | null;
      memberCount: number;
      /**
       * @description open: at once; approval: when somebody lets you in
       * @enum {string}
       */
      joining: 'closed' | 'approval' | 'open';
      isMember: boolean;
      /** @description The caller has asked, and may not ask again for a while */
      isRequested: boolean;
    };
    JoinRequest: {
      /** @description Of the user who asks */
      userId: string;
      name: string;
      thumbnail: string | null;
      /** @description What they say to it */
      text: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      sentAt: string;
    };
    Me: {
      /** @description Of the user */
      id: string;
      nickName: string;
      signature: string;
      /** @enum {string} */
      sex: 'unknown' | 'male' | 'female';
      /** @description Its address */
      picture: string | null;
      /** @description Of the picture */
      thumbnail: string | null;
      /** @description Null unless it is told to the caller: to friends */
      userName: string | null;
      /** @description Null unless it is told to the caller: to friends */
      isOnline: boolean | null;
      /** @description The account is gone; what it wrote stays */
      isDeleted: boolean;
      /** @description They run the platform: `/v1/admin` is for them */
      isAdmin: boolean;
    };
    User: {
      /** @description Of the user */
      id: string;
      nickName: string;
      signature: string;
      /** @enum {string} */
      sex: 'unknown' | 'male' | 'female';
      /** @description Its address */
      picture: string | null;
      /** @description Of the picture */
      thumbnail: string | null;
      /** @description Null unless it is told to the caller: to friends */
      userName: string | null;
      /** @description Null unless it is told to the caller: to friends */
      isOnline: boolean | null;
      /** @description The account is gone; what it wrote stays */
      isDeleted: boolean;
    };
    Friend: {
      /** @description Of the friend */
      userId: string;
      nickName: string;
      thumbnail: string | null;
      isMuted: boolean;
      /** @description Of what the two say to each other */
      conversationId: string;
    };
    FriendRequest: {
      /** @description Of the other one */
      userId: string;
      nickName: string;
      thumbnail: string | null;
      text: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      sentAt: string;
      /**
       * Format: date-time
       * @description Until then it can be accepted, and is not asked again
       */
      endsAt: string;
    };
    Privacy: {
      /** @enum {string} */
      whoMayWrite: 'everybody' | 'friends' | 'nobody';
      /** @enum {string} */
      whoMayCall: 'everybody' | 'friends' | 'nobody';
      /**
       * @description To groups
       * @enum {string}
       */
      whoMayAdd: 'everybody' | 'friends' | 'nobody';
      /**
       * @description Whether I am online: friends and members of the same groups, of them friends, or nobody
       * @enum {string}
       */
      whoSeesPresence: 'everybody' | 'friends' | 'nobody';
    };
    Block: {
      /** @description Of the user */
      userId: string;
      nickName: string;
      thumbnail: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      since: string;
    };
    Presence: {
      /** @description Of the user */
      userId: string;
      isOnline: boolean;
      /** @description To a minute; null: online, or not known */
      lastSeenAt: string | null;
    };
    Report: {
      /** @description Of the report */
      id: string;
      /** @description Whom it is about */
      userId: string;
      /** @description Of the message; null: it is about the person */
      conversationId: string | null;
      /** @description Of the message */
      number: number | null;
      /** @enum {string} */
      reason: 'spam' | 'abuse' | 'violence' | 'sexual' | 'fraud' | 'other';
      text: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      sentAt: string;
      /**
       * @description closed: somebody has looked at it
       * @enum {string}
       */
      state: 'open' | 'closed';
    };
    Retention: {
      /** @description Messages that are older are removed for everybody, within an hour or so; null: none is */
      days: number | null;
      /** @description What the owner of a group may choose from; null: nothing */
      choice: {
        least: number;
        most: number;
      } | null;
    };
    AdminRetention: {
      /** @description What comes of it all; null: for ever */
      days: number | null;
      /** @description What was said for this conversation; 0: for ever; null: nothing, so it is as its owner or the platform says */
      adminDays: number | null;
      /** @description Nothing of it is removed because of its age, whatever else is said, as long as this is so */
      isHeld: boolean;
      /** @description What the owner of the group has said */
      ownerDays: number | null;
    };
    Storage: {
      /** @description With uploads that have begun, which have their room already */
      usedBytes: number;
      limitBytes: number;
    };
    DriveNode: {
      /** @description Of the folder or file */
      id: string;
      /** @enum {string} */
      type: 'folder' | 'file';
      /** @description Empty: it is the drive itself */
      name: string;
      /** @description Null: what it is in is not shown to the caller */
      parentId: string | null;
      /** @description Of whoever has the drive */
      ownerId: string;
      /** @description Of whoever made it */
      creatorId: string;
      /**
       * @description What the caller may do with it
       * @enum {string}
       */
      level: 'view' | 'edit' | 'manage';
      /** @description Of the newest version; 0 of folders */
      size: number;
      /** @description The newest one; 0 of folders */
      version: number;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      changedAt: string;
      /** @description Loads it, a folder as an archive; for some hours, and for as long as the caller may see it */
      url: string;
      /** @description Loads a small picture of it */
      thumbnail: string | null;
    };
    TrashedDriveNode: {
      /** @description Of the folder or file */
      id: string;
      /** @enum {string} */
      type: 'folder' | 'file';
      /** @description Empty: it is the drive itself */
      name: string;
      /** @description Null: what it is in is not shown to the caller */
      parentId: string | null;
      /** @description Of whoever has the drive */
      ownerId: string;
      /** @description Of whoever made it */
      creatorId: string;
      /**
       * @description What the caller may do with it
       * @enum {string}
       */
      level: 'view' | 'edit' | 'manage';
      /** @description Of the newest version; 0 of folders */
      size: number;
      /** @description The newest one; 0 of folders */
      version: number;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      changedAt: string;
      /** @description Loads it, a folder as an archive; for some hours, and for as long as the caller may see it */
      url: string;
      /** @description Loads a small picture of it */
      thumbnail: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      trashedAt: string;
    };
    DriveVersion: {
      number: number;
      size: number;
      /** @description Of whoever put it there */
      creatorId: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
      /** @description Loads it */
      url: string;
    };
    DriveActivity: {
      /** @description Of the activity */
      id: string;
      /** @description Where it was */
      folderId: string;
      /** @description Of the thing */
      nodeId: string;
      /** @description Of whoever did it */
      actorId: string;
      /** @enum {string} */
      action: 'added' | 'changed' | 'renamed' | 'moved-in' | 'moved-out' | 'trashed' | 'restored' | 'shared';
      /** @description What the thing was called then */
      name: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      time: string;
    };
    DriveShare: {
      /** @description Of the share */
      id: string;
      /** @enum {string} */
      kind: 'user' | 'group' | 'link';
      /** @description The user or the group; null of links */
      subjectId: string | null;
      /** @enum {string} */
      level: 'view' | 'edit' | 'manage';
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
      /** @description Of a link: a page, for whoever has it */
      url: string | null;
      hasPassword: boolean;
      /** @description Null: it does not end */
      endsAt: string | null;
      /** @description Null: as many as want */
      downloadsLeft: number | null;
    };
    ServerUser: {
      /** @description Of the user */
      id: string;
      /** @description At the back end that made them */
      externalId: string | null;
      userName: string;
      nickName: string;
      signature: string;
      picture: string;
      thumbnail: string;
      isBanned: boolean;
      /** @description A program speaks as them */
      isBot: boolean;
    };
    PlacedNotice: {
      /** @description Of the conversation */
      conversationId: string;
      number: number;
    };
    Delivery: {
      /** @description Of the message */
      id: string;
      conversationId: string;
      number: number;
      /** @description Of who sent it */
      senderId: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      sentAt: string;
      /**
       * @description delivered: a device has it. In a group sent or recalled
       * @enum {string}
       */
      status: 'sent' | 'delivered' | 'read' | 'recalled';
      /** @description How many have read it; up to a second old */
      readers: number;
      /** @description How many could, beside its sender */
      others: number;
    };
    ServerReader: {
      /** @description Of the member */
      userId: string;
      /** @description At the back end that made them */
      externalId: string | null;
    };
    Webhook: {
      id: string;
      /** @description Null: a sink of the options */
      url: string | null;
      events: (
        | 'message.created'
        | 'message.edited'
        | 'message.recalled'
        | 'conversation.read'
        | 'group.created'
        | 'group.joined'
        | 'group.left'
        | 'group.dissolved'
        | 'user.signed_in'
        | 'report.created'
        | 'file.uploaded'
        | 'user.erased'
      )[];
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
      isOn: boolean;
      /** @description Null: the last event was taken */
      failingSince: string | null;
      lastError: string | null;
      /** @description Events that it has not been told of */
      waiting: number;
      /** @description When the first of them happened */
      waitingSince: string | null;
      /** @description Events that were given up */
      dead: number;
    };
    DeadLetter: {
      position: number;
      id: string;
      type: string;
      subject: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      happenedAt: string;
      attempts: number;
      why: string | null;
    };
    AdminGroup: {
      /** @description Of the group */
      id: string;
      name: string;
      /** @description Of its owner */
      ownerId: string;
      notice: string;
      ban: {
        reason: string;
      } | null;
      isDissolved: boolean;
      /** @description How many are in it now; null in a list, where they are not counted */
      members: number | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
    };
    AdminMember: {
      /** @description Of the user */
      userId: string;
      /** @description What they are called in the group */
      name: string;
      /** @enum {string} */
      role: 'owner' | 'admin' | 'member';
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      joinedAt: string;
    };
    AdminReport: {
      /** @description Of the report */
      id: string;
      /** @description Who reports */
      reporterId: string;
      /** @description Whom it is about */
      userId: string;
      conversationId: string | null;
      /** @description Of the message; null: it is about the person */
      number: number | null;
      /** @enum {string} */
      reason: 'spam' | 'abuse' | 'violence' | 'sexual' | 'fraud' | 'other';
      text: string;
      /** @description What the reporter saw then */
      evidence: {
        [key: string]: unknown;
      };
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      sentAt: string;
      /** @enum {string} */
      state: 'open' | 'closed';
    };
    ForbiddenWord: {
      /** @description Of the word */
      id: string;
      word: string;
    };
    Deed: {
      /** @description Of the entry; it rises */
      id: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      at: string;
      /** @description Null: a command on the machine */
      actorId: string | null;
      /** @description Which route, or `grantAdmin`, `revokeAdmin` */
      action: string;
      /** @description What it was done to: `user:7`, `group:5` */
      subject: string;
      /** @description From where: an IPv4 address or a /64 of IPv6 */
      network: string;
      /** @description What was asked for */
      details: {
        [key: string]: unknown;
      };
    };
    AdminUser: {
      /** @description Of the user */
      id: string;
      userName: string;
      nickName: string;
      externalId: string | null;
      ban: {
        reason: string;
        /** @description Null: it does not end by itself */
        until: string | null;
      } | null;
      isAdmin: boolean;
      isDeleted: boolean;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
      lastSignInAt: string | null;
    };
    AdminSession: {
      /** @description Of the session; it signs nobody in */
      id: string;
      /** @enum {string} */
      device: 'web' | 'app' | 'pc';
      /** @description What the device calls itself; empty: nothing that could be shown */
      name: string;
      /** @description Where it signed in: an IPv4 /24 or an IPv6 /64 */
      network: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description When it was used last, to a minute
       */
      seenAt: string;
      /** @description Whether a device of this kind is connected */
      isOnline: boolean;
    };
    MessageStory: {
      message: components['schemas']['Message'];
      /** @description What it said before, the first version first */
      edits: {
        content: components['schemas']['Content'];
        /**
         * Format: date-time
         * @description RFC 3339, in UTC
         */
        writtenAt: string;
      }[];
      /** @description Null: it was not, or when is not known */
      recalledAt: string | null;
      /** @description Of a group at most 200, by their ids */
      receivers: {
        /** @description Of the user */
        userId: string;
        /** @description Whether a device has it; null: not known, as in groups that is kept nowhere */
        isDelivered: boolean | null;
        /** @description When is not kept */
        isRead: boolean;
      }[];
      /** @description How many it is for beside its sender */
      others: number;
      /** @description How many of them have read it; up to a second old */
      readers: number;
      /** @description Null: nobody who was online still waits for a push of it */
      waiting: {
        /** @description How often it was tried again */
        attempts: number;
        /**
         * Format: date-time
         * @description When it is tried again
         */
        nextAt: string;
      } | null;
      /** @description Null: not known. The instance that pushed it remembers the results of its newest 10,000; another one does not know them */
      pushes:
        | {
            /**
             * Format: date-time
             * @description When its results were there
             */
            knownAt: string;
            devices: {
              userId: string;
              device: ('web' | 'app' | 'pc') | null;
              /** @description How far it came, as the transport reported it */
              stage: string;
              /** @description Why not further; null: it arrived */
              reason: string | null;
            }[];
            /** @description Of a large group: at how many devices of each server it ended how */
            counts: {
              serverId: number | null;
              count: number;
              /** @description How far it came, as the transport reported it */
              stage: string;
              /** @description Why not further; null: it arrived */
              reason: string | null;
            }[];
          }[]
        | null;
    };
    AdminFile: {
      /** @description Of the file */
      id: string;
      /** @description As it was uploaded */
      name: string;
      /** @enum {string} */
      type: 'file' | 'image';
      /** @description Who uploaded it; null: somebody without a token */
      ownerId: string | null;
      /** @description What it takes up, with its thumbnail */
      bytes: number;
      /**
       * Format: date-time
       * @description For the last time
       */
      uploadedAt: string;
      /** @description It is or was the picture of somebody or of a group */
      isPublic: boolean;
      /** @description It came while the scanner was away, or is too large for it */
      isUnscanned: boolean;
      url: string;
      thumbnail: string | null;
    };
    FileUse: {
      /** @description Null: whoever uploads without a token */
      userId: string | null;
      bytes: number;
    };
    AdminStorage: {
      /** @description With uploads that have begun, which have their room already */
      usedBytes: number;
      limitBytes: number;
      /** @description It was set for this user */
      isOwnLimit: boolean;
    };
    PushServer: {
      id: number;
      /**
       * @description `draining`: it sends its devices elsewhere. `late`: its lease is over, and nobody has declared it dead yet. `dead`: the others did, in the last 11 minutes. `left`: it ended in order since then
       * @enum {string}
       */
      state: 'live' | 'draining' | 'late' | 'dead' | 'left';
      /** @description For how long it has been late, dead, or away */
      forMs: number | null;
      address: string | null;
      connections: number | null;
      /** @description Entries that wait on its lists: its queue */
      waiting: number;
      startedAt: string | null;
      /** @description What it can do that servers before it could not; a server announces no version */
      features: string[];
    };
    LimitHit: {
      /** @description `user:7`, `key:…` of a back end, `network:…` of whoever is neither */
      who: string;
      route: string;
      /** @description Which limit: the name of the text that was answered */
      reason: string;
      times: number;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      firstAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      lastAt: string;
    };
    Broadcast: {
      /** @description Of the broadcast */
      id: string;
      /** @description Of the admin */
      actorId: string;
      text: string;
      /**
       * @description `all`: everybody, who is away finds it when they come. `online`: only those who are connected when it is their turn
       * @enum {string}
       */
      audience: 'all' | 'online';
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
      /** @description How many have it so far */
      told: number;
      /** @description Null: it is under way */
      finishedAt: string | null;
    };
    Notifications: {
      /** @description By which this platform can tell devices that are away; empty: by none */
      channels: {
        name: string;
        /** @description Of `web`: the `applicationServerKey` to subscribe with */
        publicKey: string | null;
      }[];
      /** @description The channel by which the session that asks is told; null: it is not registered */
      registeredBy: string | null;
      /** @description Whether notifications show who wrote, and what */
      preview: boolean;
      quietHours: {
        from: string;
        to: string;
        timeZone: string;
      } | null;
    };
    Campaign: {
      /** @description Of the campaign */
      id: string;
      name: string;
      /** @enum {string} */
      state: 'draft' | 'scheduled' | 'planning' | 'running' | 'paused' | 'stopped' | 'done';
      /** @description `admin:7`, or `key:…` */
      madeBy: string;
      segment: {
        /** @constant */
        everybody?: true;
        tags?: string[];
        attributes?: {
          [key: string]: string[];
        };
        seenWithinDays?: number;
        notSeenForDays?: number;
        listId?: string;
      };
      variants: {
        name: string;
        share: number;
        texts: {
          [key: string]: {
            title: string;
            body: string;
          };
        };
        report: {
          planned: number;
          waiting: number;
          /** @description Given to a device or its service: also those who have it and have opened it */
          sent: number;
          /** @description A device has proved it: also those who have opened it */
          delivered: number;
          opened: number;
          /** @description By reason */
          failed: {
            [key: string]: number;
          };
          /** @description By reason: cap, quiet, no-device, gone */
          skipped: {
            [key: string]: number;
          };
        };
      }[];
      language: string;
      schedule:
        | (
            | {
                /**
                 * Format: date-time
                 * @description RFC 3339, in UTC
                 */
                at: string;
              }
            | {
                localDate: string;
                localTime: string;
              }
          )
        | null;
      timeZone: string;
      quietHours: {
        from: string;
        to: string;
      } | null;
      cap: {
        times: number;
        days: number;
      } | null;
      ratePerSecond: number;
      url: string | null;
      report: {
        planned: number;
        waiting: number;
        /** @description Given to a device or its service: also those who have it and have opened it */
        sent: number;
        /** @description A device has proved it: also those who have opened it */
        delivered: number;
        opened: number;
        /** @description By reason */
        failed: {
          [key: string]: number;
        };
        /** @description By reason: cap, quiet, no-device, gone */
        skipped: {
          [key: string]: number;
        };
      };
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
      startedAt: string | null;
      finishedAt: string | null;
    };
    /** @description Those for whom all of it holds */
    Segment: {
      /** @constant */
      everybody?: true;
      tags?: string[];
      /** @description Each of them is one of those */
      attributes?: {
        [key: string]: string[];
      };
      seenWithinDays?: number;
      /** @description Also those who were never seen */
      notSeenForDays?: number;
      /**
       * @description Of a list of ids that was uploaded
       * @example 1
       */
      listId?: string;
    };
    UserList: {
      /** @description Of the list */
      id: string;
      name: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      createdAt: string;
    };
    Erasure: {
      /** @description Of the erasure */
      id: string;
      /** @description Whose */
      userId: string;
      /**
       * @description waiting: something is to be kept for now
       * @enum {string}
       */
      state: 'waiting' | 'erasing' | 'done';
      /** @description self, admin: and an id, or key: and an id */
      askedBy: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      askedAt: string;
      doneAt: string | null;
      /**
       * @description How much of what, so far
       * @example {
       *       "messages": 12,
       *       "files": 2
       *     }
       */
      erased: {
        [key: string]: number;
      };
      /** @description Up to twenty of each. As long as there are any, nothing is erased */
      waitsFor: {
        /** @description Ids of open reports; close them */
        reports: string[];
        /** @description Conversations that are held; end that */
        held: string[];
        /** @description Archives of old months: tell the platform where they are, --archive-dir; or they are being written, which ends by itself */
        archives: string[];
      };
    };
    ListedErasure: {
      /** @description Of the erasure */
      id: string;
      /** @description Whose */
      userId: string;
      /**
       * @description waiting: something is to be kept for now
       * @enum {string}
       */
      state: 'waiting' | 'erasing' | 'done';
      /** @description self, admin: and an id, or key: and an id */
      askedBy: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC
       */
      askedAt: string;
      doneAt: string | null;
      /**
       * @description How much of what, so far
       * @example {
       *       "messages": 12,
       *       "files": 2
       *     }
       */
      erased: {
        [key: string]: number;
      };
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  openAccount: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description To sign in with; told to friends only */
          userName: string;
          password: string;
          /** @description Usually the user name */
          nickName?: string;
          invitation?: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description REGISTRATION_REFUSED: Accounts are not opened here, or with an invitation only. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'REGISTRATION_REFUSED';
          };
        };
      };
      /** @description NAME_TAKEN: Somebody has that user name. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NAME_TAKEN';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description PASSWORD_REFUSED: The new password is too short, too long, or soon guessed. WORD_REFUSED: A name has a word in it that is forbidden here. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'PASSWORD_REFUSED' | 'WORD_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listSessions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Session'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  signIn: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          userName: string;
          password: string;
          /**
           * @description Of which kind
           * @enum {string}
           */
          device: 'web' | 'app' | 'pc';
          /** @description For the list of sessions; usually made of the user agent */
          deviceName?: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tokens'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description CREDENTIALS_WRONG: The user name or the password is wrong. SECOND_FACTOR_NEEDED: All was right so far, and the account has a second factor. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'CREDENTIALS_WRONG' | 'SECOND_FACTOR_NEEDED';
          };
        };
      };
      /** @description BANNED: The account is banned; `detail` has the reason. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BANNED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  endOtherSessions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  refreshSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          refreshToken: string;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tokens'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description SESSION_OVER: The refresh token is no good any more. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SESSION_OVER';
          };
        };
      };
      /** @description BANNED: The account is banned; `detail` has the reason. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BANNED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  signOut: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  resetPassword: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          token: string;
          newPassword: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description RESET_TOKEN_INVALID: The token for a new password is wrong, over, or used. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'RESET_TOKEN_INVALID';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description PASSWORD_REFUSED: The new password is too short, too long, or soon guessed. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'PASSWORD_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  deleteAccount: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password?: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description PASSWORD_WRONG: The password, or the old one, is wrong. SIGN_IN_AGAIN: The account has no password to show, and its user has not signed in just now. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'PASSWORD_WRONG' | 'SIGN_IN_AGAIN';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  changePassword: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          oldPassword: string;
          newPassword: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description PASSWORD_WRONG: The password, or the old one, is wrong. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'PASSWORD_WRONG';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description PASSWORD_REFUSED: The new password is too short, too long, or soon guessed. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'PASSWORD_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  showSecondFactor: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          ticket: string;
          /** @description Of the app, or a recovery code; each counts once */
          code: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tokens'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description SIGN_IN_OVER: The sign-in took too long, was used, or was begun in another browser; or the provider did not confirm it. CREDENTIALS_WRONG: The user name or the password is wrong. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SIGN_IN_OVER' | 'CREDENTIALS_WRONG';
          };
        };
      };
      /** @description SECOND_FACTOR_WRONG: The code is wrong, or was used before. BANNED: The account is banned; `detail` has the reason. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SECOND_FACTOR_WRONG' | 'BANNED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description SECOND_FACTOR_STATE: The second factor is on or off already, or its secret was asked for too long ago. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SECOND_FACTOR_STATE';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getSecondFactor: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Null: there is none */
            since: string | null;
            recoveryCodesLeft: number;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  beginSecondFactor: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password?: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description In base32, to be typed */
            secret: string;
            /** @description The same as `otpauth:`, for a picture or a link */
            address: string;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description PASSWORD_WRONG: The password, or the old one, is wrong. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'PASSWORD_WRONG' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description SECOND_FACTOR_STATE: The second factor is on or off already, or its secret was asked for too long ago. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SECOND_FACTOR_STATE';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  confirmSecondFactor: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Of the app, or a recovery code; each counts once */
          code: string;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryCodes'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description SECOND_FACTOR_WRONG: The code is wrong, or was used before. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SECOND_FACTOR_WRONG';
          };
        };
      };
      /** @description SECOND_FACTOR_STATE: The second factor is on or off already, or its secret was asked for too long ago. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SECOND_FACTOR_STATE';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  renewRecoveryCodes: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Of the app, or a recovery code; each counts once */
          code: string;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryCodes'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description SECOND_FACTOR_WRONG: The code is wrong, or was used before. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SECOND_FACTOR_WRONG';
          };
        };
      };
      /** @description SECOND_FACTOR_STATE: The second factor is on or off already, or its secret was asked for too long ago. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SECOND_FACTOR_STATE';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  removeSecondFactor: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Of the app, or a recovery code; each counts once */
          code: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description SECOND_FACTOR_WRONG: The code is wrong, or was used before. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SECOND_FACTOR_WRONG';
          };
        };
      };
      /** @description SECOND_FACTOR_STATE: The second factor is on or off already, or its secret was asked for too long ago. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SECOND_FACTOR_STATE';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  endSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the session */
        sessionId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  exchangeToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description A JWT: an access token or an ID token */
          token: string;
          /**
           * @description Of which kind
           * @enum {string}
           */
          device: 'web' | 'app' | 'pc';
          /** @description For the list of sessions; usually made of the user agent */
          deviceName?: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tokens'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description TOKEN_REFUSED: The token of another issuer is not signed by one that is known here, not meant for this platform, or over; `detail` says why. SECOND_FACTOR_NEEDED: All was right so far, and the account has a second factor. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOKEN_REFUSED' | 'SECOND_FACTOR_NEEDED';
          };
        };
      };
      /** @description SIGN_IN_REFUSED: Who the person is, is known; but they are not let in, or have no account here. BANNED: The account is banned; `detail` has the reason. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SIGN_IN_REFUSED' | 'BANNED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  beginSignIn: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description The id of one, as the operator named it */
          provider: string;
          /**
           * @description Of which kind
           * @enum {string}
           */
          device: 'web' | 'app' | 'pc';
          deviceName?: string;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            url: string;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  finishSignIn: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tokens'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description SIGN_IN_OVER: The sign-in took too long, was used, or was begun in another browser; or the provider did not confirm it. SECOND_FACTOR_NEEDED: All was right so far, and the account has a second factor. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SIGN_IN_OVER' | 'SECOND_FACTOR_NEEDED';
          };
        };
      };
      /** @description BANNED: The account is banned; `detail` has the reason. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BANNED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  hearOfLogout: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of one, as the operator named it */
        provider: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/x-www-form-urlencoded': {
          logout_token: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listIdentities: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Identity'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  beginLinking: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description The id of one, as the operator named it */
          provider: string;
          password?: string;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            url: string;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description PASSWORD_WRONG: The password, or the old one, is wrong. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'PASSWORD_WRONG';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  removeIdentity: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the link */
        identityId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description LAST_WAY_IN: Without it nobody could sign in to the account any more. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'LAST_WAY_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listConversations: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
        /** @description Those alone that are archived, or are not */
        archived?: 'true' | 'false';
        /** @description Those alone whose name has this in it, whatever its case, width and accents: of the other one, of the group, or your own for it */
        name?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConversationPage'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getConversation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Conversation'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  changeConversation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          isPinned?: boolean;
          isMuted?: boolean;
          isArchived?: boolean;
          isHidden?: boolean;
          isMarkedUnread?: boolean;
          draft?: string | null;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Conversation'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  sync: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description `cursor` of the last answer; absent: nothing is known, and all conversations come */
          cursor?: string;
          /** @description Conversations; 50 if it is not said */
          limit?: number;
          /** @description Of each conversation; 20 if it is not said */
          messages?: number;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Sync'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  countReads: {
    parameters: {
      query: {
        /** @description The first number */
        from: number;
        /** @description The last one; 200 of them at most */
        to: number;
      };
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ReadCount'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listReaders: {
    parameters: {
      query?: {
        /** @description false: those who have not */
        hasRead?: 'true' | 'false';
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
        /** @description Of the message */
        number: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Reader'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listMessages: {
    parameters: {
      query?: {
        /** @description Those before this number, the last of them */
        before?: number;
        /** @description Those after it, the first of them */
        after?: number;
        /** @description It in the middle */
        around?: number;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MessagePage'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  sendMessage: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          content:
            | {
                /** @constant */
                type: 'text';
                text: string;
                entities?: components['schemas']['Entity'][];
              }
            | {
                /** @constant */
                type: 'custom';
                name: string;
                /** @description What they make of it */
                data: {
                  [key: string]: unknown;
                };
                text: string;
              }
            | {
                /** @constant */
                type: 'image';
                url: string;
                thumbnail: string;
                width: number;
                height: number;
              }
            | {
                /** @constant */
                type: 'file';
                url: string;
                name: string;
                size: number;
                poster?: {
                  url: string;
                  width: number;
                  height: number;
                };
              }
            | {
                /** @constant */
                type: 'audio';
                url: string;
                durationS: number;
                /** @description How loud it is, in up to 64 parts */
                waveform?: number[];
              };
          /** @description In groups; beside those that are named in the text by `entities`. `everyone` counts when the owner says it. */
          mentions?: ('everyone' | string)[];
          /** @description The number of the message in this conversation that it answers */
          replyTo?: number;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. NOT_A_MEMBER: It is for members of the group, and the caller has left. MUTED: The caller may not write in the group now: muted, or no admin where only these write. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FRIENDS' | 'NOT_WANTED' | 'NOT_A_MEMBER' | 'MUTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'GROUP_CLOSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED' | 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  markRead: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Of the last message that was read */
          number: number;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  recallMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
        /** @description Of the message */
        number: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. NOT_A_MEMBER: It is for members of the group, and the caller has left. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED' | 'NOT_A_MEMBER';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_LATE: The message is too old: to be recalled older than five minutes, to be edited than the operator allows. Or it was scheduled, and its time has come. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_LATE';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  editMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
        /** @description Of the message */
        number: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          content: {
            /** @constant */
            type: 'text';
            text: string;
            entities?: components['schemas']['Entity'][];
          };
          /** @description In groups; beside those that are named in the text by `entities`. `everyone` counts when the owner says it. */
          mentions?: ('everyone' | string)[];
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. NOT_A_MEMBER: It is for members of the group, and the caller has left. MUTED: The caller may not write in the group now: muted, or no admin where only these write. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FRIENDS' | 'NOT_WANTED' | 'NOT_A_MEMBER' | 'MUTED' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. GROUP_CLOSED: The group was dissolved or banned. RECALLED: The message was recalled, and nothing can be done with it. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. TOO_LATE: The message is too old: to be recalled older than five minutes, to be edited than the operator allows. Or it was scheduled, and its time has come. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'GROUP_CLOSED' | 'RECALLED' | 'TOO_MANY' | 'TOO_LATE';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listEdits: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
        /** @description Of the message */
        number: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Edit'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  react: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
        /** @description Of the message */
        number: number;
        /** @description One emoji */
        emoji: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. NOT_A_MEMBER: It is for members of the group, and the caller has left. MUTED: The caller may not write in the group now: muted, or no admin where only these write. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FRIENDS' | 'NOT_WANTED' | 'NOT_A_MEMBER' | 'MUTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. GROUP_CLOSED: The group was dissolved or banned. RECALLED: The message was recalled, and nothing can be done with it. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'GROUP_CLOSED' | 'RECALLED' | 'TOO_MANY';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  takeReactionBack: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
        /** @description Of the message */
        number: number;
        /** @description One emoji */
        emoji: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. NOT_A_MEMBER: It is for members of the group, and the caller has left. MUTED: The caller may not write in the group now: muted, or no admin where only these write. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FRIENDS' | 'NOT_WANTED' | 'NOT_A_MEMBER' | 'MUTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. GROUP_CLOSED: The group was dissolved or banned. RECALLED: The message was recalled, and nothing can be done with it. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'GROUP_CLOSED' | 'RECALLED' | 'TOO_MANY';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listReactions: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
        /** @description One emoji */
        emoji?: string;
      };
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
        /** @description Of the message */
        number: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ReactionOf'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  pinMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
        /** @description Of the message */
        number: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FRIENDS' | 'NOT_WANTED' | 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. GROUP_CLOSED: The group was dissolved or banned. RECALLED: The message was recalled, and nothing can be done with it. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'GROUP_CLOSED' | 'RECALLED' | 'TOO_MANY';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  unpinMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
        /** @description Of the message */
        number: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FRIENDS' | 'NOT_WANTED' | 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. GROUP_CLOSED: The group was dissolved or banned. RECALLED: The message was recalled, and nothing can be done with it. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'GROUP_CLOSED' | 'RECALLED' | 'TOO_MANY';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listPins: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Message'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  deleteForMe: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          numbers: number[];
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  forwardMessages: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Of the messages; they keep their order */
          numbers: number[];
          /** @description Ids of the conversations that they go to */
          to: string[];
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description The new messages, of one conversation after the other */
            items: components['schemas']['Message'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. NOT_A_MEMBER: It is for members of the group, and the caller has left. MUTED: The caller may not write in the group now: muted, or no admin where only these write. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FRIENDS' | 'NOT_WANTED' | 'NOT_A_MEMBER' | 'MUTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. GROUP_CLOSED: The group was dissolved or banned. RECALLED: The message was recalled, and nothing can be done with it. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'GROUP_CLOSED' | 'RECALLED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED' | 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  scheduleMessage: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          content:
            | {
                /** @constant */
                type: 'text';
                text: string;
                entities?: components['schemas']['Entity'][];
              }
            | {
                /** @constant */
                type: 'custom';
                name: string;
                /** @description What they make of it */
                data: {
                  [key: string]: unknown;
                };
                text: string;
              }
            | {
                /** @constant */
                type: 'image';
                url: string;
                thumbnail: string;
                width: number;
                height: number;
              }
            | {
                /** @constant */
                type: 'file';
                url: string;
                name: string;
                size: number;
                poster?: {
                  url: string;
                  width: number;
                  height: number;
                };
              }
            | {
                /** @constant */
                type: 'audio';
                url: string;
                durationS: number;
                /** @description How loud it is, in up to 64 parts */
                waveform?: number[];
              };
          /** @description In groups; beside those that are named in the text by `entities`. `everyone` counts when the owner says it. */
          mentions?: ('everyone' | string)[];
          /** @description The number of the message in this conversation that it answers */
          replyTo?: number;
          /**
           * Format: date-time
           * @description When it is to be sent: a moment ahead, within 90 days, as RFC 3339 with `Z` or an offset
           */
          sendAt: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScheduledMessage'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. NOT_A_MEMBER: It is for members of the group, and the caller has left. MUTED: The caller may not write in the group now: muted, or no admin where only these write. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FRIENDS' | 'NOT_WANTED' | 'NOT_A_MEMBER' | 'MUTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. GROUP_CLOSED: The group was dissolved or banned. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'GROUP_CLOSED' | 'TOO_MANY';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listScheduledMessages: {
    parameters: {
      query?: {
        /** @description Those of one conversation alone */
        conversationId?: string;
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ScheduledMessage'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  cancelScheduledMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the scheduled message */
        scheduledId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_LATE: The message is too old: to be recalled older than five minutes, to be edited than the operator allows. Or it was scheduled, and its time has come. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_LATE';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  changeScheduledMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the scheduled message */
        scheduledId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          content?:
            | {
                /** @constant */
                type: 'text';
                text: string;
                entities?: components['schemas']['Entity'][];
              }
            | {
                /** @constant */
                type: 'custom';
                name: string;
                /** @description What they make of it */
                data: {
                  [key: string]: unknown;
                };
                text: string;
              }
            | {
                /** @constant */
                type: 'image';
                url: string;
                thumbnail: string;
                width: number;
                height: number;
              }
            | {
                /** @constant */
                type: 'file';
                url: string;
                name: string;
                size: number;
                poster?: {
                  url: string;
                  width: number;
                  height: number;
                };
              }
            | {
                /** @constant */
                type: 'audio';
                url: string;
                durationS: number;
                /** @description How loud it is, in up to 64 parts */
                waveform?: number[];
              };
          /** @description In groups; beside those that are named in the text by `entities`. `everyone` counts when the owner says it. */
          mentions?: ('everyone' | string)[];
          /** @description The number of the message in this conversation that it answers */
          replyTo?: number;
          /**
           * Format: date-time
           * @description When it is to be sent: a moment ahead, within 90 days, as RFC 3339 with `Z` or an offset
           */
          sendAt?: string;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScheduledMessage'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_LATE: The message is too old: to be recalled older than five minutes, to be edited than the operator allows. Or it was scheduled, and its time has come. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_LATE';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  sendScheduledMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the scheduled message */
        scheduledId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. BANNED: The account is banned; `detail` has the reason. NOT_A_MEMBER: It is for members of the group, and the caller has left. MUTED: The caller may not write in the group now: muted, or no admin where only these write. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FRIENDS' | 'NOT_WANTED' | 'BANNED' | 'NOT_A_MEMBER' | 'MUTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. GROUP_CLOSED: The group was dissolved or banned. TOO_LATE: The message is too old: to be recalled older than five minutes, to be edited than the operator allows. Or it was scheduled, and its time has come. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'GROUP_CLOSED' | 'TOO_LATE';
          };
        };
      };
      /** @description FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  searchMessages: {
    parameters: {
      query: {
        /** @description Words that a message has all of: of Chinese and the like any part of two characters or more; else the beginning of a word, and of one or two letters the word */
        query: string;
        /** @description Only in this one; absent: in all of mine */
        conversationId?: string;
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 20 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Message'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  previewLink: {
    parameters: {
      query: {
        url: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Null: there is nothing to show */
            preview: components['schemas']['LinkPreview'] | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getWallet: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description In the smallest unit, as cents */
            balance: number;
            /** @description Whether something can be paid in and out here */
            takesPayments: boolean;
            paymentMost: number;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listWalletEntries: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['WalletEntry'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  topUp: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description In the smallest unit, whole */
          amount: number;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Payment'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  payOut: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description In the smallest unit, whole */
          amount: number;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Payment'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BALANCE_TOO_LOW: There is less in the wallet than is to be given. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BALANCE_TOO_LOW';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getPayment: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the payment */
        paymentId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Payment'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  sendRedPacket: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description All of it, in the smallest unit */
          amount: number;
          /** @description In a conversation of two one */
          shares: number;
          /** @enum {string} */
          split: 'equal' | 'lucky';
          greeting: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RedPacket'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. NOT_A_MEMBER: It is for members of the group, and the caller has left. MUTED: The caller may not write in the group now: muted, or no admin where only these write. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FRIENDS' | 'NOT_WANTED' | 'NOT_A_MEMBER' | 'MUTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. GROUP_CLOSED: The group was dissolved or banned. BALANCE_TOO_LOW: There is less in the wallet than is to be given. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'GROUP_CLOSED' | 'BALANCE_TOO_LOW' | 'TOO_MANY';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. MESSAGE_REFUSED: Whoever runs the platform does not want this message; `detail` has their words. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED' | 'MESSAGE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getRedPacket: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the red packet */
        packetId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RedPacket'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  grabRedPacket: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the red packet */
        packetId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RedPacket'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description RED_PACKET_CLOSED: All shares of the red packet were taken, or its time is over. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'RED_PACKET_CLOSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listRedPacketGrabs: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the red packet */
        packetId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['RedPacketGrab'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listGroups: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Group'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  createGroup: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          notice?: string;
          /** @description An address that `POST /v1/files` answered */
          picture?: string;
          thumbnail?: string;
          myName?: string | '';
          myNameForIt?: string | '';
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Group'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED' | 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Group'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  dissolveGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  changeGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name?: string;
          notice?: string;
          /** @description An address that `POST /v1/files` answered */
          picture?: string;
          thumbnail?: string;
          myName?: string | '';
          myNameForIt?: string | '';
          isMuted?: boolean;
          /**
           * @description admins: they and the owner
           * @enum {string}
           */
          whoMayWrite?: 'members' | 'admins';
          /** @enum {string} */
          joining?: 'closed' | 'approval' | 'open';
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Group'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listMembers: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Member'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  inviteMembers: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          userIds: string[];
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_FRIENDS' | 'NOT_WANTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. GROUP_FULL: The group has as many members as it may. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED' | 'GROUP_FULL';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  removeMember: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
        /** @description Of the member, or `me` */
        userId: 'me' | string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description OWNER_CANNOT_LEAVE: The owner of a group cannot leave it. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'OWNER_CANNOT_LEAVE';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  transferGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description Of the new owner
           * @example 1
           */
          userId: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  appointAdmin: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
        /** @description Of the member */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  dismissAdmin: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
        /** @description Of the member */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  muteMember: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
        /** @description Of the member */
        userId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          minutes: number;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  unmuteMember: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
        /** @description Of the member */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listInvitations: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Invitation'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  createInvitation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Absent: it does not end */
          days?: number;
          /** @description Absent: as many as want */
          uses?: number;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Invitation'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  revokeInvitation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
        /** @description Of the link */
        code: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getInvitation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the link */
        code: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InvitingGroup'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  useInvitation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the link */
        code: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description To those who let people in */
          text?: string;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Of the group */
            groupId: string;
            /**
             * @description requested: the group is there when somebody has let you in
             * @enum {string}
             */
            outcome: 'joined' | 'requested';
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_FULL: The group has as many members as it may. GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_FULL' | 'GROUP_CLOSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listOwnJoinRequests: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              /** @description Of the group */
              groupId: string;
              groupName: string;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC
               */
              sentAt: string;
            }[];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  withdrawJoinRequest: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listJoinRequests: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['JoinRequest'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  acceptJoinRequest: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
        /** @description Of the user who asks */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. GROUP_FULL: The group has as many members as it may. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED' | 'GROUP_FULL';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  declineJoinRequest: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
        /** @description Of the user who asks */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getMe: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Me'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  changeMe: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          nickName?: string;
          signature?: string;
          /** @enum {string} */
          sex?: 'male' | 'female';
          /** @description An address that `POST /v1/files` answered */
          picture?: string;
          thumbnail?: string;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Me'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description WORD_REFUSED: A name has a word in it that is forbidden here. FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'WORD_REFUSED' | 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  findUsers: {
    parameters: {
      query: {
        name: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['User'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['User'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listFriends: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Friend'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  addFriend: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the friend */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Friend'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_WANTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. REQUEST_NEEDED: The other person does not ask to be friends, or no longer. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'REQUEST_NEEDED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  removeFriend: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the friend */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  changeFriend: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the friend */
        userId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          isMuted: boolean;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Friend'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  askToBeFriends: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description Whom
           * @example 5
           */
          userId: string;
          text?: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * @description friends: the other one asks as well, they were friends before, or nobody need ask here
             * @enum {string}
             */
            state: 'asked' | 'friends';
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_WANTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listReceivedRequests: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['FriendRequest'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listSentRequests: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['FriendRequest'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  declineRequest: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the other one */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  withdrawRequest: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the other one */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getPrivacy: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Privacy'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  changePrivacy: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          whoMayWrite?: 'everybody' | 'friends' | 'nobody';
          /** @enum {string} */
          whoMayCall?: 'everybody' | 'friends' | 'nobody';
          /** @enum {string} */
          whoMayAdd?: 'everybody' | 'friends' | 'nobody';
          /** @enum {string} */
          whoSeesPresence?: 'everybody' | 'friends' | 'nobody';
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Privacy'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listBlocks: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Block'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  blockUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  unblockUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getPresence: {
    parameters: {
      query: {
        /** @description Of users, at most 200 */
        ids: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Presence'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  sayTyping: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listReports: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Report'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  report: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json':
          | {
              /** @enum {string} */
              reason: 'spam' | 'abuse' | 'violence' | 'sexual' | 'fraud' | 'other';
              text?: string;
              /**
               * @description Of the conversation
               * @example private:1:2
               */
              conversationId: string;
              number: number;
            }
          | {
              /** @enum {string} */
              reason: 'spam' | 'abuse' | 'violence' | 'sexual' | 'fraud' | 'other';
              text?: string;
              /**
               * @description Of the user
               * @example 2
               */
              userId: string;
            };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Report'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getRetention: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Retention'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  setGroupRetention: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Null: as long as in others */
          days: number | null;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Retention'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_A_MEMBER: It is for members of the group, and the caller has left. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_A_MEMBER' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminGetRetention: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AdminRetention'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminSetRetention: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description What was said for this conversation; 0: for ever; null: nothing, so it is as its owner or the platform says */
          days?: number | null;
          /** @description Nothing of it is removed because of its age, whatever else is said, as long as this is so */
          isHeld?: boolean;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AdminRetention'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getMyStorage: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Storage'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  notifyPayment: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': string;
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOTICE_REFUSED: What came as the notice of a payment provider is not signed by it, or is of no payment. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOTICE_REFUSED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  uploadFile: {
    parameters: {
      query?: {
        /** @description Images lose their metadata, and get a thumbnail; for the drive a file stays as it is, and is put into one within a day */
        as?: 'file' | 'image' | 'drive';
        /** @description For ever, as a picture of a profile; others go after half a year */
        keep?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'multipart/form-data': {
          /** Format: binary */
          file: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json':
            | {
                /** @constant */
                type: 'image';
                url: string;
                thumbnail: string;
                width: number;
                height: number;
              }
            | {
                /** @constant */
                type: 'file';
                url: string;
                name: string;
                size: number;
              };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description STORAGE_FULL: There is no room for the file. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'STORAGE_FULL';
          };
        };
      };
      /** @description FILE_TOO_LARGE: The file is larger than may be (`detail` says how large), or than was said when its upload began. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'FILE_TOO_LARGE' | 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  beginUpload: {
    parameters: {
      query?: never;
      header: {
        /** @description The version of tus, https://tus.io/protocols/resumable-upload */
        'tus-resumable': '1.0.0';
        /** @description Of the whole file, in bytes */
        'upload-length': string;
        /** @description As tus has it, with values in Base64: `filename`; `as`, which is 'file', 'image' (images lose their metadata, and get a thumbnail) or 'drive' (kept as it is, to be put into a drive within a day); `keep`, which is 'true' for what is kept for ever. */
        'upload-metadata': string;
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Created */
      201: {
        headers: {
          /** @description Where the parts go */
          location?: string;
          /** @description How far it is, when it was begun before */
          'upload-offset'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description STORAGE_FULL: There is no room for the file. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'STORAGE_FULL' | 'TOO_MANY';
          };
        };
      };
      /** @description FILE_TOO_LARGE: The file is larger than may be (`detail` says how large), or than was said when its upload began. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'FILE_TOO_LARGE';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  giveUpUpload: {
    parameters: {
      query?: never;
      header: {
        /** @description The version of tus, https://tus.io/protocols/resumable-upload */
        'tus-resumable': '1.0.0';
      };
      path: {
        /** @description The end of the `Location` that beginning it has answered */
        uploadId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getUploadOffset: {
    parameters: {
      query?: never;
      header: {
        /** @description The version of tus, https://tus.io/protocols/resumable-upload */
        'tus-resumable': '1.0.0';
      };
      path: {
        /** @description The end of the `Location` that beginning it has answered */
        uploadId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          /** @description How many bytes have come */
          'upload-offset'?: string;
          /** @description How many it has */
          'upload-length'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  appendToUpload: {
    parameters: {
      query?: never;
      header: {
        /** @description The version of tus, https://tus.io/protocols/resumable-upload */
        'tus-resumable': '1.0.0';
        /** @description Where the body begins: as far as it is */
        'upload-offset': string;
      };
      path: {
        /** @description The end of the `Location` that beginning it has answered */
        uploadId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/offset+octet-stream': string;
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          /** @description How far it is now */
          'upload-offset'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description OFFSET_WRONG: The upload is not as far as the request takes it to be. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'OFFSET_WRONG' | 'TOO_MANY';
          };
        };
      };
      /** @description FILE_TOO_LARGE: The file is larger than may be (`detail` says how large), or than was said when its upload began. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'FILE_TOO_LARGE' | 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  finishUpload: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The end of the `Location` that beginning it has answered */
        uploadId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json':
            | {
                /** @constant */
                type: 'image';
                url: string;
                thumbnail: string;
                width: number;
                height: number;
              }
            | {
                /** @constant */
                type: 'file';
                url: string;
                name: string;
                size: number;
              };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description OFFSET_WRONG: The upload is not as far as the request takes it to be. STORAGE_FULL: There is no room for the file. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'OFFSET_WRONG' | 'STORAGE_FULL';
          };
        };
      };
      /** @description FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getDrive: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DriveNode'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getDriveNode: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Of the folder or file */
            id: string;
            /** @enum {string} */
            type: 'folder' | 'file';
            /** @description Empty: it is the drive itself */
            name: string;
            /** @description Null: what it is in is not shown to the caller */
            parentId: string | null;
            /** @description Of whoever has the drive */
            ownerId: string;
            /** @description Of whoever made it */
            creatorId: string;
            /**
             * @description What the caller may do with it
             * @enum {string}
             */
            level: 'view' | 'edit' | 'manage';
            /** @description Of the newest version; 0 of folders */
            size: number;
            /** @description The newest one; 0 of folders */
            version: number;
            /**
             * Format: date-time
             * @description RFC 3339, in UTC
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, in UTC
             */
            changedAt: string;
            /** @description Loads it, a folder as an archive; for some hours, and for as long as the caller may see it */
            url: string;
            /** @description Loads a small picture of it */
            thumbnail: string | null;
            /** @description What it is in, from above, as far as the caller may see it */
            path: {
              id: string;
              name: string;
            }[];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  trashDriveNode: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description DRIVE_STATE: It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'DRIVE_STATE';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  moveDriveNode: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description At most 255 bytes, without `/`, `\` and controls; names that differ in case only are the same
           * @example Plans
           */
          name?: string;
          /**
           * @description Of the folder that it goes to
           * @example 1
           */
          parentId?: string;
          /**
           * @description `rename`: it gets another name, as `Plans (2)`, if the name is taken
           * @default refuse
           * @enum {string}
           */
          ifTaken?: 'refuse' | 'rename';
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DriveNode'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description DRIVE_NAME_TAKEN: Something in the folder has that name, or one that differs in case only. DRIVE_STATE: It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'DRIVE_NAME_TAKEN' | 'DRIVE_STATE';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listDriveFolder: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 100 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['DriveNode'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description DRIVE_STATE: It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'DRIVE_STATE';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  makeDriveFolder: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description At most 255 bytes, without `/`, `\` and controls; names that differ in case only are the same
           * @example Plans
           */
          name: string;
          /**
           * @description `rename`: it gets another name, as `Plans (2)`, if the name is taken
           * @default refuse
           * @enum {string}
           */
          ifTaken?: 'refuse' | 'rename';
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DriveNode'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description DRIVE_NAME_TAKEN: Something in the folder has that name, or one that differs in case only. DRIVE_STATE: It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'DRIVE_NAME_TAKEN' | 'DRIVE_STATE' | 'TOO_MANY';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  putDriveFile: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description As an upload (`as=drive` is for that) or a message has it */
          url: string;
          /** @description A picture of it, uploaded as the file was: of a film, made by who uploads it */
          preview?: string;
          /**
           * @description At most 255 bytes, without `/`, `\` and controls; names that differ in case only are the same
           * @example Plans
           */
          name: string;
          /**
           * @description `version`: the file that has the name gets a new version
           * @default refuse
           * @enum {string}
           */
          ifTaken?: 'refuse' | 'rename' | 'version';
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DriveNode'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description DRIVE_NAME_TAKEN: Something in the folder has that name, or one that differs in case only. DRIVE_STATE: It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. STORAGE_FULL: There is no room for the file. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'DRIVE_NAME_TAKEN' | 'DRIVE_STATE' | 'TOO_MANY' | 'STORAGE_FULL';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED' | 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listDriveTrash: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 100 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['TrashedDriveNode'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  emptyDriveTrash: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  restoreDriveNode: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DriveNode'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description DRIVE_STATE: It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up. DRIVE_NAME_TAKEN: Something in the folder has that name, or one that differs in case only. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'DRIVE_STATE' | 'DRIVE_NAME_TAKEN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  removeDriveNode: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description DRIVE_STATE: It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'DRIVE_STATE';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listDriveVersions: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['DriveVersion'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  putDriveVersion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          url: string;
          /** @description A picture of it, uploaded as the file was: of a film, made by who uploads it */
          preview?: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DriveNode'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description DRIVE_STATE: It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up. STORAGE_FULL: There is no room for the file. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'DRIVE_STATE' | 'STORAGE_FULL';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  restoreDriveVersion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
        number: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DriveNode'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description DRIVE_STATE: It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up. STORAGE_FULL: There is no room for the file. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'DRIVE_STATE' | 'STORAGE_FULL';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  offerDriveFile: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            type: 'file';
            url: string;
            name: string;
            size: number;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description DRIVE_STATE: It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up. STORAGE_FULL: There is no room for the file. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'DRIVE_STATE' | 'STORAGE_FULL';
          };
        };
      };
      /** @description TAKEN_DOWN: The file was taken down by who runs the platform. */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TAKEN_DOWN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listDriveActivity: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['DriveActivity'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  watchDriveFolder: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  searchDrive: {
    parameters: {
      query: {
        query: string;
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['DriveNode'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listDriveShares: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['DriveShare'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  shareDriveNode: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description Of the friend
           * @example 2
           */
          userId?: string;
          /**
           * @description Of the group
           * @example 1
           */
          groupId?: string;
          /** @enum {string} */
          level: 'view' | 'edit' | 'manage';
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DriveShare'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_A_MEMBER: It is for members of the group, and the caller has left. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED' | 'NOT_FRIENDS' | 'NOT_A_MEMBER';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description DRIVE_STATE: It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'DRIVE_STATE' | 'TOO_MANY';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  linkDriveNode: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the folder or file */
        nodeId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password?: string;
          /**
           * Format: date-time
           * @description When it ends
           */
          endsAt?: string;
          /** @description As many at most */
          downloads?: number;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DriveShare'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description DRIVE_STATE: It cannot be done with that thing of a drive: it is in the trash or not, no folder or no file, the drive itself, in another drive, would be in itself, too deep or too large; or a link to it is over or used up. TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'DRIVE_STATE' | 'TOO_MANY';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  endDriveShare: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the share */
        shareId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listSharedDriveNodes: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['DriveNode'][];
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listIceServers: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              urls: string;
              username: string | null;
              credential: string | null;
            }[];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  beginCall: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Who is at the other end */
        userId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          mode: 'video' | 'voice';
          /** @description As `JSON.stringify` makes it of the offer */
          offer: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FRIENDS' | 'NOT_WANTED';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. BUSY: The other person is in another call. NOT_ONLINE: Nobody is there to take the call, or the device that calls is not connected. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'BUSY' | 'NOT_ONLINE';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  endCall: {
    parameters: {
      query?: {
        /** @description `no-answer`: the caller gives up, as nobody took it; `failed`: the two ends did not find each other */
        why?: 'over' | 'no-answer' | 'failed';
      };
      header?: never;
      path: {
        /** @description Who is at the other end */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description CALL_OVER: There is no such call, or no longer, or another device has taken it. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'CALL_OVER';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  answerCall: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Who is at the other end */
        userId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description As `JSON.stringify` makes it of the answer */
          answer: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description CALL_OVER: There is no such call, or no longer, or another device has taken it. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'CALL_OVER';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  signalInCall: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Who is at the other end */
        userId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description JSON */
          signal: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description CALL_OVER: There is no such call, or no longer, or another device has taken it. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'CALL_OVER';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  keepCall: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Who is at the other end */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  findUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user: the id here, `external:` and the id at your back end, or `name:` and the user name */
        user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ServerUser'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  putUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user: the id here, `external:` and the id at your back end, or `name:` and the user name */
        user: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Of who is new, usually what stands behind the colon */
          nickName?: string;
          signature?: string;
          /** @description An address here, or of a host in `--file-hosts` */
          picture?: string;
          thumbnail?: string;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Of the user */
            id: string;
            /** @description At the back end that made them */
            externalId: string | null;
            userName: string;
            nickName: string;
            signature: string;
            picture: string;
            thumbnail: string;
            isBanned: boolean;
            /** @description A program speaks as them */
            isBot: boolean;
            isNew: boolean;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description WORD_REFUSED: A name has a word in it that is forbidden here. FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'WORD_REFUSED' | 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  issueTokens: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user: the id here, `external:` and the id at your back end, or `name:` and the user name */
        user: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description Of which kind
           * @enum {string}
           */
          device: 'web' | 'app' | 'pc';
          /** @description For the list of sessions; usually the name of the key */
          deviceName?: string;
          /** @description When all of it ends, refreshed or not; 3600 if it is not said */
          lifetimeS?: number;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tokens'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. SECOND_FACTOR_NEEDED: All was right so far, and the account has a second factor. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID' | 'SECOND_FACTOR_NEEDED';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. BANNED: The account is banned; `detail` has the reason. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING' | 'NOT_ALLOWED' | 'BANNED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  pairUsers: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description The two */
          users: [string, string];
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Of the conversation */
            conversationId: string;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING' | 'NOT_WANTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  createGroupFor: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          /**
           * @description Of the user: the id here, `external:` and the id at your back end, or `name:` and the user name
           * @example external:customer-7
           */
          owner: string;
          members?: string[];
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Of the group */
            groupId: string;
            /** @description Of the conversation */
            conversationId: string;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_FULL: The group has as many members as it may. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_FULL';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  bringIntoGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          users: string[];
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. NOT_A_MEMBER: It is for members of the group, and the caller has left. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING' | 'NOT_A_MEMBER';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_FULL: The group has as many members as it may. GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_FULL' | 'GROUP_CLOSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  putOutOfGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
        /** @description Of the user: the id here, `external:` and the id at your back end, or `name:` and the user name */
        user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  putBot: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As a user is named */
        bot: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Of who is new, usually what stands behind the colon */
          nickName?: string;
          signature?: string;
          /** @description An address here, or of a host in `--file-hosts` */
          picture?: string;
          thumbnail?: string;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Of the user */
            id: string;
            /** @description At the back end that made them */
            externalId: string | null;
            userName: string;
            nickName: string;
            signature: string;
            picture: string;
            thumbnail: string;
            isBanned: boolean;
            /** @description A program speaks as them */
            isBot: boolean;
            isNew: boolean;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description WORD_REFUSED: A name has a word in it that is forbidden here. FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'WORD_REFUSED' | 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  sendMessageAsBot: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path: {
        /** @description As a user is named */
        bot: string;
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          content:
            | {
                /** @constant */
                type: 'text';
                text: string;
                entities?: components['schemas']['Entity'][];
              }
            | {
                /** @constant */
                type: 'custom';
                name: string;
                /** @description What they make of it */
                data: {
                  [key: string]: unknown;
                };
                text: string;
              }
            | {
                /** @constant */
                type: 'image';
                url: string;
                thumbnail: string;
                width: number;
                height: number;
              }
            | {
                /** @constant */
                type: 'file';
                url: string;
                name: string;
                size: number;
                poster?: {
                  url: string;
                  width: number;
                  height: number;
                };
              }
            | {
                /** @constant */
                type: 'audio';
                url: string;
                durationS: number;
                /** @description How loud it is, in up to 64 parts */
                waveform?: number[];
              };
          /** @description In groups; beside those that are named in the text by `entities`. `everyone` counts when the owner says it. */
          mentions?: ('everyone' | string)[];
          /** @description The number of the message that it answers */
          replyTo?: number;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. BANNED: The account is banned; `detail` has the reason. NOT_A_MEMBER: It is for members of the group, and the caller has left. MUTED: The caller may not write in the group now: muted, or no admin where only these write. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING' | 'NOT_FRIENDS' | 'NOT_WANTED' | 'BANNED' | 'NOT_A_MEMBER' | 'MUTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'GROUP_CLOSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED' | 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  sendMessageAs: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          content:
            | {
                /** @constant */
                type: 'text';
                text: string;
                entities?: components['schemas']['Entity'][];
              }
            | {
                /** @constant */
                type: 'custom';
                name: string;
                /** @description What they make of it */
                data: {
                  [key: string]: unknown;
                };
                text: string;
              }
            | {
                /** @constant */
                type: 'image';
                url: string;
                thumbnail: string;
                width: number;
                height: number;
              }
            | {
                /** @constant */
                type: 'file';
                url: string;
                name: string;
                size: number;
                poster?: {
                  url: string;
                  width: number;
                  height: number;
                };
              }
            | {
                /** @constant */
                type: 'audio';
                url: string;
                durationS: number;
                /** @description How loud it is, in up to 64 parts */
                waveform?: number[];
              };
          /** @description In groups; beside those that are named in the text by `entities`. `everyone` counts when the owner says it. */
          mentions?: ('everyone' | string)[];
          /** @description The number of the message that it answers */
          replyTo?: number;
          /**
           * @description As whom
           * @example external:customer-7
           */
          from: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. NOT_FRIENDS: It is for friends, and these are none, or no longer. NOT_WANTED: The other person has blocked the caller, or takes that from fewer people. BANNED: The account is banned; `detail` has the reason. NOT_A_MEMBER: It is for members of the group, and the caller has left. MUTED: The caller may not write in the group now: muted, or no admin where only these write. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING' | 'NOT_FRIENDS' | 'NOT_WANTED' | 'BANNED' | 'NOT_A_MEMBER' | 'MUTED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BLOCKED_BY_YOU: The caller has blocked the other person. GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BLOCKED_BY_YOU' | 'GROUP_CLOSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED' | 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  tellUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path: {
        /** @description Of the user: the id here, `external:` and the id at your back end, or `name:` and the user name */
        user: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          text: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PlacedNotice'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  tellGroup: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          text: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PlacedNotice'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
        /** @description Of the message */
        number: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Delivery'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listReadersFor: {
    parameters: {
      query?: {
        /** @description false: those who have not */
        hasRead?: 'true' | 'false';
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
        /** @description Of the message */
        number: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ServerReader'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  importHistory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          messages: {
            /** @description At your back end; the same one of its sender is stored once */
            id: string;
            /**
             * @description Of the user: the id here, `external:` and the id at your back end, or `name:` and the user name
             * @example external:customer-7
             */
            from: string;
            /**
             * Format: date-time
             * @description RFC 3339
             */
            sentAt: string;
            content:
              | {
                  /** @constant */
                  type: 'text';
                  text: string;
                  entities?: components['schemas']['Entity'][];
                }
              | {
                  /** @constant */
                  type: 'custom';
                  name: string;
                  /** @description What they make of it */
                  data: {
                    [key: string]: unknown;
                  };
                  text: string;
                }
              | {
                  /** @constant */
                  type: 'image';
                  url: string;
                  thumbnail: string;
                  width: number;
                  height: number;
                }
              | {
                  /** @constant */
                  type: 'file';
                  url: string;
                  name: string;
                  size: number;
                  poster?: {
                    url: string;
                    width: number;
                    height: number;
                  };
                }
              | {
                  /** @constant */
                  type: 'audio';
                  url: string;
                  durationS: number;
                  /** @description How loud it is, in up to 64 parts */
                  waveform?: number[];
                };
          }[];
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description How many are new */
            stored: number;
            /** @description How many were here before */
            repeated: number;
            /** @description Of the last message of the conversation */
            lastNumber: number;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. NOT_A_MEMBER: It is for members of the group, and the caller has left. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING' | 'NOT_A_MEMBER';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description GROUP_CLOSED: The group was dissolved or banned. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'GROUP_CLOSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description FILE_REFUSED: No file, a picture of no known kind, an infected file, or a file not of this platform, or one of others that was not shown to the caller lately. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'FILE_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listWebhooks: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Webhook'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  createWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Where events are posted to */
          url: string;
          /** @description Of what it is told */
          events: (
            | 'message.created'
            | 'message.edited'
            | 'message.recalled'
            | 'conversation.read'
            | 'group.created'
            | 'group.joined'
            | 'group.left'
            | 'group.dissolved'
            | 'user.signed_in'
            | 'report.created'
            | 'file.uploaded'
            | 'user.erased'
          )[];
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            id: string;
            /** @description Signs; shown this once */
            secret: string;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description TOO_MANY: There are as many as there may be: reactions or edits of a message, pinned messages of a conversation, unfinished uploads, webhooks, scheduled messages, things in a drive. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  deleteWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the webhook, or the name of a sink of the options */
        webhookId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  changeWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the webhook, or the name of a sink of the options */
        webhookId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Where events are posted to */
          url?: string;
          /** @description Of what it is told */
          events?: (
            | 'message.created'
            | 'message.edited'
            | 'message.recalled'
            | 'conversation.read'
            | 'group.created'
            | 'group.joined'
            | 'group.left'
            | 'group.dissolved'
            | 'user.signed_in'
            | 'report.created'
            | 'file.uploaded'
            | 'user.erased'
          )[];
          isOn?: boolean;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhook'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  rotateWebhookSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the webhook, or the name of a sink of the options */
        webhookId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          graceHours: number;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Signs; shown this once */
            secret: string;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listDeadLetters: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the webhook, or the name of a sink of the options */
        webhookId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['DeadLetter'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  replayEvents: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the webhook, or the name of a sink of the options */
        webhookId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json':
          | {
              /** @constant */
              what: 'dead';
            }
          | {
              /** @constant */
              what: 'since';
              position: number;
            }
          | {
              /** @constant */
              what: 'after';
              /** Format: date-time */
              time: string;
            };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description How many */
            events: number;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListGroups: {
    parameters: {
      query?: {
        /** @description How the name begins, as it is written; or an id */
        prefix?: string;
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['AdminGroup'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminGetGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AdminGroup'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListMembers: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['AdminMember'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminBanGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminUnbanGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the group */
        groupId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListReports: {
    parameters: {
      query?: {
        /** @description open if it is not said */
        state?: 'open' | 'closed';
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['AdminReport'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminCloseReport: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the report */
        reportId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          state: 'open' | 'closed';
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListWords: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 200 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ForbiddenWord'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminForbidWords: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          words: string[];
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminTestWords: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          text: string;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            masked: string;
            /** @description What is looked at: letters and digits alone, without case, width, fonts and accents */
            folded: string;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminAllowWord: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the word */
        wordId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListAudit: {
    parameters: {
      query?: {
        /** @description Of who did it */
        actorId?: string;
        /** @description Which route */
        action?: string;
        /** @description What it was done to */
        subject?: string;
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Deed'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminExportAudit: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': unknown;
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListUsers: {
    parameters: {
      query?: {
        /** @description How the name begins, as it is written; or an id */
        prefix?: string;
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['AdminUser'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminGetUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AdminUser'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminDeleteUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminBanUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: string;
          /**
           * Format: date-time
           * @description When it ends by itself; absent: it does not
           * @example 2099-01-01T00:00:00Z
           */
          until?: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminUnbanUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListSessions: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['AdminSession'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminEndSessions: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminRemoveSecondFactor: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description SECOND_FACTOR_STATE: The second factor is on or off already, or its secret was asked for too long ago. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SECOND_FACTOR_STATE';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminResetPassword: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            token: string;
            /**
             * Format: date-time
             * @description RFC 3339, in UTC
             */
            expiresAt: string;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminFindMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the message */
        messageId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description One; of messages that were imported from box-im two may have one id */
            items: components['schemas']['MessageStory'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminGetMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the conversation */
        conversationId: string;
        /** @description Of the message */
        number: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MessageStory'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListFiles: {
    parameters: {
      query?: {
        /** @description Of who uploaded it */
        userId?: string;
        /** @description How the name begins, as it is written; or an id */
        prefix?: string;
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['AdminFile'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListFileUses: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['FileUse'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminGetStorage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AdminStorage'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminLimitStorage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Null: as much as everybody */
          megabytes: number | null;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminTakeDownFile: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the file */
        fileId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: string;
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListServers: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['PushServer'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListLimitHits: {
    parameters: {
      query?: {
        /** @description How many at most; 100 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * Format: date-time
             * @description When this instance began to count; it keeps the newest 1,000
             */
            since: string;
            items: components['schemas']['LimitHit'][];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListBroadcasts: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Broadcast'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminBroadcast: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          text: string;
          /**
           * @description `all`: everybody, who is away finds it when they come. `online`: only those who are connected when it is their turn
           * @enum {string}
           */
          audience: 'all' | 'online';
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Broadcast'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getNotifications: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Notifications'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  changeNotifications: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          preview?: boolean;
          quietHours?: {
            /** @description By the clock of the time zone */
            from: string;
            /** @description By the clock of the time zone */
            to: string;
            timeZone: string;
          } | null;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Notifications'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  registerForPush: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description One of those that `getNotifications` has */
          channel: string;
          /** @description Of `web` the endpoint of the subscription, otherwise the token of the device */
          address: string;
          /** @description Of `web`: the `keys` of the subscription */
          secrets?: {
            p256dh: string;
            auth: string;
          };
          /**
           * @description Of what the platform itself says in notifications
           * @enum {string}
           */
          language: 'zh' | 'en';
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  unregisterForPush: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  exportMe: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': unknown;
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminExportUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': unknown;
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  exportUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user: the id here, `external:` and the id at your back end, or `name:` and the user name */
        user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': unknown;
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListCampaigns: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 20 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Campaign'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminCreateCampaign: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name of this request: asked again with the same one, it is done once. */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          segment: components['schemas']['Segment'];
          variants: {
            name: string;
            /** @description Of a hundred */
            share: number;
            /** @description By language. `{{nickName}}`, `{{userName}}` and `{{attribute|for those who have none}}` are filled in */
            texts: {
              [key: string]: {
                title: string;
                body: string;
              };
            };
          }[];
          /** @description Of those who understand none of the others */
          language: string;
          /** @description Absent: as soon as it is started */
          schedule?:
            | {
                /**
                 * Format: date-time
                 * @description For all at once
                 */
                at: string;
              }
            | {
                /** Format: date */
                localDate: string;
                /** @description When the clock of each receiver shows it */
                localTime: string;
              };
          /** @description Of those whose own is not known; UTC if it is not said */
          timeZone?: string;
          /** @description By the clock of each receiver. Whoever is due between them is skipped */
          quietHours?: {
            from: string;
            to: string;
          };
          /** @description Whoever was told of so many other campaigns within the days is skipped */
          cap?: {
            times: number;
            days: number;
          };
          ratePerSecond?: number;
          /**
           * Format: uri
           * @description Where it leads
           */
          url?: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description IDEMPOTENCY_KEY_REUSED: The `Idempotency-Key` was used before, for something else. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'IDEMPOTENCY_KEY_REUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminCountAudience: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          segment: components['schemas']['Segment'];
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description How many it would be for now */
            users: number;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminGetCampaign: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the campaign */
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminTestCampaign: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the campaign */
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          userIds: string[];
          variant?: number;
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            results: {
              userId: string;
              state: string;
              reason: string;
            }[];
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminOrderCampaign: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the campaign */
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          order: 'start' | 'pause' | 'resume' | 'stop';
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description CAMPAIGN_STATE: What was ordered cannot be done with the campaign as it stands: only a draft is started, and what was stopped or is done stays so. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'CAMPAIGN_STATE';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListUserLists: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 20 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['UserList'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminCreateUserList: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserList'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminAddToUserList: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the list */
        listId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          userIds: string[];
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  listAttributes: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user: the id here, `external:` and the id at your back end, or `name:` and the user name */
        user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            attributes: {
              [key: string]: string;
            };
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  changeAttributes: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user: the id here, `external:` and the id at your back end, or `name:` and the user name */
        user: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description An empty one is a tag; null takes it away. `language` and `timeZone` say how somebody is told, and when */
          attributes: {
            [key: string]: (string | '') | null;
          };
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            attributes: {
              [key: string]: string;
            };
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  changeAttributesOfMany: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          users: {
            /**
             * @description Of the user
             * @example 1
             */
            userId: string;
            /** @description An empty one is a tag; null takes it away. `language` and `timeZone` say how somebody is told, and when */
            attributes: {
              [key: string]: (string | '') | null;
            };
          }[];
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  createUserList: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserList'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  addToUserList: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the list */
        listId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          userIds: string[];
        };
      };
    };
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  createCampaign: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          segment: components['schemas']['Segment'];
          variants: {
            name: string;
            /** @description Of a hundred */
            share: number;
            /** @description By language. `{{nickName}}`, `{{userName}}` and `{{attribute|for those who have none}}` are filled in */
            texts: {
              [key: string]: {
                title: string;
                body: string;
              };
            };
          }[];
          /** @description Of those who understand none of the others */
          language: string;
          /** @description Absent: as soon as it is started */
          schedule?:
            | {
                /**
                 * Format: date-time
                 * @description For all at once
                 */
                at: string;
              }
            | {
                /** Format: date */
                localDate: string;
                /** @description When the clock of each receiver shows it */
                localTime: string;
              };
          /** @description Of those whose own is not known; UTC if it is not said */
          timeZone?: string;
          /** @description By the clock of each receiver. Whoever is due between them is skipped */
          quietHours?: {
            from: string;
            to: string;
          };
          /** @description Whoever was told of so many other campaigns within the days is skipped */
          cap?: {
            times: number;
            days: number;
          };
          ratePerSecond?: number;
          /**
           * Format: uri
           * @description Where it leads
           */
          url?: string;
        };
      };
    };
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getCampaign: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the campaign */
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  orderCampaign: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the campaign */
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          order: 'start' | 'pause' | 'resume' | 'stop';
        };
      };
    };
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT' | 'BODY_REFUSED';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description CAMPAIGN_STATE: What was ordered cannot be done with the campaign as it stands: only a draft is started, and what was stopped or is done stays so. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'CAMPAIGN_STATE';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description BODY_REFUSED: The body is no JSON, too large (413), or of another type (415). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'BODY_REFUSED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  openCampaign: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the campaign */
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminEraseUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Erasure'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminListErasures: {
    parameters: {
      query?: {
        /** @description Whose */
        userId?: string;
        /** @description `nextCursor` of the page before; absent: the first page */
        cursor?: string;
        /** @description How many at most; 50 if it is not said */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ListedErasure'][];
            /** @description For the next page; null: this is the last one */
            nextCursor: string | null;
          };
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  adminGetErasure: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the erasure */
        erasureId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Erasure'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description NOT_SIGNED_IN: There is no access token, or its session or its own time is over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_SIGNED_IN';
          };
        };
      };
      /** @description NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  eraseUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the user: the id here, `external:` and the id at your back end, or `name:` and the user name */
        user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Erasure'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. NOT_ALLOWED: It is for somebody else: the owner of the group, the sender of the message. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING' | 'NOT_ALLOWED';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
  getErasure: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Of the erasure */
        erasureId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Erasure'];
        };
      };
      /** @description INVALID_ARGUMENT: A value is missing, unknown, of the wrong kind, or too long. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INVALID_ARGUMENT';
          };
        };
      };
      /** @description KEY_INVALID: There is no key of a back end, or it is wrong, revoked, or over. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'KEY_INVALID';
          };
        };
      };
      /** @description SCOPE_MISSING: The key of the back end is not good for this; `detail` names the scope that it lacks. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'SCOPE_MISSING';
          };
        };
      };
      /** @description NOT_FOUND: There is no such path or thing, or none that the caller may know of. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'NOT_FOUND';
          };
        };
      };
      /** @description TOO_MANY_REQUESTS: More than may be in this time. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'TOO_MANY_REQUESTS';
          };
        };
      };
      /** @description INTERNAL: A fault of the platform itself. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'INTERNAL';
          };
        };
      };
      /** @description UNAVAILABLE: The database or the bus is away, or there is too much to do. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            code?: 'UNAVAILABLE';
          };
        };
      };
    };
  };
}
