/** A state of the Amazon States Language, as far as a picture shows it. */
interface DrawnState {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
}

/** A state machine's definition, as far as a picture shows it. */
export interface DrawnMachine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, DrawnState>>;
}

/**
 * The definitions of all state machines of a synthesized template, by physical name. References to other resources, which
 * stand inside the text of a definition, become `${<logical id>}`: they are no part of the picture.
 *
 * @throws Error where a machine has no fixed name or its definition is not text
 */
export function machineDefinitions(template: unknown): Readonly<Record<string, DrawnMachine>> {
  const { Resources } = template as { readonly Resources: Readonly<Record<string, TemplateResource>> };
  const machines: Record<string, DrawnMachine> = {};
  for (const [logicalId, { Type, Properties }] of Object.entries(Resources)) {
    if (Type !== 'AWS::StepFunctions::StateMachine') continue;
    const name = Properties?.StateMachineName;
    if (typeof name !== 'string') throw new Error(`${logicalId} has no fixed StateMachineName`);
    machines[name] = JSON.parse(joinedText(Properties?.DefinitionString, logicalId)) as DrawnMachine;
  }
  return machines;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

function joinedText(value: unknown, logicalId: string): string {
  if (typeof value === 'string') return value;
  const join = (value as { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] } | undefined)?.[
    'Fn::Join'
  ];
  if (join === undefined)
    throw new Error(`the DefinitionString of ${logicalId} is neither text nor Fn::Join`);
  return join[1].map((part) => (typeof part === 'string' ? part : referenceName(part))).join(join[0]);
}

function referenceName(reference: unknown): string {
  const { Ref, 'Fn::GetAtt': attribute } = reference as {
    readonly Ref?: string;
    readonly 'Fn::GetAtt'?: string[];
  };
  return `\${${Ref ?? attribute?.[0] ?? 'value'}}`;
}

/** A mermaid `stateDiagram-v2` of a machine, one transition a line, in the order of the definition. */
export function drawMachine(machine: DrawnMachine): string {
  const names = Object.keys(machine.States);
  const lines = ['stateDiagram-v2', `  [*] --> ${idOf(machine.StartAt)}`];
  for (const name of names) lines.push(`  state "${name}" as ${idOf(name)}`);
  for (const [name, state] of Object.entries(machine.States)) {
    for (const [target, labels] of transitionsOf(state)) {
      const label = labels.filter((each) => each !== '').join(', or ');
      lines.push(`  ${idOf(name)} --> ${target}${label === '' ? '' : ` : ${label}`}`);
    }
  }
  return lines.join('\n');
}

/** Where a state leads, with what is written on each arrow. Two ways to one state are one arrow. */
function transitionsOf(state: DrawnState): ReadonlyMap<string, string[]> {
  const transitions = new Map<string, string[]>();
  const add = (target: string, label: string): void => {
    transitions.set(target, [...(transitions.get(target) ?? []), label]);
  };
  if (state.Type === 'Succeed' || state.Type === 'Fail') add('[*]', state.Type === 'Fail' ? 'failed' : '');
  for (const { Condition, Next } of state.Choices ?? []) add(idOf(Next), conditionInWords(Condition));
  if (state.Default !== undefined) add(idOf(state.Default), 'otherwise');
  if (state.Next !== undefined) add(idOf(state.Next), (state.Catch ?? []).length > 0 ? 'answered' : '');
  for (const { ErrorEquals, Next } of state.Catch ?? []) {
    add(
      idOf(Next),
      ErrorEquals.map((error) => (error === 'States.Timeout' ? 'time is over' : error)).join(', '),
    );
  }
  return transitions;
}

/** `{% $states.input.next = 'decide' %}` is `decide`; anything else stays as it is, without its brackets. */
function conditionInWords(condition: string): string {
  const bare = condition.replace(/^\{%\s*|\s*%\}$/g, '');
  return /^\$states\.input\.next = '(\w+)'$/.exec(bare)?.[1] ?? bare;
}

/** Names are sentences; a mermaid id is letters and digits. */
function idOf(name: string): string {
  return name.replace(/[^A-Za-z0-9]+(\w?)/g, (_whole, next: string) => next.toUpperCase());
}

/**
 * Puts a picture between the two markers of its machine, `<!-- diagram: <name> -->` and `<!-- end of diagram: <name> -->`.
 *
 * @throws Error where the markers are not there
 */
export function replaceDiagram(document: string, name: string, picture: string): string {
  const [start, end] = [`<!-- diagram: ${name} -->`, `<!-- end of diagram: ${name} -->`];
  const [from, to] = [document.indexOf(start), document.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`the document has no lines "${start}" and "${end}": write them where the picture goes`);
  return `${document.slice(0, from)}${start}\n\n\`\`\`mermaid\n${picture}\n\`\`\`\n\n${document.slice(to)}`;
}
