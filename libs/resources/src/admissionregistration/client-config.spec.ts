import { at } from '../validation/path';
import { validateClientConfig } from './client-config';

const form = '; desired format: https://host[/path]';
const told = (config: object): readonly string[] =>
  validateClientConfig(config, at('c')).map(({ field, message }) => `${field}: ${message}`);

describe('where a webhook listens', () => {
  it.each(['https://a', 'https://a/b', 'https://a:8443/b/', 'https://[::1]:8443', 'HTTPS://a'])('may be %s', (url) => {
    expect(told({ url })).toEqual([]);
  });

  it.each<[string, readonly string[]]>([
    ['http://a', [`Invalid value: "http": 'https' is the only allowed URL scheme${form}`]],
    ['https:///b', [`Invalid value: "": host must be specified${form}`]],
    ['https://u:p@a', ['Invalid value: "u:p": user information is not permitted in the URL']],
    ['https://a/?', []],
    [
      'https://a?x#f',
      [
        'Invalid value: "f": fragments are not permitted in the URL',
        'Invalid value: "x": query parameters are not permitted in the URL',
      ],
    ],
    [
      'https://a:b',
      [`Required value: url must be a valid URL: parse "https://a:b": invalid port ":b" after host${form}`],
    ],
    [
      'https://a b',
      [`Required value: url must be a valid URL: parse "https://a b": invalid character " " in host name${form}`],
    ],
    [':x', [`Required value: url must be a valid URL: parse ":x": missing protocol scheme${form}`]],
    [
      'a\u0000',
      [`Required value: url must be a valid URL: parse "a\\u0000": net/url: invalid control character in URL${form}`],
    ],
  ])('is told of %j', (url, messages) => {
    expect(told({ url })).toEqual(messages.map((message) => `c.url: ${message}`));
  });

  it.each<[string, readonly string[]]>([
    ['/', []],
    ['/a/b/', []],
    ['//', ['segment[0] may not be empty']],
    ['/a//b', ['segment[1] may not be empty']],
  ])('may have the path %j on a service, or is told', (path, details) => {
    expect(told({ service: { namespace: 'n', name: 's', path, port: 443 } })).toEqual(
      details.map((detail) => `c.service.path: Invalid value: ${JSON.stringify(path)}: ${detail}`),
    );
  });
});
