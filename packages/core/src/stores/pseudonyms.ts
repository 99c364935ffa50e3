import QuickLRU from 'quick-lru';
import {hexOf, randomName} from '../random-name.ts';

/** A user's requests have one or two: enough for 10 000 users, or for 5000 with tokens of 1500 characters. */
const maxSecrets = 40_000;
const maxSecretLength = 16 * 1024 * 1024;

const randomId = (): string => `~${randomName()}`;

/** The stand-in that the HMAC of a secret makes: the same for all who have the key. */
export const pseudonymOf = (hmac: Uint8Array): string => `~${hexOf(hmac.subarray(0, 16))}`;

const pseudonymForm = /~[0-9a-f]{32}/;

/** Whether a text has the form of the stand-ins that our stores give. */
export const isPseudonym = (text: string): boolean => pseudonymForm.exec(text)?.[0] === text;

/** Whether a partition's name was derived from credentials rather than given by somebody. */
export const isDerived = (partition: string): boolean => pseudonymForm.test(partition);

/** What the text for all visible credentials together begins with. */
export const credentialsPrefix = 'credentials ';

/** Bounded in number and in length: a secret that fell out is given a new id. */
class Names {
  // Holds up to twice its `maxSize`.
  readonly #ids = new QuickLRU<string, string>({
    maxSize: maxSecrets / 2,
    onEviction: secret => {
      this.#length -= secret.length;
    },
  });
  #length = 0;
  #closed = false;

  of(secret: string): string {
    const known = this.#ids.get(secret);
    if (known !== undefined) return known;
    const id = randomId();
    if (this.#closed || secret.length > maxSecretLength / 8) return id;
    if (this.#length + secret.length > maxSecretLength) this.#shrink();
    this.#length += secret.length;
    this.#ids.set(secret, id);
    return id;
  }

  close(): void {
    this.#closed = true;
    this.#ids.clear();
    this.#length = 0;
  }

  /** Down to half, so that the next many secrets need no walk. */
  #shrink(): void {
    for (const [secret] of this.#ids.entriesAscending()) {
      if (this.#length <= maxSecretLength / 2) return;
      if (this.#ids.delete(secret)) this.#length -= secret.length;
    }
  }
}

/**
 * Random stand-ins for secrets, for as long as this process needs them.
 *
 * Bounded: what was stored under an id that is forgotten is not found again. Credentials have room of their own, so that
 * neither content nor signed URLs make anybody a stranger.
 */
export class Pseudonyms {
  readonly #credentials = new Names();
  readonly #others = new Names();

  of(secret: string): string {
    return (secret.startsWith(credentialsPrefix) ? this.#credentials : this.#others).of(secret);
  }

  /** Forgets every secret and keeps none from now on. */
  close(): void {
    this.#credentials.close();
    this.#others.close();
  }
}
