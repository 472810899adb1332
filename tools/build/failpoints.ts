import ts from 'typescript';

/** The library of the places at which a test may kill a process; an image holds neither it nor its calls. */
export const failpointLibrary = '@onecount/failpoint';
const calls = new Set(['crashAt', 'configureFailpoints']);

const isImport = (node: ts.Node) =>
  ts.isImportDeclaration(node) &&
  ts.isStringLiteral(node.moduleSpecifier) &&
  node.moduleSpecifier.text === failpointLibrary;

const isCall = (node: ts.Node) =>
  ts.isExpressionStatement(node) &&
  ts.isCallExpression(node.expression) &&
  ts.isIdentifier(node.expression.expression) &&
  calls.has(node.expression.expression.text);

/** Leaves out the import and every call that is a statement; a use of another kind stays, and the test of the trees finds it. */
export const withoutFailpoints: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  if (!file.statements.some(isImport)) return file;
  const visit = (node: ts.Node): ts.Node =>
    isCall(node) ? ts.factory.createEmptyStatement() : ts.visitEachChild(node, visit, context);
  const statements = file.statements.filter((statement) => !isImport(statement));
  const kept = ts.factory.updateSourceFile(file, statements);
  return ts.visitEachChild(kept, visit, context);
};
