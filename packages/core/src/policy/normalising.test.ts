import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {normalisedValue} from './normalising.ts';

const same = [
  {name: 'white space around commas', rfc: '4.1', level: 'MAY', given: ['accept-language', 'en, de', 'en ,   de']},
  {name: 'case of language tags', rfc: '4.1', level: 'MAY', given: ['accept-language', 'en-gb', 'eN-GB']},
  {
    name: 'order that weights give anyway',
    rfc: '4.1',
    level: 'MAY',
    given: ['accept-language', 'de, en;q=0.5', 'en;q=0.5, de'],
  },
  {name: 'a weight of one', rfc: '4.1', level: 'MAY', given: ['accept-encoding', 'gzip;q=1.000, br', 'gzip, br;Q=1']},
  {
    name: 'zeros at the end of a weight',
    rfc: '4.1',
    level: 'MAY',
    given: ['accept', 'text/html;q=0.50', 'text/html; q=0.5'],
  },
  {name: 'white space around a weight', rfc: '4.1', level: 'MAY', given: ['accept-language', 'en ; q=0.5', 'en;q=0.5']},
  {name: 'zeros of a weight of none', rfc: '4.1', level: 'MAY', given: ['accept-language', 'en;q=0', 'en;q=0.0']},
  {
    name: 'empty members beside one that cannot be read',
    rfc: '4.1',
    level: 'MAY',
    given: ['accept-language', 'en,, de;q=2', 'en, de;q=2'],
  },
  {name: 'case of charsets', rfc: '4.1', level: 'MAY', given: ['accept-charset', 'UTF-8', 'utf-8']},
  {name: 'case of media types', rfc: '4.1', level: 'MAY', given: ['accept', 'Text/HTML;Level=1', 'text/html; level=1']},
  {
    name: 'the order of weighted media ranges',
    rfc: '4.1',
    level: 'MAY',
    given: ['accept', '*/*;q=0.1, text/html', 'text/html, */*;q=0.1'],
  },
  {
    name: 'the order of languages of equal weight',
    rfc: '4.1',
    level: 'CHOICE',
    given: ['accept-language', 'en, de', 'de, en'],
  },
  {
    name: 'the order of languages of equal weight below one',
    rfc: '4.1',
    level: 'CHOICE',
    given: ['accept-language', 'fr, en;q=0.5, de;q=0.50', 'fr, de;q=0.5, en;q=0.5'],
  },
  {
    name: 'the order of codings of equal weight',
    rfc: '4.1',
    level: 'CHOICE',
    given: ['accept-encoding', 'gzip, br, *;q=0', '*;q=0, br, gzip'],
  },
  {
    name: 'the order of charsets of equal weight',
    rfc: '4.1',
    level: 'CHOICE',
    given: ['accept-charset', 'utf-8, iso-8859-1', 'ISO-8859-1, UTF-8'],
  },
  {name: 'white space in a list of an unknown field', rfc: '4.1', level: 'CHOICE', given: ['foo', '1,2', '1, 2']},
  {name: 'empty members of a list', rfc: 'RFC 9110 §5.6.1', level: 'MAY', given: ['accept', 'a/b,,c/d,', 'a/b, c/d']},
] as const;

const different = [
  {
    name: 'the order of media types of equal weight',
    rfc: '4.1',
    level: 'CHOICE',
    given: ['accept', 'a/b;v=1, c/d, a/*', 'c/d, a/*, a/b; v=1'],
  },
  {
    name: 'empty members of what is not known to be a list',
    rfc: '4.1',
    level: 'MUST',
    given: ['x-cells', '1,,3', '1,3'],
  },
  {
    name: 'languages whose weights have changed places',
    rfc: '4.1',
    level: 'MUST',
    given: ['accept-language', 'en, de;q=0.9', 'de, en;q=0.9'],
  },
  {
    name: 'a language refused and one accepted',
    rfc: '4.1',
    level: 'MUST',
    given: ['accept-language', 'de, en;q=0', 'de, en'],
  },
  {
    name: 'the order of media types beside one that cannot be read',
    rfc: '4.1',
    level: 'CHOICE',
    given: ['accept', 'a/b, c/d, e', 'c/d, a/b, e'],
  },
  {name: 'another weight', rfc: '4.1', level: 'MUST', given: ['accept', 'text/html;q=0.5', 'text/html;q=0.6']},
  {name: 'a parameter that looks like a weight', rfc: '4.1', level: 'MUST', given: ['accept', 'a/b;v=1', 'a/b']},
  {name: 'case in an unknown field', rfc: '4.1', level: 'MUST', given: ['foo', 'Bar', 'bar']},
  {name: 'order in an unknown field', rfc: '4.1', level: 'MUST', given: ['foo', '1, 2', '2, 1']},
  {name: 'case of a media type parameter', rfc: '4.1', level: 'MUST', given: ['accept', 'a/b;v=X', 'a/b;v=x']},
  {name: 'white space in a quoted string', rfc: '4.1', level: 'MUST', given: ['foo', '"a, b"', '"a,b"']},
  {
    name: 'white space in a quoted parameter',
    rfc: '4.1',
    level: 'MUST',
    given: ['accept', 'a/b;v="x; y"', 'a/b;v="x;y"'],
  },
  {name: 'an empty field and an absent one', rfc: '4.1', level: 'MUST', given: ['accept-encoding', '', undefined]},
] as const;

const kept = [
  {name: 'an empty member of an unknown field before the others', rfc: '4.1', level: 'CHOICE', given: ['foo', ',1,2']},
  {name: 'an empty member of an unknown field behind the others', rfc: '4.1', level: 'CHOICE', given: ['foo', '1,2,']},
  {name: 'a weight above one', rfc: '4.1', level: 'CHOICE', given: ['accept-language', 'EN;q=2']},
  {name: 'a weight far above one', rfc: '4.1', level: 'CHOICE', given: ['accept-language', 'EN;q=50']},
  {name: 'a weight with something behind', rfc: '4.1', level: 'CHOICE', given: ['accept-language', 'EN;q=0.5x']},
  {name: 'a media range with half a type', rfc: '4.1', level: 'CHOICE', given: ['accept', 'TEXT/']},
  {name: 'a parameter without a name', rfc: '4.1', level: 'CHOICE', given: ['accept', 'A/B;=1']},
  {name: 'a parameter without a value', rfc: '4.1', level: 'CHOICE', given: ['accept', 'A/B;v=']},
  {name: 'a parameter with two values', rfc: '4.1', level: 'CHOICE', given: ['accept', 'A/B;v=1=2']},
  {name: 'a parameter after the weight', rfc: '4.1', level: 'CHOICE', given: ['accept', 'A/B;q=0.5;c=d']},
  {name: 'a media range without a subtype', rfc: '4.1', level: 'CHOICE', given: ['accept', 'TEXT']},
  {name: 'a language with a parameter', rfc: '4.1', level: 'CHOICE', given: ['accept-language', 'EN;x=y']},
  {
    name: 'a language with a parameter and a weight',
    rfc: '4.1',
    level: 'CHOICE',
    given: ['accept-language', 'EN;x=y;q=0.5'],
  },
  {name: 'a language with two parameters', rfc: '4.1', level: 'CHOICE', given: ['accept-language', 'EN;q=0.5;x=y']},
] as const;

describe('normalisedValue', () => {
  test.each(same)('ignores $name', ({given: [field, a, b]}) => {
    expect(normalisedValue(field, a)).toBe(normalisedValue(field, b));
  });

  test.each(different)('tells apart $name', ({given: [field, a, b]}) => {
    expect(normalisedValue(field, a)).not.toBe(normalisedValue(field, b));
  });

  test.each(kept)('leaves as it is $name', ({given: [field, value]}) => {
    expect(normalisedValue(field, value)).toBe(value);
  });

  test('weighted members are written in one way (§4.1)', () => {
    expect(normalisedValue('accept-language', 'de;q=0.50, EN;Q=1.0')).toBe('en, de;q=0.5');
    expect(normalisedValue('accept', 'A/*;q=0.1, Text/HTML; Level=X; Q=0.70')).toBe(
      'text/html;level=X;q=0.7, a/*;q=0.1',
    );
  });

  test('an absent field stays absent', () => {
    expect(normalisedValue('accept', undefined)).toBeUndefined();
  });

  const fieldName = fc.constantFrom('accept', 'accept-language', 'accept-encoding', 'foo');
  const fieldValue = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom('en', 'DE', ';', 'q=', '0.5', 'a/B', ',', ' ', '"', '\\', '*', '='))
      .map(parts => parts.join('')),
  );

  test('normalising twice changes nothing more', () => {
    fc.assert(
      fc.property(fieldName, fieldValue, (name, value) => {
        const once = normalisedValue(name, value);
        expect(normalisedValue(name, once)).toBe(once);
      }),
    );
  });

  test('a list of equal weights means the same in every order', () => {
    const languages = ['en', 'de', 'fr;q=0.5', 'it;q=0.5', 'es-ES', '*;q=0.1'];
    fc.assert(
      fc.property(fc.shuffledSubarray(languages, {minLength: languages.length}), shuffled => {
        expect(normalisedValue('accept-language', shuffled.join(', '))).toBe(
          normalisedValue('accept-language', languages.join(', ')),
        );
      }),
    );
  });

  test('a long run of white space is read in linear time', () => {
    expect(normalisedValue('foo', `a${' '.repeat(200_000)}b`)).toHaveLength(200_002);
  }, 1000);
});
