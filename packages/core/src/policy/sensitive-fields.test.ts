import {expect, test} from 'vitest';
import type {Row} from '../../test/builders.ts';
import {isSensitiveField} from './sensitive-fields.ts';

const rows: readonly Row<string, boolean>[] = [
  {name: 'Authorization is sensitive', rfc: '7.3', level: 'CHOICE', given: 'authorization', expect: true},
  {name: 'Cookie is sensitive', rfc: '7.3', level: 'CHOICE', given: 'cookie', expect: true},
  {name: 'Proxy-Authorization is sensitive', rfc: '7.3', level: 'CHOICE', given: 'proxy-authorization', expect: true},
  ...[
    'x-access-token',
    'x-amz-security-token',
    'x-auth-token',
    'x-session-id',
    'x-session-token',
    'x-api-key',
    'x-goog-api-key',
    'x-csrf-token',
    'x-xsrf-token',
    'api-key',
    'apikey',
    'ocp-apim-subscription-key',
    'x-token',
    'x-client-secret',
    'x-hub-signature-256',
    'x-csrftoken',
    'x-authtoken',
    'x-appkey',
    'x-session_id',
    'x-forwarded-authorization',
    'x-original-cookie',
    'cf-access-jwt-assertion',
  ].map(
    (given): Row<string, boolean> => ({
      name: `${given} is sensitive`,
      rfc: '7.3',
      level: 'CHOICE',
      given,
      expect: true,
    }),
  ),
  {name: 'a credential field of the owner is sensitive', rfc: '7.3', level: 'CHOICE', given: 'x-tenant', expect: true},
  {name: 'Accept is not', rfc: '7.3', level: 'CHOICE', given: 'accept', expect: false},
  {name: 'Accept-Language is not', rfc: '7.3', level: 'CHOICE', given: 'accept-language', expect: false},
];

test.each(rows)('$name', row => {
  expect(isSensitiveField(row.given, ['x-tenant'])).toBe(row.expect);
});
