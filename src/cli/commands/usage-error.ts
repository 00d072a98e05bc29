import { InvalidArgumentError } from 'commander';

/** A command line that cannot be obeyed; main prints it and exits with status 2. */
export function usageError(message: string): never {
  throw new InvalidArgumentError(message);
}
