import {RandomPseudonyms} from 'limpid/store';

/** Stand-ins for secrets: HMACs, where the page may use WebCrypto. */
export class Pseudonyms {
  readonly #key: () => Promise<Uint8Array<ArrayBuffer>>;
  #imported: Promise<CryptoKey> | undefined;
  /** On plain-http pages, for as long as this tab lives. */
  readonly #random = new RandomPseudonyms();

  /** `key` is what all tabs share. */
  constructor(key: () => Promise<Uint8Array<ArrayBuffer>>) {
    this.#key = key;
  }

  async of(secret: string): Promise<string> {
    const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
    if (subtle === undefined) return this.#random.of(secret);
    this.#imported ??= this.#import(subtle);
    try {
      const text = new TextEncoder().encode(JSON.stringify(secret));
      const bytes = new Uint8Array(await subtle.sign('HMAC', await this.#imported, text));
      return `~${Array.from(bytes.subarray(0, 16), byte => byte.toString(16).padStart(2, '0')).join('')}`;
    } catch (error) {
      this.#imported = undefined;
      throw error;
    }
  }

  async #import(subtle: SubtleCrypto): Promise<CryptoKey> {
    return subtle.importKey('raw', await this.#key(), {name: 'HMAC', hash: 'SHA-256'}, false, ['sign']);
  }
}
