/** What a backend does with one of the contenders' clients. */
export interface Backend {
  /** One message for this user. Resolves when a backend that cares would go on. */
  toOne(user: number): Promise<unknown>;
  /** One message for all of the users 1 to `users`. */
  toAll(users: number): Promise<unknown>;
  /** Resolves when all that was sent has been taken. */
  flush(): Promise<unknown>;
}

export const sent: Promise<void> = Promise.resolve();
