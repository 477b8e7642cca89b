export {
  decodeBody,
  notRegistered,
  strictMessage,
  summary,
  type DecodedBody,
  type Expected,
  type MediaType,
} from './body';
export {
  decodeJson,
  decodeValue,
  decodeYaml,
  parseJson,
  type Decoded,
  type FieldValidation,
  type JsonText,
} from './decode';
export { cloneAsGiven, emptyAsGiven, knowingAsGiven, variant } from './convert';
export { DecodeError } from './error';
export { syntaxProblem } from './syntax';
export { restoreProblem } from './restore';
export { encodeYaml, parseYaml, type ParsedYaml } from './yaml';
