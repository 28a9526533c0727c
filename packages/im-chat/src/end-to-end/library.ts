import type * as Library from '@matrix-org/matrix-sdk-crypto-wasm';

export type Crypto = typeof Library;
export type {
  OlmMachine,
  OtherUserIdentity,
  Sas,
  ShieldColor,
  UserId,
  VerificationRequest,
} from '@matrix-org/matrix-sdk-crypto-wasm';

let loading: Promise<Crypto> | undefined;

/** Some megabytes: loaded by those who have set encryption up, and when they need it. */
export function loadCrypto(): Promise<Crypto> {
  loading ??= import('@matrix-org/matrix-sdk-crypto-wasm')
    .then(async (library) => {
      await library.initAsync();
      return library;
    })
    .catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
  return loading;
}
