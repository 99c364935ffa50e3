import type {DatabaseSync} from 'node:sqlite';

/** Marks our files among all SQLite files: "LMPD". */
export const applicationId = 0x4c4d5044;

/** What this version of the package writes. Files of an earlier one are brought up to it, of a later one refused. */
export const schemaVersion = 3;

/** Longer bodies leave the row, in chunks of this size. */
export const inlineBytes: number = 256 * 1024;

/**
 * Names are compared, and read back to be compared elsewhere: what a response is stands in its record. Bodies up to
 * `inlineBytes` stand in their row, longer ones in `chunks`.
 *
 * A rowid table with unique keys reads bodies three times faster than one without rowid.
 */
const firstSchema = `
  CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    tick INTEGER NOT NULL,
    cleared INTEGER NOT NULL DEFAULT 0,
    expired INTEGER NOT NULL DEFAULT 0,
    floor INTEGER NOT NULL,
    through INTEGER NOT NULL DEFAULT 0,
    waits INTEGER NOT NULL,
    count INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    cost INTEGER NOT NULL DEFAULT 0,
    secret BLOB NOT NULL
  );

  CREATE TABLE responses (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    resource TEXT NOT NULL,
    key TEXT NOT NULL,
    url TEXT NOT NULL,
    origin TEXT NOT NULL,
    partition TEXT NOT NULL,
    derived INTEGER NOT NULL,
    began INTEGER NOT NULL,
    expired INTEGER NOT NULL,
    used INTEGER NOT NULL,
    size INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    coding TEXT,
    chunks INTEGER NOT NULL,
    record TEXT NOT NULL,
    body BLOB,
    UNIQUE (resource, key)
  );
  CREATE INDEX by_url ON responses (url) WHERE url <> resource;
  CREATE INDEX by_use ON responses (used);
  CREATE INDEX by_derived_use ON responses (used) WHERE derived = 1;

  CREATE TABLE scopes (scope TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (scope, row)) WITHOUT ROWID;
  CREATE INDEX scopes_by_row ON scopes (row);
  CREATE TABLE shares (partition TEXT PRIMARY KEY, derived INTEGER NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL, cost INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX derived_shares ON shares (derived, cost) WHERE derived = 1;

  CREATE TABLE marks (
    scope TEXT PRIMARY KEY,
    cleared INTEGER NOT NULL,
    expired INTEGER NOT NULL,
    settled INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX marks_to_settle ON marks (settled, cleared, expired);
  CREATE TABLE clears (tick INTEGER NOT NULL, action TEXT NOT NULL, record TEXT NOT NULL, searching INTEGER NOT NULL);
  CREATE INDEX clears_by_tick ON clears (tick);

  CREATE TABLE chunks (body TEXT NOT NULL, place INTEGER NOT NULL, size INTEGER NOT NULL, bytes BLOB NOT NULL);
  CREATE UNIQUE INDEX chunks_in_order ON chunks (body, place);
  CREATE TABLE unfinished (body TEXT PRIMARY KEY, written INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE doomed (body TEXT PRIMARY KEY) WITHOUT ROWID;

  CREATE TABLE through_covers (tick INTEGER NOT NULL, time INTEGER NOT NULL, record TEXT NOT NULL);
  CREATE TABLE through_resources (resource TEXT PRIMARY KEY, tick INTEGER NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE reached (resource TEXT PRIMARY KEY, tick INTEGER NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;

  CREATE TRIGGER added AFTER INSERT ON responses BEGIN
    UPDATE state SET count = count + 1, bytes = bytes + NEW.size, cost = cost + NEW.cost;
    INSERT INTO shares VALUES (NEW.partition, NEW.derived, 1, NEW.size, NEW.cost)
      ON CONFLICT DO UPDATE SET count = count + 1, bytes = bytes + NEW.size, cost = cost + NEW.cost;
  END;
  CREATE TRIGGER removed AFTER DELETE ON responses BEGIN
    UPDATE state SET count = count - 1, bytes = bytes - OLD.size, cost = cost - OLD.cost;
    UPDATE shares SET count = count - 1, bytes = bytes - OLD.size, cost = cost - OLD.cost WHERE partition = OLD.partition;
    DELETE FROM shares WHERE partition = OLD.partition AND count = 0;
    DELETE FROM scopes WHERE row = OLD.row;
    INSERT OR IGNORE INTO doomed SELECT OLD.id WHERE OLD.chunks > 0;
  END;
  CREATE TRIGGER changed AFTER UPDATE OF partition, derived, cost ON responses BEGIN
    UPDATE state SET cost = cost - OLD.cost + NEW.cost;
    UPDATE shares SET count = count - 1, bytes = bytes - OLD.size, cost = cost - OLD.cost WHERE partition = OLD.partition;
    INSERT INTO shares VALUES (NEW.partition, NEW.derived, 1, NEW.size, NEW.cost)
      ON CONFLICT DO UPDATE SET count = count + 1, bytes = bytes + NEW.size, cost = cost + NEW.cost;
    DELETE FROM shares WHERE partition = OLD.partition AND count = 0;
  END;
`;

/**
 * A resource has as many responses as it has users: who lists it for one of them must not read those of the others.
 *
 * `crowds` tells what a resource takes that more than a few responses are stored of, and behind which key the next are
 * looked at for one that may go. Others are added up when it matters: a row for each would cost every put more than that.
 */
const secondSchema = `
  CREATE INDEX by_place ON responses (resource, partition, cost);
  CREATE TABLE crowds (resource TEXT PRIMARY KEY, cost INTEGER NOT NULL, hand TEXT NOT NULL DEFAULT '') WITHOUT ROWID;

  ALTER TABLE state ADD COLUMN derived INTEGER NOT NULL DEFAULT 0;
  UPDATE state SET derived = (SELECT coalesce(sum(cost), 0) FROM shares WHERE derived = 1);
  DROP INDEX derived_shares;

  DROP TRIGGER added;
  DROP TRIGGER removed;
  DROP TRIGGER changed;
  CREATE TRIGGER added AFTER INSERT ON responses BEGIN
    UPDATE state SET count = count + 1, bytes = bytes + NEW.size, cost = cost + NEW.cost, derived = derived + NEW.derived * NEW.cost;
    UPDATE crowds SET cost = cost + NEW.cost WHERE resource = NEW.resource;
    INSERT INTO shares VALUES (NEW.partition, NEW.derived, 1, NEW.size, NEW.cost)
      ON CONFLICT DO UPDATE SET count = count + 1, bytes = bytes + NEW.size, cost = cost + NEW.cost;
  END;
  CREATE TRIGGER removed AFTER DELETE ON responses BEGIN
    UPDATE state SET count = count - 1, bytes = bytes - OLD.size, cost = cost - OLD.cost, derived = derived - OLD.derived * OLD.cost;
    UPDATE crowds SET cost = cost - OLD.cost WHERE resource = OLD.resource;
    DELETE FROM crowds WHERE resource = OLD.resource AND cost <= 0;
    UPDATE shares SET count = count - 1, bytes = bytes - OLD.size, cost = cost - OLD.cost WHERE partition = OLD.partition;
    DELETE FROM shares WHERE partition = OLD.partition AND count = 0;
    DELETE FROM scopes WHERE row = OLD.row;
    INSERT OR IGNORE INTO doomed SELECT OLD.id WHERE OLD.chunks > 0;
  END;
  CREATE TRIGGER changed AFTER UPDATE OF partition, derived, cost ON responses BEGIN
    UPDATE state SET cost = cost - OLD.cost + NEW.cost, derived = derived - OLD.derived * OLD.cost + NEW.derived * NEW.cost;
    UPDATE crowds SET cost = cost - OLD.cost + NEW.cost WHERE resource = NEW.resource;
    UPDATE shares SET count = count - 1, bytes = bytes - OLD.size, cost = cost - OLD.cost WHERE partition = OLD.partition;
    INSERT INTO shares VALUES (NEW.partition, NEW.derived, 1, NEW.size, NEW.cost)
      ON CONFLICT DO UPDATE SET count = count + 1, bytes = bytes + NEW.size, cost = cost + NEW.cost;
    DELETE FROM shares WHERE partition = OLD.partition AND count = 0;
  END;
`;

/** How long a clear waits is counted from when the file was opened. A URL that is no resource is found among the scopes. */
const thirdSchema = 'ALTER TABLE state DROP COLUMN waits; DROP INDEX by_url';

/** Each brings a file from the version before to its own. */
const migrations: readonly string[] = [firstSchema, secondSchema, thirdSchema];

/** Brings a file up to this version, in the caller's transaction. */
export function migrate(database: DatabaseSync, from: number): void {
  for (const migration of migrations.slice(from)) database.exec(migration);
  database.exec(`PRAGMA user_version = ${schemaVersion}`);
}
