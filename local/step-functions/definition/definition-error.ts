/** A definition that the service, or this interpreter, does not take. */
export class DefinitionError extends Error {
  constructor(
    /** A JSON pointer to the place, such as `/States/Grant/Retry/0`. */
    readonly pointer: string,
    readonly problem: string,
  ) {
    super(`${problem} at ${pointer === '' ? '/' : pointer}`);
    this.name = 'DefinitionError';
  }
}

/** Where in a definition something stands: for errors of the definition, and for errors of its evaluation. */
export class Place {
  private constructor(
    readonly pointer: string,
    /** The path inside its state, such as `Output/accounts[0]`; empty outside of a state. */
    readonly field: string,
  ) {}

  static readonly root = new Place('', '');

  /** A member of the object at this place. */
  at(key: string): Place {
    const escaped = key.replaceAll('~', '~0').replaceAll('/', '~1');
    return new Place(`${this.pointer}/${escaped}`, this.field === '' ? key : `${this.field}/${key}`);
  }

  /** An item of the array at this place. */
  item(index: number): Place {
    return new Place(`${this.pointer}/${index}`, `${this.field}[${index}]`);
  }

  /** The same place, with fields counted from here: a state's own. */
  asState(): Place {
    return new Place(this.pointer, '');
  }

  refuse(problem: string): never {
    throw new DefinitionError(this.pointer, problem);
  }
}
