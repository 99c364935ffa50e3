import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {Fields} from '../fields/fields.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {response} from './contract-support.ts';
import {decodeRecord, encodeRecord} from './record.ts';

type Members = Record<string, unknown>;

const hostile = ['', "'; drop table responses; --", '\0', '😀', '\ud800', 'x'.repeat(65_536), '__proto__', '"\n'];

const full = (text: string): StoredResponse =>
  response({
    key: text,
    resource: text,
    content: text,
    client: text,
    tags: [text, 'b'],
    groups: [text],
    nominated: [
      ['accept', text],
      ['x-absent', undefined],
    ],
    head: {
      status: 206,
      statusText: text,
      fields: Fields.from([
        ['set-cookie', 'a=1'],
        ['etag', '"x"'],
        ['set-cookie', 'b=2'],
      ]),
      url: text,
      redirected: true,
      type: 'basic',
      decoded: true,
    },
    facts: {
      lifetime: 0.5,
      initialAge: 2 ** 31,
      date: -1,
      etag: {weak: true, opaque: text},
      lastModified: text,
      range: {first: 0, last: 3, complete: undefined},
      alwaysValidate: true,
      neverStale: true,
      immutable: true,
      staleWhileRevalidate: 1,
      staleIfError: 2,
    },
    began: 7,
    size: 4,
    expired: true,
    lastUsed: 9,
  });

const lines = ({head}: StoredResponse): unknown => [...head.fields];

describe('a record', () => {
  test.each([...hostile.map(full), response()])('gives back what it was made of %#', stored => {
    const again = decodeRecord(encodeRecord(stored), stored) as StoredResponse;
    expect(lines(again)).toEqual(lines(stored));
    const none = {fields: Fields.none};
    expect({...again, head: {...again.head, ...none}}).toEqual({...stored, head: {...stored.head, ...none}});
  });

  test('holds nothing that is kept beside it', () => {
    const one = full('x');
    const {id, began, size, expired, lastUsed} = one;
    const other = {id: 'other', began: began + 1, size: size + 1, expired: !expired, lastUsed: lastUsed + 1};
    expect(encodeRecord({...one, key: 'k', ...other})).toBe(encodeRecord({...one, key: 'k', id}));
    expect(decodeRecord(encodeRecord(one), other)).toMatchObject(other);
  });
});

describe('what is no record of this version is not read', () => {
  const record = JSON.parse(encodeRecord(full('x')));
  const beside = response();
  const damaged = (change: (copy: Members) => void): string => {
    const copy = structuredClone(record);
    change(copy);
    return JSON.stringify(copy);
  };

  test.each(['', '{', 'null', '[]', '1', '{}', '{"version":1}'])('%s', text => {
    expect(decodeRecord(text, beside)).toBeUndefined();
  });

  test.each([0, 2, '1', null])('version %j', version => {
    expect(decodeRecord(JSON.stringify({...record, version}), beside)).toBeUndefined();
  });

  const optional = new Set(['content', 'client', 'head.decoded', 'facts.etag', 'facts.lastModified', 'facts.range']);
  const members = (value: object, path = ''): readonly string[] =>
    Object.entries(value).flatMap(([name, member]) => [
      `${path}${name}`,
      ...(name === 'head' || name === 'facts' ? members(member, `${name}.`) : []),
    ]);

  test.each(members(record))('one whose %s is missing or of another kind', path => {
    const names = path.split('.');
    const last = names.pop() as string;
    const at = (copy: Members): Members => (names[0] === undefined ? copy : (copy[names[0]] as Members));
    const missing = damaged(copy => delete at(copy)[last]);
    expect(decodeRecord(missing, beside) === undefined).toBe(!optional.has(path));
    expect(
      decodeRecord(
        damaged(copy => Object.assign(at(copy), {[last]: [[1]]})),
        beside,
      ),
    ).toBeUndefined();
    expect(
      decodeRecord(
        damaged(copy => Object.assign(at(copy), {[last]: {}})),
        beside,
      ),
    ).toBeUndefined();
  });

  test('one cut short or changed in a byte never throws', () => {
    const text = encodeRecord(full('x'));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({maxLength: 3}), (at, noise) => {
        decodeRecord(text.slice(0, at), beside);
        decodeRecord(text.slice(0, at) + noise + text.slice(at + 1), beside)?.head.fields.names();
      }),
    );
  });
});
