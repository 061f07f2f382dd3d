// The names that ArkGuard, the obfuscator of OpenHarmony's build system, must not change when an app is built for release.
//
// It gives each name of a property another one, the same everywhere in the app. That breaks what crosses a border: the
// functions of the native module, which is not compiled with the app; the keys of options and definitions, which arkffi
// also knows as text; and the API, which may be compiled apart from the app.
import ts from 'typescript-4.9';

/** The names that a declaration gives to properties, methods and accessors. */
function ownName(node) {
  const isMember =
    ts.isPropertySignature(node) ||
    ts.isMethodSignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isGetAccessorDeclaration(node) ||
    ts.isSetAccessorDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent));
  return isMember && (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)) ? node.name.text : undefined;
}

/** What a program cannot use: members that are private, or that a comment marks as internal. */
function isHidden(node) {
  const flags = ts.getCombinedModifierFlags(node);
  return (
    (flags & ts.ModifierFlags.Private) !== 0 || ts.getJSDocTags(node).some((tag) => tag.tagName.text === 'internal')
  );
}

function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/**
 * The rules, as text. `sources` are pairs of path and text; `entry` is the path of the one whose exports are the API.
 */
export function keepRules(sources, entry) {
  const files = sources.map(([path, text]) => ts.createSourceFile(path, text, ts.ScriptTarget.ES2020, true));
  const kept = new Set();
  const members = new Set();
  const texts = new Set();
  const globals = new Set();
  for (const file of files) {
    // What the native module gives: its functions, and the description of C declarations as JSON.
    const isBridge = /\/(host\/bridge|libraries\/description)\.ts$/.test(file.fileName);
    walk(file, (node) => {
      const name = ownName(node);
      if (name !== undefined) members.add(name);
      if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.name)) members.add(node.name.text);
      if (ts.isStringLiteralLike(node)) texts.add(node.text);
      // A compiler that translates each file for itself makes objects of enums, with the names of the members as text.
      if (ts.isEnumMember(node)) kept.add(node.name.getText());
      // An object of the program's is read by these names, or one of arkffi's has them and the program reads it.
      const declares = ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) || ts.isTypeLiteralNode(node);
      if (!declares) return;
      const isExported =
        isBridge || !('modifiers' in node) || node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
      if (!isExported) return;
      for (const member of node.members) {
        const own = ownName(member);
        if (own !== undefined && (isBridge || !isHidden(member))) kept.add(own);
      }
      for (const member of node.members.filter(ts.isConstructorDeclaration)) {
        for (const parameter of member.parameters) {
          const own = ownName(parameter);
          if (own !== undefined && !isHidden(parameter)) kept.add(own);
        }
      }
    });
    if (file.fileName !== entry) continue;
    walk(file, (node) => {
      if (ts.isExportSpecifier(node)) globals.add(node.name.text);
      if (ts.isVariableStatement(node))
        for (const { name } of node.declarationList.declarations) globals.add(name.getText());
    });
  }
  // A name that the sources have as text too is looked up by that text somewhere.
  for (const name of members) if (texts.has(name)) kept.add(name);
  const lines = (names) => [...names].filter((name) => /^[A-Za-z_$][\w$]*$/.test(name)).sort();
  return [
    '# Names of arkffi that an app must keep when it is obfuscated. Made by tools/openharmony/har of the sources.',
    '-keep-property-name',
    ...lines(kept),
    '-keep-global-name',
    ...lines(globals),
    '',
  ].join('\n');
}
