// What one person may leave here. The platform cannot see what it is, so it sees to how much it is.

export const mostDevices = 10;
export const mostOneTimeKeys = 100;
/** Of a device, cut. */
export const longestName = 64;
/** In one request. */
export const mostUsers = 200;
export const mostAddressed = 250;
/** A sender may have so many messages waiting for one device: enough for months of new keys, and nobody fills it for all others. */
export const mostWaitingOfSender = 200;
export const mostWaiting = 5_000;
/** Each of them has to hand the keys of its messages to all others. */
export const mostMembers = 100;
/** Of one person by one person: of each device, and of the keys that sign them, with some of devices that are gone. */
export const mostSignatures = 50;
export const mostBackedUp = 50_000;
export const longestDeviceKeys = 8_192;
export const longestKey = 1_024;
export const longestMessage = 16_384;
export const longestSignatures = 4_096;
export const longestSession = 4_096;
export const longestSecrets = 8_192;
