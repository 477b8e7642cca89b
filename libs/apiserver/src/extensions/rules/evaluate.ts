import { isDeepStrictEqual } from 'node:util';
import {
  Optional,
  resourceReader,
  runtimeCostBudget,
  structuralReader,
  type Bindings,
  type Evaluation,
  type Program,
  type Reader,
} from '@kubephant/cel';
import type { Cause, KubeObject } from '@kubephant/api';
import { additionalOf, oldItemsOf, propertyOf, type StructuralSchema } from '@kubephant/schema';
import type { CompileRules } from '../custom-resource';
import { typedSchema, type CompiledRule, type CompileOwnRules } from './compile';
import { fieldPathOf, showFieldPath } from './field-path';

/** A schema with the rules in it and below it; schemas without any are left out. */
interface Node {
  readonly schema: StructuralSchema;
  readonly read: Reader;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, Node>;
  readonly additional: Node | undefined;
  readonly items: Node | undefined;
}

function propertiesOf(schema: StructuralSchema, compile: CompileOwnRules): Node['properties'] {
  const found = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const node = nodeOf(property, compile);
    return node ? [[name, node] as const] : [];
  });
  return new Map(found);
}

function nodeOf(schema: StructuralSchema, compile: CompileOwnRules, isRoot = false): Node | undefined {
  const additional = additionalOf(schema);
  const node: Node = {
    schema,
    read: isRoot ? resourceReader(typedSchema(schema)) : structuralReader(typedSchema(schema)),
    rules: schema['x-kubernetes-validations']?.length ? (compile(schema, isRoot) ?? []) : [],
    properties: propertiesOf(schema, compile),
    additional: additional && nodeOf(additional, compile),
    items: schema.items && nodeOf(schema.items, compile),
  };
  return isEmpty(node) ? undefined : node;
}

const isEmpty = ({ rules, properties, additional, items }: Node): boolean =>
  rules.length === 0 && properties.size === 0 && !additional && !items;

/** The rules of a schema as a function on objects; undefined where it has none. */
export const newCompileRules =
  (compile: CompileOwnRules): CompileRules =>
  (schema) => {
    const node = nodeOf(schema, compile, true);
    if (!node) return undefined;
    return (object: KubeObject, old?: KubeObject) => {
      const run: Run = { left: runtimeCostBudget, causes: [] };
      visit(node, { value: object, old, path: '' }, run);
      return run.causes;
    };
  };

/** One validation of one object. Its rules share a budget. */
interface Run {
  left: number;
  readonly causes: Cause[];
}

interface Place {
  readonly value: unknown;
  /** What was here before; undefined: nothing that can be compared. */
  readonly old: unknown;
  readonly path: string;
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const memberOf = (value: unknown, key: string): unknown =>
  isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined;

function visit(node: Node, place: Place, run: Run): void {
  const { value, old, path } = place;
  if (value === undefined || value === null) return;
  for (const rule of node.rules) if (run.left >= 0) evaluate(node, rule, place, run);
  const { items, schema } = node;
  if (Array.isArray(value)) {
    if (!items) return;
    const before = oldItemsOf(schema, old);
    value.forEach((item: unknown, index) => {
      visit(items, { value: item, old: before(item), path: `${path}[${index}]` }, run);
    });
  } else if (isFields(value)) visitMembers(node, place, value, run);
}

function visitMembers(node: Node, { old, path }: Place, value: Readonly<Record<string, unknown>>, run: Run): void {
  for (const [key, member] of Object.entries(value)) {
    const isNamed = propertyOf(node.schema, key) !== undefined;
    const child = isNamed ? node.properties.get(key) : node.additional;
    if (!child) continue;
    const at = isNamed ? (path === '' ? key : `${path}.${key}`) : `${path}[${key}]`;
    visit(child, { value: member, old: memberOf(old, key), path: at }, run);
  }
}

function evaluate(node: Node, compiled: CompiledRule, place: Place, run: Run): void {
  const { rule, program, isTransition } = compiled;
  const { value, old } = place;
  if (!program || (isTransition && old === undefined && rule.optionalOldSelf !== true)) return;
  const bindings: Bindings = { self: () => node.read(value), oldSelf: () => oldSelf(node, compiled, old) };
  const evaluation = spend(program, bindings, run);
  if ('value' in evaluation && evaluation.value === true) return;
  const isKept = !isTransition && old !== undefined && isDeepStrictEqual(old, value);
  if (isKept && run.left >= 0) return;
  run.causes.push(causeOf(node, compiled, { place, evaluation, bindings }, run));
}

function oldSelf({ read }: Node, { rule }: CompiledRule, old: unknown): ReturnType<Reader> | Optional {
  if (rule.optionalOldSelf !== true) return read(old);
  return old === undefined ? Optional.none : new Optional(read(old));
}

function spend(program: Program, bindings: Bindings, run: Run): Evaluation {
  const evaluation = program.evaluate(bindings, { budget: run.left });
  run.left -= evaluation.cost;
  return evaluation;
}

interface Broken {
  readonly place: Place;
  readonly evaluation: Evaluation;
  readonly bindings: Bindings;
}

const invalid = (field: string, message: string): Cause => ({ reason: 'FieldValueInvalid', field, message });

const mismatched = 'call arguments did not match a supported operator, function or macro signature for rule';

function causeOf(node: Node, compiled: CompiledRule, broken: Broken, run: Run): Cause {
  const { place, evaluation, bindings } = broken;
  const field = place.path === '' ? '<nil>' : place.path;
  if ('error' in evaluation) {
    const { rule, message } = compiled.rule;
    const text = (message || rule).trim();
    const type = JSON.stringify(node.schema.type ?? '');
    if (evaluation.exceeded) {
      run.left = -1;
      const why = `no further validation rules will be run due to call cost exceeds limit for rule: ${text}`;
      return invalid(field, `Invalid value: ${type}: 'operation cancelled: actual cost limit exceeded': ${why}`);
    }
    if (evaluation.error.startsWith('no such overload')) {
      return invalid(field, `Invalid value: ${type}: '${evaluation.error}': ${mismatched}: ${text}`);
    }
    return invalid(field, `Invalid value: ${type}: ${evaluation.error} evaluating rule: ${text}`);
  }
  return brokenCause(node, compiled, place, messageOf(compiled, bindings, run));
}

/** What the rule says of the value: by its expression where that works, by its text, or by itself. */
function messageOf({ rule, message }: CompiledRule, bindings: Bindings, run: Run): string {
  const evaluation = message && run.left > 0 ? spend(message, bindings, run) : undefined;
  const made = evaluation && 'value' in evaluation ? evaluation.value : undefined;
  if (typeof made === 'string' && made.trim() !== '' && !/[\n\r]/.test(made)) return made.trim();
  return rule.message?.trim() || `failed rule: ${rule.rule.trim()}`;
}

function brokenCause({ schema }: Node, { rule }: CompiledRule, { path, value }: Place, detail: string): Cause {
  const below = rule.fieldPath ? showFieldPath(schema, fieldPathOf(schema, rule.fieldPath) ?? []) : '';
  const field = `${path}${below}`.replace(/^\./, '') || '<nil>';
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return { reason: rule.reason, field, message: `Forbidden: ${detail}` };
    case 'FieldValueRequired':
      return { reason: rule.reason, field, message: `Required value: ${detail}` };
    case 'FieldValueDuplicate':
      return { reason: rule.reason, field, message: 'Duplicate value' };
    default:
      return invalid(field, `Invalid value: ${typeof value === 'object' ? '' : `${JSON.stringify(value)}: `}${detail}`);
  }
}
