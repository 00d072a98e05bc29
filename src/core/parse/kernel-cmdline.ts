/** Parameters of the kernel command line in their order; `value` is null for a bare word. */
export interface KernelParameter {
  readonly name: string;
  readonly value: string | null;
}

/** Splits as the kernel does: at blanks outside double quotes, quotes taken off. */
export function parseKernelCmdline(text: string): readonly KernelParameter[] {
  const words = text.slice(0, 65_536).match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? [];
  return words.map((word) => {
    const bare = word.replaceAll('"', '');
    const equals = bare.indexOf('=');
    return equals < 1
      ? { name: bare, value: null }
      : { name: bare.slice(0, equals), value: bare.slice(equals + 1) };
  });
}

/** The last value given for a parameter, as the kernel and the initramfs take it; null when there is none. */
export function lastValue(parameters: readonly KernelParameter[], name: string): string | null {
  return (
    parameters.findLast((parameter) => parameter.name === name && parameter.value !== null)?.value ?? null
  );
}
