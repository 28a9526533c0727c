/** What a broker needs is not on this machine. */
export class NotHere extends Error {}
