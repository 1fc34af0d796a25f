import type { Json } from '../json';
import { compileJsonataTemplate } from '../query/jsonata';
import { compilePayloadTemplate } from '../query/payload-template';
import type { Query, QueryLanguage, QueryScope, QueryTools } from '../query/query';
import type { Place } from './definition-error';

/** Tells which integrations the runtime can call. Answers what is wrong, or undefined. */
export type ResourceCheck = (service: string, api: string) => string | undefined;

/** What is known while one block of a machine is compiled. */
export class Compilation {
  constructor(
    readonly tools: QueryTools,
    readonly checkResource: ResourceCheck,
    /** The language of the block, or of the state that has one of its own. */
    readonly language: QueryLanguage,
    /** Variables that a state of this block, or of one around it, assigns. */
    readonly variables: ReadonlySet<string>,
  ) {}

  /** What a field may refer to; `$states.result` and `$states.errorOutput` only where named. */
  scope(...states: ('result' | 'errorOutput')[]): QueryScope {
    return { tools: this.tools, variables: this.variables, states: new Set(states) };
  }

  /** For a state with its own `QueryLanguage`. */
  in(language: QueryLanguage): Compilation {
    return new Compilation(this.tools, this.checkResource, language, this.variables);
  }

  /** For a block inside of this one, with the variables that it assigns itself. */
  inside(assigned: Iterable<string>): Compilation {
    return new Compilation(
      this.tools,
      this.checkResource,
      this.language,
      new Set([...this.variables, ...assigned]),
    );
  }

  /** Compiles a value with expressions in it, as this language writes them. */
  template(value: Json, place: Place, scope: QueryScope): Query {
    return this.language === 'JSONata'
      ? compileJsonataTemplate(value, place, scope)
      : compilePayloadTemplate(value, place, scope);
  }
}
