const sensitiveFields: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'x-access-token',
  'x-amz-security-token',
  'x-api-key',
  'x-auth-token',
  'x-csrf-token',
  'x-goog-api-key',
  'x-session-id',
  'x-session-token',
  'x-xsrf-token',
]);

/**
 * The request field of this lower-case name holds a secret, so its value never stands in a key.
 *
 * @see RFC 9111 §7.3
 */
export const isSensitiveField = (name: string, credentialFields: readonly string[]): boolean =>
  sensitiveFields.has(name) || credentialFields.includes(name);
