/** The same port, whose calls are written down, each as `<name>.<method>`, before they are made. */
export function countedPort<Port extends object>(name: string, port: Port, calls: string[]): Port {
  return new Proxy(port, {
    get(target, method): unknown {
      const member: unknown = Reflect.get(target, method);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        calls.push(`${name}.${String(method)}`);
        return Reflect.apply(member, target, args) as unknown;
      };
    },
  });
}
