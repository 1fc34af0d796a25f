import { isJsonObject, type JsonObject } from './json-values';

/** What the intrinsic functions of a template look into. Each member throws an error that names what is missing. */
export interface IntrinsicScope {
  /** `Ref` of a parameter, resource or pseudo parameter. A list parameter answers a list. */
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): string;
  condition(name: string): boolean;
  mapping(map: string, topLevelKey: string, secondLevelKey: string): unknown;
}

/** What `{"Ref": "AWS::NoValue"}` stands for: the property or list element that holds it is not there. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: IntrinsicScope) => unknown;

/** A list of strings; CloudFormation prints numbers where it joins. */
function texts(value: unknown, what: string): string[] {
  if (!Array.isArray(value)) throw new Error(`${what} needs a list, but has ${JSON.stringify(value)}`);
  return value.map((element: unknown) => text(element, what));
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${what} needs a string, but has ${JSON.stringify(value)}`);
}

/** The arguments as they stand in the template, so many and no others. */
function parts(argument: unknown, count: number, what: string): readonly unknown[] {
  if (!Array.isArray(argument) || argument.length !== count) {
    throw new Error(`${what} needs a list of ${count} arguments, but has ${JSON.stringify(argument)}`);
  }
  return argument as readonly unknown[];
}

const join: Intrinsic = (argument, scope) => {
  const [delimiter, list] = parts(argument, 2, 'Fn::Join');
  return texts(resolveValue(list, scope), 'Fn::Join').join(text(delimiter, 'Fn::Join'));
};

const select: Intrinsic = (argument, scope) => {
  const [position, list] = parts(argument, 2, 'Fn::Select');
  const index = Number(text(resolveValue(position, scope), 'Fn::Select'));
  const values = resolveValue(list, scope);
  if (!Array.isArray(values) || !Number.isInteger(index) || index < 0 || index >= values.length) {
    throw new Error(`Fn::Select finds no element ${JSON.stringify(position)} in ${JSON.stringify(values)}`);
  }
  return values[index] as unknown;
};

const split: Intrinsic = (argument, scope) => {
  const [delimiter, source] = parts(argument, 2, 'Fn::Split');
  return text(resolveValue(source, scope), 'Fn::Split').split(text(delimiter, 'Fn::Split'));
};

/** Both forms: a string alone, or `[string, {name: value}]`. `${!Literal}` stays as `${Literal}`. */
const sub: Intrinsic = (argument, scope) => {
  const [template, own] = Array.isArray(argument) ? parts(argument, 2, 'Fn::Sub') : [argument, {}];
  if (!isJsonObject(own))
    throw new Error(`Fn::Sub needs an object of variables, but has ${JSON.stringify(own)}`);
  return text(template, 'Fn::Sub').replace(/\$\{(!?)([^}]*)\}/g, (_whole, literal: string, inner: string) => {
    if (literal === '!') return `\${${inner}}`;
    const name = inner.trim();
    const value = Object.hasOwn(own, name) ? resolveValue(own[name], scope) : lookUp(name, scope);
    return text(value, `\${${name}} in Fn::Sub`);
  });
};

/** `Name` is a `Ref`, `Name.Attribute` a `GetAtt`; an attribute's name may hold dots itself. */
function lookUp(name: string, scope: IntrinsicScope): unknown {
  const dot = name.indexOf('.');
  return dot < 0 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1));
}

const getAtt: Intrinsic = (argument, scope) => {
  if (typeof argument === 'string') return lookUp(argument, scope);
  const [logicalId, attribute] = parts(argument, 2, 'Fn::GetAtt');
  return scope.attribute(text(logicalId, 'Fn::GetAtt'), text(resolveValue(attribute, scope), 'Fn::GetAtt'));
};

const choose: Intrinsic = (argument, scope) => {
  const [condition, whenTrue, whenFalse] = parts(argument, 3, 'Fn::If');
  // Only the branch that is taken is resolved: the other may name a resource that its condition left out.
  return resolveValue(scope.condition(text(condition, 'Fn::If')) ? whenTrue : whenFalse, scope);
};

const findInMap: Intrinsic = (argument, scope) => {
  const [map, top, second] = parts(argument, 3, 'Fn::FindInMap').map((part) =>
    text(resolveValue(part, scope), 'Fn::FindInMap'),
  );
  return scope.mapping(map ?? '', top ?? '', second ?? '');
};

/** What a property value may use. Everything else that starts with `Fn::` stops the load. */
const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', (argument, scope) => scope.ref(text(argument, 'Ref'))],
  ['Fn::GetAtt', getAtt],
  ['Fn::Join', join],
  ['Fn::Sub', sub],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::If', choose],
  ['Fn::FindInMap', findInMap],
  [
    'Fn::Base64',
    (argument, scope) => Buffer.from(text(resolveValue(argument, scope), 'Fn::Base64')).toString('base64'),
  ],
]);

/** The name of the intrinsic function that `object` is a call of, or `undefined`. */
function intrinsicName(object: JsonObject): string | undefined {
  const names = Object.keys(object);
  // `Ref` counts only where it stands alone: a property of that name among others is a property.
  const name = names.find((each) => each.startsWith('Fn::') || (each === 'Ref' && names.length === 1));
  if (name !== undefined && names.length > 1) {
    throw new Error(`the intrinsic function ${name} must stand alone, but stands with ${names.join(', ')}`);
  }
  return name;
}

/**
 * A template value with its intrinsic functions replaced by what they answer. Properties and list elements that are
 * `AWS::NoValue` are left out; a value that is `AWS::NoValue` itself is answered as {@link NO_VALUE}.
 *
 * @throws Error for a function that is not supported (such as `Fn::ImportValue`), for wrong arguments, and for dynamic
 * references (`{{resolve:…}}`)
 */
export function resolveValue(value: unknown, scope: IntrinsicScope): unknown {
  if (typeof value === 'string' && value.includes('{{resolve:')) {
    throw new Error(`the dynamic reference ${JSON.stringify(value)} cannot be resolved without AWS`);
  }
  if (Array.isArray(value)) {
    return value
      .map((element: unknown) => resolveValue(element, scope))
      .filter((element) => element !== NO_VALUE);
  }
  if (!isJsonObject(value)) return value;
  const name = intrinsicName(value);
  if (name === undefined) return resolveProperties(value, scope);
  const intrinsic = INTRINSICS.get(name);
  if (intrinsic === undefined) {
    throw new Error(
      `the intrinsic function ${name} is not supported by the local runtime; it knows ${[...INTRINSICS.keys()].join(', ')}`,
    );
  }
  return intrinsic(value[name], scope);
}

/** {@link resolveValue} of every property; those that are `AWS::NoValue` are gone. */
export function resolveProperties(object: JsonObject, scope: IntrinsicScope): Record<string, unknown> {
  const resolved = Object.entries(object).map(([name, value]) => [name, resolveValue(value, scope)] as const);
  return Object.fromEntries(resolved.filter(([, value]) => value !== NO_VALUE));
}

/**
 * Whether a condition of the template's `Conditions` holds. They have functions of their own; inside, values may use the
 * others.
 *
 * @throws Error for a function that conditions do not have
 */
export function evaluateCondition(condition: unknown, scope: IntrinsicScope): boolean {
  const [name, argument] = (isJsonObject(condition) ? Object.entries(condition) : []).at(0) ?? [
    '',
    undefined,
  ];
  const operands = () => {
    if (!Array.isArray(argument))
      throw new Error(`${name} needs a list, but has ${JSON.stringify(argument)}`);
    return argument as readonly unknown[];
  };
  switch (name) {
    case 'Condition':
      return scope.condition(text(argument, 'Condition'));
    case 'Fn::Equals': {
      const [left, right] = parts(argument, 2, 'Fn::Equals').map((side) => resolveValue(side, scope));
      // Parameters are strings: "3" and 3 are the same to CloudFormation.
      return JSON.stringify(printed(left)) === JSON.stringify(printed(right));
    }
    case 'Fn::And':
      return operands().every((operand) => evaluateCondition(operand, scope));
    case 'Fn::Or':
      return operands().some((operand) => evaluateCondition(operand, scope));
    case 'Fn::Not':
      return !evaluateCondition(parts(argument, 1, 'Fn::Not')[0], scope);
    default:
      throw new Error(
        `the condition ${JSON.stringify(condition)} is not supported; conditions are made of Condition, Fn::Equals, ` +
          'Fn::And, Fn::Or and Fn::Not',
      );
  }
}

function printed(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
