/** Why something is aborted that goes on another time: the page goes, or who was signed in. */
export const leaving: unique symbol = Symbol('leaving');
