/** The rules of the house, each a function of one file, so that each can be shown a file that breaks it. */
import { builtinModules } from 'node:module';
import ts from 'typescript';
import { at, importsOf, packageOf, parse, roomOf, target, walk } from './imports.ts';
import type { File, Rule } from './imports.ts';
import { DOORS, DRAWERS, NODE_DOORS, PURE_NODE, PURE_ROOMS, ROOMS, TOP_FILES } from './tables.ts';

const below = ({ path }: File): string => path.replace(/^src\//, '');
const isPure = (room: string): boolean => (PURE_ROOMS as readonly string[]).includes(room);
const isNode = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtinModules.includes(packageOf(specifier));

/** Rooms import `core`, the pure rooms by their `index.ts`, and themselves, not even a type from elsewhere. */
export const imports: Rule = (file) => {
  const own = roomOf(below(file));
  const allowed = ROOMS[own] ?? TOP_FILES[own];
  if (allowed === undefined) return [`${file.path}:1 is in no room that the table knows`];
  return importsOf(file).flatMap(({ specifier, line }) => {
    const to = target(file, specifier);
    if (specifier === '?') return [`${file.path}:${line} loads something whose name is not written there`];
    if (to === null) return [];
    if (to.startsWith('../')) return [`${file.path}:${line} imports ${specifier} from outside src/`];
    const room = roomOf(to);
    if (!allowed.includes(room)) return [`${file.path}:${line} (${own}) imports ${to}`];
    if (isPure(room) && room !== own && to !== `${room}/index.ts`)
      return [`${file.path}:${line} enters ${room} by ${to}, not by its index.ts`];
    return [];
  });
};

const opens = (doors: readonly string[], path: string): boolean =>
  doors.some((door) => (door.endsWith('/') ? path.startsWith(door) : path === door));

/** Each outside library is loaded by its doors only; its types may be named within the door's room. */
export const doors: Rule = (file) =>
  importsOf(file).flatMap(({ specifier, isType, line }) => {
    if (specifier.startsWith('.') || specifier === '?') return [];
    const path = below(file);
    if (isNode(specifier)) {
      const allowed = NODE_DOORS[packageOf(specifier.replace(/^node:/, ''))];
      if (!specifier.startsWith('node:')) return [`${file.path}:${line} imports ${specifier} without node:`];
      return allowed === undefined || isType || opens(allowed, path)
        ? []
        : [`${file.path}:${line} is no door to ${specifier}`];
    }
    const allowed = DOORS[packageOf(specifier)];
    if (allowed === undefined) return [`${file.path}:${line} imports ${specifier}, a library without a door`];
    const inRoom = allowed.some((door) => roomOf(door) === roomOf(path));
    return opens(allowed, path) || (isType && inRoom) ? [] : [`${file.path}:${line} is no door to ${specifier}`];
  });

const WORLD = new Set(
  'process performance globalThis global setTimeout setInterval setImmediate queueMicrotask fetch crypto navigator WebSocket Worker WeakRef FinalizationRegistry console eval Function'.split(
    ' ',
  ),
);
const LOCAL =
  /^(?:toLocale\w+|localeCompare|(?:get|set)(?:FullYear|Month|Date|Day|Hours|Minutes|Seconds|TimezoneOffset)|toDateString|toTimeString)$/;

/** Whether a name is used as a value: not a property, a key, a type, or a name that the file itself gives. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent) || ts.isExpressionWithTypeArguments(parent))
    return false;
  return !('name' in parent && parent.name === node) && !(ts.isBindingElement(parent) && parent.propertyName === node);
}

function impurity(node: ts.Node, hasIntl: boolean): string | null {
  if (ts.isPropertyAccessExpression(node)) {
    const called = `${node.expression.getText()}.${node.name.text}`;
    if (called === 'Date.now' || called === 'Math.random') return called;
    return LOCAL.test(node.name.text) ? `.${node.name.text}, which depends on the machine's zone or language` : null;
  }
  if (ts.isNewExpression(node))
    return node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0 ? 'new Date()' : null;
  if (ts.isCallExpression(node)) return node.expression.getText() === 'Date' ? 'Date()' : null;
  if (!ts.isIdentifier(node) || !isValue(node)) return null;
  return WORLD.has(node.text) || (node.text === 'Intl' && !hasIntl) ? node.text : null;
}

/** Pure rooms, and what they load of `core`, ask nothing of clock, chance, machine or network. `clean` has no Intl either. */
export const purity: Rule = (file) => {
  const found: string[] = [];
  walk(parse(file), (node) => {
    const what = impurity(node, roomOf(below(file)) === 'compare');
    if (what !== null) found.push(at(file, node, `is not pure: ${what}`));
  });
  for (const { specifier, isType, line } of importsOf(file))
    if (!isType && isNode(specifier) && !PURE_NODE.includes(specifier.replace(/^node:/, '')))
      found.push(`${file.path}:${line} is not pure: ${specifier}`);
  return found;
};

const hasModifier = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((one) => one.kind === kind);

/** No default exports, no `export *` but of types, no enums, no namespaces. */
export const exported: Rule = (file) => {
  const found: string[] = [];
  walk(parse(file), (node) => {
    if (ts.isExportAssignment(node) || hasModifier(node, ts.SyntaxKind.DefaultKeyword))
      found.push(at(file, node, 'has a default export'));
    else if (
      ts.isExportDeclaration(node) &&
      !node.isTypeOnly &&
      (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause))
    )
      found.push(at(file, node, 'exports everything of another file'));
    else if (ts.isExportSpecifier(node) && node.name.text === 'default')
      found.push(at(file, node, 'has a default export'));
    else if (ts.isEnumDeclaration(node)) found.push(at(file, node, 'has an enum'));
    else if (ts.isModuleDeclaration(node)) found.push(at(file, node, 'has a namespace'));
  });
  return found;
};

const MAX_FILE_LINES = 300;
const MAX_FUNCTION_LINES = 50;
const isCode = (line: string): boolean => !/^\s*(?:$|\/\/|\/\*|\*)/.test(line);

/** Files of at most 300 lines, functions of at most 50 lines of code. */
export const size: Rule = (file) => {
  const found: string[] = [];
  const lines = file.source.replace(/\n$/, '').split('\n').length;
  if (lines > MAX_FILE_LINES) found.push(`${file.path}:1 has ${lines} lines, more than ${MAX_FILE_LINES}`);
  walk(parse(file), (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
    const count = node.getText().split('\n').filter(isCode).length;
    if (count > MAX_FUNCTION_LINES)
      found.push(at(file, node, `begins a function of ${count} lines, more than ${MAX_FUNCTION_LINES}`));
  });
  return found;
};

/** One level deep, in kebab-case, and no drawers. */
export const place: Rule = ({ path }) => {
  const parts = path.replace(/^src\//, '').split('/');
  const found: string[] = [];
  if (parts.length > 2) found.push(`${path} lies deeper than a room`);
  for (const part of parts) {
    const name = part.replace(/\.ts$/, '');
    if (DRAWERS.test(name)) found.push(`${path} is a drawer, not a subject: ${name}`);
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) found.push(`${path} is not in kebab-case: ${part}`);
  }
  return found;
};

// Spelled so that this file does not hold what it looks for.
const MACHINE = new RegExp(
  [
    String.raw`(?:^|[\s"'\`(=:])/(?:wor${''}k|home|root|Users)/[\w.]`,
    String.raw`\b[A-Z]:\\Users\\`,
    String.raw`/tmp/bas${''}h_`,
    String.raw`\bsub${''}agents?\b`,
    String.raw`\b(?:this|previous|earlier|coding|agent)['s]* ses${''}sion\b`,
    String.raw`\bissu${''}e (?:#|no\.? )?\d`,
    String.raw`\bregistry\.(?!npmjs\.org)[a-z0-9-]+\.[a-z]+`,
    String.raw`\b(?:artif${''}actory|verd${''}accio|nex${''}us)\b`,
  ].join('|'),
  'im',
);

const UNDONE = new RegExp(String.raw`\bTO${''}DO\b|\bFIX${''}ME\b|\bX${''}XX\b`);

/** No machine paths, registry hosts or words of a workplace in any text that is committed. */
export const words: Rule = ({ path, source }) => {
  const found = MACHINE.exec(source) ?? UNDONE.exec(source);
  if (found === null) return [];
  return [`${path}:${source.slice(0, found.index).split('\n').length} says ${JSON.stringify(found[0].trim())}`];
};

interface LockFile {
  readonly packages: Readonly<
    Record<string, { readonly resolved?: string; readonly link?: boolean; readonly integrity?: string }>
  >;
}
/** Packages come from the public registry, each with a digest. */
export const lock: Rule = ({ path, source }) =>
  Object.entries((JSON.parse(source) as LockFile).packages).flatMap(([name, { resolved, integrity, link }]) => {
    if (name === '') return [];
    if (link === true) return [`${path} links ${name}`];
    if (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'))
      return [`${path} takes ${name} from ${resolved}`];
    return integrity === undefined ? [`${path} has no digest of ${name}`] : [];
  });
