/** What a file loads, read from its syntax: static and dynamic imports, re-exports, `require`, and types named by `import()`. */
import { posix } from 'node:path';
import ts from 'typescript';

export interface File {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  readonly source: string;
}
export interface Import {
  readonly specifier: string;
  /** Whether nothing is left of it when types are erased. */
  readonly isType: boolean;
  readonly line: number;
}
/** What a rule finds wrong, as `path:line what`. */
export type Rule = (file: File) => string[];

const parsed = new WeakMap<File, ts.SourceFile>();
export function parse(file: File): ts.SourceFile {
  const known = parsed.get(file) ?? ts.createSourceFile(file.path, file.source, ts.ScriptTarget.ESNext, true);
  parsed.set(file, known);
  return known;
}

/** Calls `see` with every node of the file, outermost first. */
export function walk(root: ts.Node, see: (node: ts.Node) => void): void {
  see(root);
  ts.forEachChild(root, (child) => walk(child, see));
}
const lineOf = (node: ts.Node): number => node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
export const at = (file: File, node: ts.Node, what: string): string => `${file.path}:${lineOf(node)} ${what}`;

const textOf = (node: ts.Node | undefined): string | null =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : null;

const isTypeOnly = (node: ts.ImportDeclaration | ts.ExportDeclaration): boolean => {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const { importClause: clause } = node;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every((one) => one.isTypeOnly)
  );
};

/** `require('x')` by whatever name it goes, and `createRequire(…)('x')`. */
const isRequire = (callee: ts.Expression): boolean =>
  (ts.isIdentifier(callee) && callee.text === 'require') ||
  (ts.isCallExpression(callee) && ts.isIdentifier(callee.expression) && callee.expression.text === 'createRequire') ||
  (ts.isPropertyAccessExpression(callee) && callee.name.text === 'resolve' && isRequire(callee.expression));

function importOf(node: ts.Node): [specifier: string | null, isType: boolean] | null {
  if (ts.isImportDeclaration(node)) return [textOf(node.moduleSpecifier), isTypeOnly(node)];
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) return [textOf(node.moduleSpecifier), isTypeOnly(node)];
  if (ts.isImportTypeNode(node))
    return [ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : null, true];
  if (!ts.isCallExpression(node)) return null;
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword || isRequire(node.expression))
    return [textOf(node.arguments[0]), false];
  return null;
}

/** A specifier that is no literal reads as `?`. */
export function importsOf(file: File): readonly Import[] {
  const known = loads.get(file);
  if (known !== undefined) return known;
  const found: Import[] = [];
  walk(parse(file), (node) => {
    const one = importOf(node);
    if (one !== null) found.push({ specifier: one[0] ?? '?', isType: one[1], line: lineOf(node) });
  });
  loads.set(file, found);
  return found;
}
const loads = new WeakMap<File, readonly Import[]>();

/** The file below `src/` that a relative import names, without `src/`; null for one that is not relative. */
export function target(file: File, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  const resolved = posix.join(posix.dirname(file.path), specifier);
  return resolved.startsWith('src/') ? resolved.slice('src/'.length) : `../${resolved}`;
}
/** Where a file below `src/` lies: its room, or its own name beside the rooms. */
export const roomOf = (below: string): string => below.split('/')[0] ?? below;
/** `@a/b` of `@a/b/c`, `a` of `a/b`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
