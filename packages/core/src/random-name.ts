/** Bytes as text, two hexadecimal digits for each. */
export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

/** 128 random bits as text. Works on plain-http pages too, where `crypto.randomUUID` is missing. */
export const randomName = (): string => hexOf(crypto.getRandomValues(new Uint8Array(16)));
