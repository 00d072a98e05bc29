import { join } from 'node:path';
import { type Node, SyntaxKind } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

/** Statements and expressions that choose between two ways; a walk over all of a list and a default value do not. */
const DECISIONS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.IfStatement,
  SyntaxKind.SwitchStatement,
  SyntaxKind.ConditionalExpression,
  SyntaxKind.ForStatement,
  SyntaxKind.WhileStatement,
  SyntaxKind.DoStatement,
  SyntaxKind.AmpersandAmpersandToken,
  SyntaxKind.BarBarToken,
]);

/** Those of the files (absolute paths) whose syntax holds a decision; `project` is the folder of their tsconfig.json. */
export function filesWithDecisions(project: string, files: readonly string[]): ReadonlySet<string> {
  const api = new API({ cwd: project });
  try {
    const snapshot = api.updateSnapshot({ openProjects: [join(project, 'tsconfig.json')] });
    const [opened] = snapshot.getProjects();
    return new Set(
      files.filter((file) => {
        const source = opened?.program.getSourceFile(file);
        if (source === undefined) throw new Error(`${file} is not in the project of tsconfig.json`);
        return decides(source);
      }),
    );
  } finally {
    api.close();
  }
}

const decides = (node: Node): boolean =>
  DECISIONS.has(node.kind) || node.forEachChild((child) => decides(child) || undefined) === true;
