import { queryOf } from './query';

it.each([
  ['', []],
  ['?a=1&b=%20c', ['a=1', 'b= c']],
  ['?a=%zz&b=1', ['b=1']],
  ['?a=1;b=2&c=3', ['c=3']],
  ['?a=%3B', ['a=;']],
  ['?a', ['a=']],
])('reads %j as %j', (search, pairs) => {
  expect([...queryOf(search)].map(([name, value]) => `${name}=${value}`)).toEqual(pairs);
});
