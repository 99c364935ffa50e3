import {describe, expect, test} from 'vitest';
import {at, dateAt, policy, type Row, request, response, stored} from '../../test/builders.ts';
import type {Policy} from '../model/policy.ts';
import {shareable} from '../model/stored-response.ts';
import type {ResponseDecision} from './decisions.ts';
import {decideOnRequest} from './on-request.ts';
import {decideOnResponse} from './on-response.ts';

type Given = {
  readonly request?: Parameters<typeof request>[0];
  readonly answer?: Parameters<typeof response>[0];
  readonly policy?: Partial<Policy>;
  /** What was decided for the GET, where that is something else. */
  readonly getPolicy?: Partial<Policy>;
};

const own = {'cache-control': 'max-age=60', 'content-location': 'https://example.com/', date: dateAt(102)};
const saying = (directives: string, more: Readonly<Record<string, string>> = {}) => ({
  fields: {...own, 'cache-control': directives, ...more},
});

/** What comes of the answer to a POST that was asked for with content nobody keys. */
function decided({request: literal, answer, policy: rules, getPolicy}: Given): ResponseDecision {
  const asked = request({method: 'POST', ...literal});
  const forPost = policy(rules);
  const decision = decideOnRequest(asked, [stored()], forPost, at(100));
  if (decision.type !== 'forward') throw new Error('not forwarded');
  const get = request({...literal, method: 'GET'});
  return decideOnResponse(
    {
      request: asked,
      policy: forPost,
      decision,
      candidates: [stored()],
      began: 7,
      requestTime: at(100),
      asGet: {request: get, policy: policy({...rules, ...getPolicy})},
    },
    response({fields: own, ...answer}),
    at(102),
    'new',
  );
}

const passedOn: ResponseDecision = {answer: {type: 'origin'}, effects: [], notStored: 'bypass'};

/** Why it is not stored though it stands for the answer to a GET. */
const refused: readonly Row<Given, undefined>[] = [
  {name: 'no-store', rfc: '5.2.2.5', level: 'MUST', given: {answer: saying('max-age=60, no-store')}, expect: undefined},
  {
    name: 'private, in a shared cache',
    rfc: '5.2.2.7',
    level: 'MUST',
    given: {answer: saying('max-age=60, private'), policy: {kind: 'shared'}},
    expect: undefined,
  },
  {
    name: 'Authorization, in a shared cache',
    rfc: '3.5',
    level: 'MUST',
    given: {request: {fields: {authorization: 'a'}}, policy: {kind: 'shared'}},
    expect: undefined,
  },
  {name: 'Vary: *', rfc: '4.1', level: 'MUST', given: {answer: saying('max-age=60', {vary: '*'})}, expect: undefined},
  {
    name: 'a range that is no 206',
    rfc: 'RFC 9110 §14.4',
    level: 'CHOICE',
    given: {answer: saying('max-age=60', {'content-range': 'bytes 0-1/2'})},
    expect: undefined,
  },
  {
    name: 'no-store of the request',
    rfc: '5.2.1.5',
    level: 'MUST',
    given: {request: {fields: {'cache-control': 'no-store'}}},
    expect: undefined,
  },
  {name: 'the mode no-store', rfc: 'Fetch', level: 'MUST', given: {request: {mode: 'no-store'}}, expect: undefined},
  {
    name: 'a range of the request',
    rfc: '3.3',
    level: 'MUST',
    given: {request: {fields: {range: 'bytes=0-1'}}},
    expect: undefined,
  },
  {name: 'an opaque answer', rfc: 'Fetch', level: 'MUST', given: {answer: {type: 'opaque'}}, expect: undefined},
  {
    name: 'no freshness but a rule’s',
    rfc: 'RFC 9110 §9.3.3',
    level: 'CHOICE',
    given: {answer: {fields: {...own, 'cache-control': 'public'}}, policy: {ttl: 60}},
    expect: undefined,
  },
  {
    name: 'a status that is not 200',
    rfc: 'RFC 9110 §9.3.3',
    level: 'CHOICE',
    given: {answer: {status: 201}},
    expect: undefined,
  },
  {name: 'a 304', rfc: '4.3.4', level: 'MUST', given: {answer: {status: 304}}, expect: undefined},
  {name: 'a server error', rfc: '4.2.4', level: 'MUST', given: {answer: {status: 503}}, expect: undefined},
  {
    name: 'another method',
    rfc: 'RFC 9110 §9.3.4',
    level: 'MUST',
    given: {request: {method: 'PUT'}},
    expect: undefined,
  },
];

describe('the answer to a POST', () => {
  test('that stands for one to GET is stored as that (RFC 9110 §9.3.3, MAY)', () => {
    const key = '["GET","",null,"",null,[]]';
    const put = stored({
      fields: own,
      id: 'new',
      key,
      requestTime: at(100),
      responseTime: at(102),
      began: 7,
      method: 'GET',
    });
    expect(decided({})).toEqual({
      answer: {type: 'origin'},
      effects: [{type: 'put', stored: put}],
      notStored: undefined,
    });
  });

  test('is told from others by the POST’s own values of the fields Vary names (§4.1, MUST)', () => {
    const [effect] = decided({
      request: {fields: {accept: 'text/html'}},
      answer: saying('max-age=60', {vary: 'accept, foo'}),
    }).effects;
    expect(effect?.stored.nominated).toEqual([
      ['accept', 'text/html'],
      ['foo', undefined],
    ]);
  });

  test('is its requester’s, unless it may be shared (§3.5)', () => {
    const fields = {authorization: 'a'};
    expect(decided({request: {fields}}).effects[0]?.stored.partition).toBe('user');
    const shared = decided({request: {fields}, answer: saying('max-age=60, public')});
    expect(shared.effects[0]?.stored.partition).toBe(shareable);
  });

  test('is stored by what was decided for the GET', () => {
    const [effect] = decided({policy: {tags: ['post']}, getPolicy: {tags: ['get'], ttl: 5}}).effects;
    const {tags, facts} = effect?.stored ?? {};
    expect([tags, (facts?.lifetime ?? 0) - (facts?.initialAge ?? 0)]).toEqual([['get'], 5]);
  });

  test.each(refused)('is passed on because of $name ($rfc, $level)', ({given}) => {
    expect(decided(given)).toEqual(passedOn);
  });
});
