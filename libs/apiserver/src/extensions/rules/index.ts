import type { CheckRules } from '@kubephant/resources';
import type { CompileRules } from '../custom-resource';
import { newCheckRules } from './check';
import { newRuleCompiler } from './compile';
import { newCompileRules } from './evaluate';

/** The rules in CEL of custom resources: what is wrong with them, and what they say of objects (KEP-2876). */
export function newRules(): { readonly checkRules: CheckRules; readonly compileRules: CompileRules } {
  const compile = newRuleCompiler();
  return { checkRules: newCheckRules(compile), compileRules: newCompileRules(compile) };
}
