import { StatusError } from '@kubephant/api';
import { mutateText, type FuzzTarget } from '@kubephant/fuzz';
import { fuzzSuite } from '@kubephant/fuzz/testing';
import { bodyMediaType, negotiate, objectMediaTypes } from './accept';
import { requestInfo } from './request-info';

const text = (seeds: readonly string[], take: (input: string) => void): FuzzTarget<string> => ({
  seeds,
  mutate: mutateText,
  take,
  // Upstream calls a path that ends after `watch` an internal error.
  refuses: (err) => err instanceof StatusError && (err.code < 500 || err.message.includes('from url')),
});

describe('heads of requests', () => {
  const accepted = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/vnd.kubernetes.protobuf;q=0.5, */*;q=0';
  fuzzSuite(
    'media types',
    text([accepted, 'text/html, */*', 'application/apply-patch+yaml; charset=utf-8', ','.repeat(2000)], (input) => {
      negotiate(input, { mediaTypes: objectMediaTypes, transforms: () => true });
      bodyMediaType(input);
    }),
  );

  const paths = [
    '/api/v1/namespaces/a/pods/b/log?follow=true',
    '/apis/apps/v1/watch/namespaces/a/deployments',
    '/api/v1/namespaces/a/services/https:b:c/proxy/x/../y?z=%2F',
    '/apis/a/v1/b?fieldSelector=metadata.name%3Dc&watch=1',
  ];
  fuzzSuite(
    'paths',
    text(paths, (input) => {
      const [pathname = '', query = ''] = `/${input}`.split('?');
      const url = { pathname, search: query && `?${query}`, searchParams: new URLSearchParams(query) };
      for (const method of ['GET', 'POST', 'DELETE', 'BREW']) requestInfo(method, url);
    }),
  );
});
