// Reads what types and fields mean from the declarations of @kubernetes/client-node, which carry upstream's texts of
// the same version. Fields that refer to another definition have no text there.
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** Names a definition may have in client-node, most specific first. */
function modelNames(name) {
  const dot = name.lastIndexOf('.');
  const [group, version] = name.slice(0, dot).split('.').slice(-2);
  const [short, groupName] = [name.slice(dot + 1), capital(group)];
  return [`${groupName}${capital(version)}${short}`, `${capital(version)}${short}`];
}

/** What client-node makes of a field's name: `$ref`, `default` and `x-kubernetes-…` are not identifiers there. */
const propertyNames = (name) => [
  name,
  `_${name}`,
  name.replace(/^\$/, ''),
  name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase()),
];

const unescape = (text) =>
  text
    .replace(/^\s*\*\s?/gm, '')
    .replaceAll('*_/', '*/')
    .replaceAll('/_*', '/*')
    .replaceAll(/\\(['"])/g, '$1')
    .trim()
    .replaceAll(/(?<=\S)  ( *)(?=\S)/g, brokenLine);

/**
 * There each end of a line and each tabulator has become a space: two make a paragraph, more begin an indented line. A
 * paragraph where there was none reads better than one that is lost.
 */
const brokenLine = (_spaces, more) => (more === '' ? '\n\n' : `\n ${more}`);

/** The texts of one declaration file: of the class, and by property. */
function parseModel(source) {
  const texts = {};
  for (const [, text, name] of source.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*'([^']+)'\??:/g))
    texts[name] = unescape(text);
  const [, text = ''] = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*export declare class/.exec(source) ?? [];
  return { text: unescape(text), texts };
}

/** The text of a type in place of the field's own. */
const ofType = /^(IntOrString is a type|MicroTime is version of Time)/;

/** For each definition `[text, {field: text}]`. Fails when most definitions find no model: the texts would be lost silently. */
export async function readDescriptions(schemas) {
  const entry = createRequire(import.meta.url).resolve('@kubernetes/client-node');
  const folder = join(dirname(entry), 'gen/models');
  const models = new Set((await readdir(folder)).filter((file) => file.endsWith('.d.ts')));
  const result = {};
  for (const name of schemas.names()) {
    const model = modelNames(name).find((candidate) => models.has(`${candidate}.d.ts`));
    if (!model) continue;
    const { text, texts } = parseModel(await readFile(join(folder, `${model}.d.ts`), 'utf8'));
    const fields = [...schemas.get(name).fields.keys()].flatMap((field) => {
      const known = propertyNames(field).find((property) => texts[property] && !ofType.test(texts[property]));
      return known ? [[field, texts[known]]] : [];
    });
    result[name] = [text, Object.fromEntries(fields)];
  }
  const share = Object.keys(result).length / schemas.names().length;
  if (share < 0.9) throw new Error(`only ${Math.round(share * 100)} % of the definitions have a description`);
  return result;
}
