/** What is wrong with a token. The message never repeats the token or a claim of it. */
export class TokenError extends Error {
  override readonly name: string = 'TokenError';
}

export class TokenMissing extends TokenError {
  override readonly name = 'TokenMissing';
  constructor() {
    super('No bearer token was given.');
  }
}

export class TokenInvalid extends TokenError {
  override readonly name = 'TokenInvalid';
}

export class TokenExpired extends TokenError {
  override readonly name = 'TokenExpired';
  constructor() {
    super('The token has expired.');
  }
}

/** The caller may be right: the issuer's keys could not be read, so nobody knows. Worth a retry. */
export class TokenKeysUnavailable extends TokenError {
  override readonly name = 'TokenKeysUnavailable';
  constructor(options?: ErrorOptions) {
    super("The token issuer's keys cannot be read at the moment.", options);
  }
}
