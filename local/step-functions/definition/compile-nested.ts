import { type NumberQuery, type NumberRule, compileNumber, compileNumberPath } from '../query/whole-number';
import { compilePathOrIntrinsic } from '../query/payload-template';
import type { Query } from '../query/query';
import type { Compilation } from './compilation';
import { compileBlock } from './compile-block';
import { compileFlow } from './compile-flow';
import { compileCatch, compileRetry } from './compile-recovery';
import { Fields } from './fields';
import type { Block, MapState, ParallelState } from './machine';

/** 0 stands for "no limit" as a concurrency, and for "none" as a tolerance. */
const COUNT: NumberRule = { least: 0, most: Number.MAX_SAFE_INTEGER };
const PERCENTAGE: NumberRule = { least: 0, most: 100, fractions: true };

/** What a branch and an item processor have in common with a machine. They have no language of their own. */
const BLOCK = ['StartAt', 'States', 'Comment'];

/** Compiles what is a Parallel's own. */
export function compileParallel(
  fields: Fields,
  compilation: Compilation,
): Omit<ParallelState, 'name' | 'comment' | 'next'> {
  const branches = fields.objects('Branches');
  if (branches.length === 0) fields.place.refuse('Branches must have at least one branch');
  return {
    type: 'Parallel',
    flow: compileFlow(fields, compilation, true),
    retry: compileRetry(fields),
    catch: compileCatch(fields, compilation),
    branches: branches.map((branch) => {
      branch.allow(BLOCK, 'a branch');
      return compileBlock(branch, compilation);
    }),
  };
}

/** Compiles what is a Map's own. Throws `DefinitionError` for a Distributed Map. */
export function compileMap(
  fields: Fields,
  compilation: Compilation,
): Omit<MapState, 'name' | 'comment' | 'next'> {
  const selector = fields.oneOf(['ItemSelector', 'Parameters'], 0);
  const scope = compilation.scope();
  // In a Map, the older `Parameters` is the item selector, not the state's arguments.
  const { Parameters: _selector, ...flowFields } = fields.object;
  return {
    type: 'Map',
    flow: compileFlow(new Fields(flowFields, fields.place), compilation, true),
    retry: compileRetry(fields),
    catch: compileCatch(fields, compilation),
    items: compileItems(fields, compilation),
    itemSelector:
      selector === undefined
        ? undefined
        : compilation.template(fields.get(selector) ?? null, fields.at(selector), scope),
    processor: compileProcessor(fields, compilation),
    maxConcurrency: compileLimit(fields, 'MaxConcurrency', COUNT, compilation),
    toleratedCount: compileLimit(fields, 'ToleratedFailureCount', COUNT, compilation),
    toleratedPercentage: compileLimit(fields, 'ToleratedFailurePercentage', PERCENTAGE, compilation),
  };
}

/**
 * `Iterator` is the older name of `ItemProcessor`. Distributed Map is refused by its name: its children are executions of
 * their own, with limits and a history that an inline Map does not have.
 */
function compileProcessor(fields: Fields, compilation: Compilation): Block {
  const key = fields.oneOf(['ItemProcessor', 'Iterator'], 1) ?? '';
  const processor = Fields.of(fields.get(key), fields.at(key));
  processor.allow([...BLOCK, 'ProcessorConfig'], 'an item processor');
  if (processor.has('ProcessorConfig')) {
    const config = Fields.of(processor.get('ProcessorConfig'), processor.at('ProcessorConfig'));
    const mode = config.optionalString('Mode') ?? 'INLINE';
    if (mode === 'DISTRIBUTED')
      config.at('Mode').refuse('Distributed Map (Mode DISTRIBUTED) is not supported locally');
    if (mode !== 'INLINE') config.at('Mode').refuse(`'${mode}' is no mode of a Map: use INLINE`);
    config.allow(['Mode'], 'an inline ProcessorConfig');
  }
  return compileBlock(processor, compilation);
}

/** Absent, the items are the effective input itself. */
function compileItems(fields: Fields, compilation: Compilation): Query {
  if (compilation.language === 'JSONata') {
    const items = fields.get('Items');
    return items === undefined
      ? (root) => root
      : compilation.template(items, fields.at('Items'), compilation.scope());
  }
  const path = fields.optionalString('ItemsPath');
  return path === undefined
    ? (root) => root
    : compilePathOrIntrinsic(path, fields.at('ItemsPath'), compilation.scope());
}

/** A literal, a path, or an expression; absent is undefined, which is not the same as 0. */
function compileLimit(
  fields: Fields,
  key: string,
  rule: NumberRule,
  compilation: Compilation,
): NumberQuery | undefined {
  const found = fields.oneOf([key, `${key}Path`], 0);
  if (found === undefined) return undefined;
  const scope = compilation.scope();
  if (found !== key) return compileNumberPath(fields.string(found), rule, fields.at(found), scope);
  return compileNumber(fields.get(key) ?? null, rule, compilation.language, fields.at(key), scope);
}
