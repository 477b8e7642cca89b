import { StatusError } from '@kubephant/api';
import { mutateText } from '@kubephant/fuzz';
import { fuzzSuite } from '@kubephant/fuzz/testing';
import { decodeContinue, encodeContinue } from './continue-token';

describe('continue tokens', () => {
  const forms = ['{"v":"meta.k8s.io/v1","rv":5,"start":"a/b\\u0000"}', '{"v":"meta.k8s.io/v1","rv":-1,"start":"a"}'];
  const encoded = (form: string): string => Buffer.from(form).toString('base64url');
  fuzzSuite('continue tokens', {
    seeds: [...forms, ...forms.map(encoded)],
    mutate: mutateText,
    take(text: string) {
      const continuation = decodeContinue(text.startsWith('{') ? encoded(text) : text);
      expect(decodeContinue(encodeContinue(continuation))).toEqual(continuation);
    },
    refuses: (err) => err instanceof StatusError && err.code < 500,
  });
});
