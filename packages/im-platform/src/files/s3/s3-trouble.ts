import type { S3Place } from './s3-place.ts';

/** What went wrong with S3, for whoever runs the platform. */
export interface S3Trouble {
  /** What, and what to do about it. */
  readonly text: string;
  /** Of the options, the policy or the keys: it stays until somebody corrects it. */
  readonly isMistake: boolean;
}

const unreachable =
  /^(ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|TimeoutError|AbortError)$/;
const refusedKeys =
  /^(InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|AuthorizationQueryParametersError)$/;

/** By what the SDK throws, which is whatever came up in it. */
export function troubleOf(error: unknown, { bucket, endpoint, region }: S3Place): S3Trouble {
  const { name = '', code = '', message = '', $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode ?? 0;
  const where = endpoint ?? `S3 in ${region}`;
  const word = [code, name].find((text) => text !== '' && text !== 'Error') ?? message;
  if (unreachable.test(code) || unreachable.test(name))
    return away(`${where} does not answer (${word}). Is --s3-endpoint right, and the network up?`);
  if (status >= 500 || status === 429)
    return away(`${where} answers ${status} (${word}); look at how it is there.`);
  if (name === 'RequestTimeTooSkewed') return mistake('The clock of this machine is wrong; set it by NTP.');
  if (name === 'CredentialsProviderError')
    return mistake(
      `There are no credentials for ${where}. Say --s3-access-key-id and --s3-secret-access-key-file, or have them where the AWS SDK looks: AWS_ACCESS_KEY_ID, a profile, the role of the machine.`,
    );
  if (refusedKeys.test(name))
    return mistake(`${where} refuses the credentials (${name}). Correct --s3-access-key-id and its secret.`);
  if (status === 301 || name === 'PermanentRedirect' || name === 'AuthorizationHeaderMalformed')
    return mistake(`The bucket ${bucket} is in another region than ${region}. Correct --s3-region.`);
  if (status === 403)
    return mistake(
      `${where} denies access to the bucket ${bucket}. Whose keys these are must be allowed s3:ListBucket of it, and s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload of what is in it.`,
    );
  if (name === 'NoSuchKey') return away(`A file has gone from the bucket ${bucket} meanwhile.`);
  if (status === 404)
    return mistake(
      `There is no bucket ${bucket} at ${where}. Make it, or correct --s3-bucket; servers that know no buckets as hosts need --s3-path-style.`,
    );
  return mistake(`${where} answers as no S3 does (${word}: ${status}). Is --s3-endpoint right?`);
}

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The status of the answer that an error is of; 0: of none. */
export function statusOf(error: unknown): number {
  return (error as SdkError).$metadata?.httpStatusCode ?? 0;
}

function away(text: string): S3Trouble {
  return { text, isMistake: false };
}

function mistake(text: string): S3Trouble {
  return { text, isMistake: true };
}
