import { apiVersionOf } from '@kubephant/api';
import { schemaOfKind, type GroupVersionKind } from '../kinds';
import type { Components } from './components';
import * as parameters from './parameters';
import type { Json, OpenApiRow, OpenApiSubresource } from './row';

export const mediaTypes: readonly string[] = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
];
const streamTypes = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];
const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];
/** Custom resources have no messages of their own, nor lists that could be merged by rules of their types. */
const everyResource = (type: string): boolean => !/protobuf|strategic|stream=/.test(type);
const methodOf: Readonly<Record<string, string>> = {
  create: 'post',
  delete: 'delete',
  get: 'get',
  patch: 'patch',
  update: 'put',
};
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The words of a group: `rbac.authorization.k8s.io` is `rbac`, `authorization`; the core group is `core`. */
export const groupWords = (group: string): readonly string[] => (group || 'core').replace(/\.k8s\.io$/, '').split('.');

/** Writes the operations of one resource. */
export class Operations {
  readonly #row: OpenApiRow;
  readonly #components: Components;
  readonly #paths: Record<string, Json>;
  readonly #root: string;
  /** `AppsV1`, in the middle of the identifiers of operations. */
  readonly #tag: string;
  /** Of those media types the ones that the resource has. */
  readonly #known: (types: readonly string[]) => readonly string[];

  constructor(row: OpenApiRow, components: Components, paths: Record<string, Json>) {
    this.#row = row;
    this.#components = components;
    this.#paths = paths;
    this.#root = row.group ? `/apis/${row.group}/${row.version}` : `/api/${row.version}`;
    this.#tag = `${groupWords(row.group).map(capital).join('')}${capital(row.version)}`;
    this.#known = (types) => (row.custom ? types.filter(everyResource) : types);
  }

  write(): void {
    const { namespaced, plural, kind, subresources = {} } = this.#row;
    const scope = namespaced ? 'Namespaced' : '';
    const collection = `${this.#root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}`;
    const place = namespaced ? [parameters.namespaceParameter] : [];
    if (namespaced && this.#row.verbs.includes('list')) {
      this.#add(`${this.#root}/${plural}`, [...parameters.listParameters, parameters.pretty], {
        get: this.#list('ForAllNamespaces'),
      });
    }
    this.#add(collection, [...place, parameters.pretty], this.#onCollection(scope));
    const item = [parameters.pathParameter('name', `Name of the ${kind}.`), ...place];
    this.#add(`${collection}/{name}`, [...item, parameters.pretty], this.#onItem(scope));
    if (this.#row.verbs.includes('watch') && !this.#row.custom) this.#watches(scope, place, item);
    for (const [name, subresource] of Object.entries(subresources)) {
      this.#subresource(`${collection}/{name}/${name}`, item, name, subresource);
    }
  }

  /** The paths of watches before there was a parameter for it. */
  #watches(scope: string, place: readonly Json[], item: readonly Json[]): void {
    const { namespaced, plural, kind } = this.#row;
    const query = [...parameters.listParameters, parameters.pretty];
    const watch = (path: string, shared: readonly Json[], action: string, what: string): void => {
      const content = contentOf([...mediaTypes, ...streamTypes], this.#components.reference(`${meta}.WatchEvent`));
      const responses = this.#responses([200], content);
      const get = this.#operation(action, `watch${this.#tag}${what}`, this.#row, { responses });
      this.#add(`${this.#root}/watch/${path}`, [...shared, ...query], { get });
    };
    const collection = `${namespaced ? 'namespaces/{namespace}/' : ''}${plural}`;
    if (namespaced) watch(plural, [], 'watchlist', `${kind}ListForAllNamespaces`);
    watch(collection, place, 'watchlist', `${scope}${kind}List`);
    watch(`${collection}/{name}`, item, 'watch', `${scope}${kind}`);
  }

  #onCollection(scope: string): Record<string, Json> {
    const { kind, verbs, schema } = this.#row;
    const list = verbs.includes('list') && { get: this.#list('', scope) };
    const create = verbs.includes('create') && {
      post: this.#write('post', `create${this.#tag}${scope}${kind}`, this.#row, schema),
    };
    const remove = verbs.includes('deletecollection') && {
      delete: this.#delete(
        'deletecollection',
        `delete${this.#tag}Collection${scope}${kind}`,
        parameters.deleteCollectionParameters,
      ),
    };
    return { ...remove, ...list, ...create };
  }

  #onItem(scope: string): Record<string, Json> {
    const { kind, verbs, schema } = this.#row;
    const remove = verbs.includes('delete') && {
      delete: this.#delete('delete', `delete${this.#tag}${scope}${kind}`, parameters.deleteParameters),
    };
    return { ...remove, ...this.#readAndWrite(verbs, `${scope}${kind}`, this.#row, schema) };
  }

  #readAndWrite(verbs: readonly string[], what: string, kind: GroupVersionKind, schema: string): Record<string, Json> {
    const get = verbs.includes('get') && {
      get: this.#operation('get', `read${this.#tag}${what}`, kind, {
        responses: this.#responses([200], this.#content(schema)),
      }),
    };
    const patch = verbs.includes('patch') && {
      patch: this.#operation('patch', `patch${this.#tag}${what}`, kind, {
        parameters: parameters.patchParameters,
        requestBody: {
          content: contentOf(this.#known(patchTypes), this.#components.reference(`${meta}.Patch`)),
          required: true,
        },
        responses: this.#responses(this.#row.custom ? [200] : [200, 201], this.#content(schema)),
      }),
    };
    const put = verbs.includes('update') && {
      put: this.#write('put', `replace${this.#tag}${what}`, kind, schema),
    };
    return { ...get, ...patch, ...put };
  }

  #subresource(path: string, item: readonly Json[], name: string, subresource: OpenApiSubresource): void {
    const known = schemaOfKind(apiVersionOf(subresource.group, subresource.version), subresource.kind);
    const what = `${this.#row.namespaced ? 'Namespaced' : ''}${this.#row.kind}${capital(name)}`;
    if (name === 'log') {
      this.#log(path, item, what);
    } else if (known && subresource.kind.endsWith('Options')) {
      const query = parameters.optionParameters(known);
      this.#add(path, [...item, ...query], this.#connect(what, subresource));
      if (name !== 'proxy') return;
      const rest = parameters.pathParameter('path', 'Path on what is connected to.');
      this.#add(`${path}/{path}`, [...item, ...query, rest], this.#connect(`${what}WithPath`, subresource));
    } else {
      const operations = this.#typed(what, subresource, known?.name ?? this.#row.schema);
      this.#add(path, [...item, parameters.pretty], operations);
    }
  }

  #typed(what: string, subresource: OpenApiSubresource, schema: string): Record<string, Json> {
    const create = subresource.verbs.includes('create') && {
      post: this.#write('post', `create${this.#tag}${what}`, subresource, schema),
    };
    return { ...create, ...this.#readAndWrite(subresource.verbs, what, subresource, schema) };
  }

  #log(path: string, item: readonly Json[], what: string): void {
    const options = schemaOfKind('v1', 'PodLogOptions');
    const content = contentOf(['text/plain', ...mediaTypes], { type: 'string' });
    const get = this.#operation('get', `read${this.#tag}${what}`, this.#row, {
      responses: this.#responses([200], content),
    });
    this.#add(path, [...item, parameters.pretty, ...(options ? parameters.optionParameters(options) : [])], { get });
  }

  #connect(what: string, { verbs, ...kind }: OpenApiSubresource): Record<string, Json> {
    const content = contentOf(['*/*'], { type: 'string' });
    const methods = verbs.flatMap((verb) => methodOf[verb] ?? []);
    if (verbs.includes('update')) methods.push('head', 'options');
    return Object.fromEntries(
      methods.sort().map((method) => [
        method,
        this.#operation('connect', `connect${this.#tag}${capital(method)}${what}`, kind, {
          responses: this.#responses([200], content),
        }),
      ]),
    );
  }

  #list(suffix: string, scope = ''): Json {
    const { kind, schema } = this.#row;
    const types = this.#known([...mediaTypes, ...streamTypes]);
    const content = contentOf(types, this.#components.reference(`${schema}List`));
    return this.#operation('list', `list${this.#tag}${scope}${kind}${suffix}`, this.#row, {
      ...(suffix === '' && { parameters: parameters.listParameters }),
      responses: this.#responses([200], content),
    });
  }

  #delete(action: 'delete' | 'deletecollection', id: string, query: readonly Json[]): Json {
    const { schema, deleteReturnsObject } = this.#row;
    const answer = action === 'delete' && deleteReturnsObject ? schema : `${meta}.Status`;
    return this.#operation(action, id, this.#row, {
      parameters: query,
      requestBody: { content: this.#body(`${meta}.DeleteOptions`) },
      responses: this.#responses(action === 'delete' ? [200, 202] : [200], this.#content(answer)),
    });
  }

  #write(action: 'post' | 'put', id: string, kind: GroupVersionKind, schema: string): Json {
    return this.#operation(action, id, kind, {
      parameters: parameters.writeParameters,
      requestBody: { content: this.#body(schema), required: true },
      responses: this.#responses(action === 'post' ? [200, 201, 202] : [200, 201], this.#content(schema)),
    });
  }

  #content = (schema: string): Json => contentOf(this.#known(mediaTypes), this.#components.reference(schema));

  #body = (schema: string): Json =>
    contentOf(this.#row.custom ? this.#known(mediaTypes) : ['*/*'], this.#components.reference(schema));

  #responses(codes: readonly (keyof typeof outcomes)[], content: Json): Json {
    const answers = codes.map((code) => [code, { content, description: outcomes[code] }]);
    return Object.fromEntries([...answers, [401, { description: 'Unauthorized' }]]) as Json;
  }

  #operation(action: string, operationId: string, { group, version, kind }: GroupVersionKind, rest: Json): Json {
    const [first = '', ...others] = groupWords(this.#row.group);
    return {
      description: `${action} ${kind}`,
      operationId,
      ...rest,
      tags: [`${first}${others.map(capital).join('')}_${this.#row.version}`],
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group, kind, version },
    };
  }

  /** What all operations of a path take is said once, of the path. */
  #add(path: string, shared: readonly Json[], operations: Record<string, Json>): void {
    const [first, ...others] = Object.values(operations).map(parametersOf);
    if (!first) return;
    const common = first.filter((one) => others.every((list) => list.includes(one)));
    const own = Object.entries(operations).map(([method, { parameters: _parameters, ...rest }]) => {
      const left = parametersOf(operations[method] ?? {}).filter((one) => !common.includes(one));
      return [method, { ...rest, ...(left.length > 0 && { parameters: left }) }];
    });
    const all = [...shared, ...common].sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1));
    this.#paths[path] = { ...(Object.fromEntries(own) as Json), parameters: all };
  }
}

const parametersOf = ({ parameters: own = [] }: Json): readonly Json[] => own as readonly Json[];

const outcomes = { 200: 'OK', 201: 'Created', 202: 'Accepted' } as const;

export const contentOf = (types: readonly string[], schema: Json): Json =>
  Object.fromEntries(types.map((type) => [type, { schema }]));
