import { StatusError } from '@kubephant/api';
import { writeOptions } from './options';

const messageOf = (kind: Parameters<typeof writeOptions>[0], query: string, apply: boolean): string => {
  try {
    writeOptions(kind, new URLSearchParams(query), 'tester/1', apply);
    return 'ok';
  } catch (err) {
    return err instanceof StatusError ? err.message : 'no Status';
  }
};

describe('the options of a write', () => {
  it.each([
    ['CreateOptions', 'dryRun=All&dryRun=All', 'ok'],
    ['CreateOptions', 'dryRun=Nope', 'dryRun: Unsupported value: ["Nope"]: supported values: "All"'],
    ['CreateOptions', 'dryRun=', 'dryRun: Unsupported value: [""]: supported values: "All"'],
    [
      'UpdateOptions',
      'fieldValidation=Nope',
      'fieldValidation: Unsupported value: "Nope": supported values: "", "Ignore", "Strict", "Warn"',
    ],
    [
      'CreateOptions',
      'fieldManager=a%01b',
      'fieldManager: Invalid value: "a\\x01b": invalid character U+0001 (at position 1)',
    ],
    ['UpdateOptions', `fieldManager=${'x'.repeat(129)}`, 'fieldManager: Too long: may not be more than 128 bytes'],
    ['PatchOptions', 'force=true', 'force: Forbidden: may not be specified for non-apply patch'],
  ] as const)('%s %s: %s', (kind, query, answer) => {
    const expected = answer === 'ok' ? answer : `${kind}.meta.k8s.io "" is invalid: ${answer}`;
    expect(messageOf(kind, query, false)).toBe(expected);
  });

  it('need a manager for apply', () => {
    const message = 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch';
    expect(messageOf('PatchOptions', 'force=1', true)).toBe(message);
  });
});

describe('the manager of a write', () => {
  it.each([
    ['fieldManager=me', 'kubectl/v1.36.2 (linux/amd64)', 'me'],
    ['', 'kubectl/v1.36.2 (linux/amd64)', 'kubectl'],
    ['', 'just-a-name', 'just-a-name'],
    ['', null, 'unknown'],
    ['', '\u0007/1', 'unknown'],
  ])('is, with query %p and user agent %p, %s', (query, userAgent, manager) => {
    expect(writeOptions('UpdateOptions', new URLSearchParams(query), userAgent).manager).toBe(manager);
  });
});
