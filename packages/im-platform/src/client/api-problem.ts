/** What `/v1` answers when it does not do what was asked (RFC 9457). */
export interface Problem {
  readonly status: number;
  readonly title: string;
  /** Of which kind it is; docs/errors.md has them all. */
  readonly code: string;
  /** For the user, in their language. */
  readonly detail: string;
  /** For whoever wrote the program. */
  readonly cure: string;
  readonly retryable: boolean;
  /** Of SECOND_FACTOR_NEEDED: what is sent together with the code. */
  readonly ticket?: string;
  readonly errors?: readonly { readonly where: string; readonly problem: string }[];
}

/** A problem as an error, for those who like `try` and `catch`. */
export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'ApiProblem';
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** The data of a call that went well; throws an ApiProblem for one that did not. */
export async function unwrap<Data>(
  call: Promise<{ readonly data?: Data; readonly error?: unknown; readonly response: Response }>,
): Promise<Data> {
  const { data, error, response } = await call;
  if (response.ok) return data as Data;
  throw new ApiProblem(isProblem(error) ? error : notOfApi(response));
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'code' in error && 'detail' in error;
}

/** A proxy between may answer as well. */
function notOfApi({ status, statusText }: Response): Problem {
  return {
    ...{
      status,
      title: statusText,
      code: 'NOT_OF_API',
      detail: `Something answered ${status} that is not the platform.`,
    },
    ...{ cure: 'Look at the address, and at what stands between.', retryable: status >= 500 },
  };
}
