import {describe, expect, test} from 'vitest';
import {requestHead, response} from '../../test/builders.ts';
import {redirectedRequest, redirectsWithCredentials, redirectTarget} from './redirecting.ts';

const base = 'https://example.com/a/b?c';
const utf8 = Buffer.from('/café').toString('latin1');

const targets = [
  ...[301, 302, 303, 307, 308].map(status => ({
    name: `a ${status} redirects`,
    level: 'SHOULD',
    given: {status, location: '/x'},
    expect: 'https://example.com/x',
  })),
  ...[200, 201, 300, 304, 305, 404].map(status => ({
    name: `a ${status} does not redirect`,
    level: 'CHOICE',
    given: {status, location: '/x'},
    expect: undefined,
  })),
  {name: 'a redirect without Location is a plain answer', level: 'CHOICE', given: {status: 302}, expect: undefined},
  {
    name: 'a relative reference is resolved',
    level: 'MUST',
    given: {location: '../d?e'},
    expect: 'https://example.com/d?e',
  },
  {name: 'an empty reference is the same URI', level: 'MUST', given: {location: ''}, expect: base},
  {name: 'the fragment goes', level: 'CHOICE', given: {location: '/x#y'}, expect: 'https://example.com/x'},
  {
    name: 'another origin is a target',
    level: 'SHOULD',
    given: {location: '//other.example'},
    expect: 'https://other.example/',
  },
  {
    name: 'the same host over plain HTTP is a target',
    level: 'CHOICE',
    given: {location: 'http://example.com/x'},
    expect: 'http://example.com/x',
  },
  {name: 'a user name is invalid', level: 'CHOICE', given: {location: 'https://me@example.com/'}, expect: 'invalid'},
  {name: 'a password is invalid', level: 'CHOICE', given: {location: 'https://:pw@example.com/'}, expect: 'invalid'},
  {name: 'an unreadable reference is invalid', level: 'CHOICE', given: {location: 'https://['}, expect: 'invalid'},
  {name: 'another scheme is invalid', level: 'CHOICE', given: {location: 'file:///etc/passwd'}, expect: 'invalid'},
  {name: 'a URI within data is none', level: 'CHOICE', given: {location: 'data:,http://a/'}, expect: 'invalid'},
  {name: 'script is invalid', level: 'CHOICE', given: {location: 'javascript:alert(1)'}, expect: 'invalid'},
  {name: 'two different references are invalid', level: 'CHOICE', given: {location: ['/x', '/y']}, expect: 'invalid'},
  {
    name: 'the same reference twice is one',
    level: 'CHOICE',
    given: {location: ['/x', '/x']},
    expect: 'https://example.com/x',
  },
  {
    name: 'UTF-8 bytes are read as such',
    level: 'CHOICE',
    given: {location: utf8},
    expect: 'https://example.com/caf%C3%A9',
  },
  {
    name: 'UTF-8 bytes without any other are read as such',
    level: 'CHOICE',
    given: {location: '\u00c3\u00a9'},
    expect: 'https://example.com/a/%C3%A9',
  },
  {
    name: 'characters that are no bytes stay as they are, whatever stands beside them',
    level: 'CHOICE',
    given: {location: '/\u0101\u00c3\u00a9'},
    expect: 'https://example.com/%C4%81%C3%83%C2%A9',
  },
  {
    name: 'other bytes are taken as characters',
    level: 'CHOICE',
    given: {location: '/caf\u00e9'},
    expect: 'https://example.com/caf%C3%A9',
  },
].map(row => ({...row, rfc: '9110 10.2.2'}));

describe('redirectTarget', () => {
  test.each(targets)('$name', ({given, expect: expected}) => {
    const {status, location} = {status: 302, location: undefined, ...given};
    expect(redirectTarget(response({status, url: base, fields: {location}}))).toBe(expected);
  });
});

const secrets = {authorization: 'a', cookie: 'b', 'proxy-authorization': 'c', host: 'd'};

const hops = [
  {name: 'the same origin keeps everything', given: 'https://example.com/x', expect: {...secrets, accept: 'e'}},
  {name: 'another host sees no credentials', given: 'https://other.example/', expect: {accept: 'e'}},
  {name: 'another port sees no credentials', given: 'https://example.com:8443/', expect: {accept: 'e'}},
  {name: 'another scheme sees no credentials', given: 'http://example.com/', expect: {accept: 'e'}},
].map(row => ({...row, rfc: '9110 15.4', level: 'SHOULD'}));

describe('redirectedRequest', () => {
  test.each(hops)('$name', ({given, expect: expected}) => {
    const before = requestHead({method: 'HEAD', url: base, fields: {...secrets, accept: 'e'}, mode: 'no-cache'});
    const after = redirectedRequest(before, given);
    expect(after).toEqual({...before, url: given, fields: after.fields});
    expect(Object.fromEntries(after.fields)).toEqual(expected);
  });
});

test.each<[status: number, location: string, expected: boolean]>([
  [302, 'https://ann:secret@a.example/', true],
  [301, '//ann@a.example/', true],
  [308, 'https://:secret@b.example/', true],
  [302, '/ann@a.example', false],
  [302, 'ann:secret@a.example', false],
  [302, 'https://a.example/?to=ann@a.example', false],
  [302, 'https://', false],
  [200, 'https://ann:secret@a.example/', false],
])('a %d to %s brings credentials: %j', (status, location, expected) => {
  expect(redirectsWithCredentials(response({status, url: 'https://a.example/x', fields: {location}}))).toBe(expected);
});
