import type {DatabaseSync, StatementSync} from 'node:sqlite';

/** A connection to a file, which prepares each statement once: preparing takes longer than most statements. */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  get isInTransaction(): boolean {
    return this.#database.isOpen && this.#database.isTransaction;
  }

  /** The statement of this text, which must be one of few: values are bound, never written into it. */
  prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#database.prepare(sql);
    this.#prepared.set(sql, prepared);
    return prepared;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  begin(): void {
    this.prepare('BEGIN IMMEDIATE').run();
  }

  commit(): void {
    this.prepare('COMMIT').run();
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
