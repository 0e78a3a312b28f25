// A client on Node.js, made of the library that Visual Studio Code's own client is made of. It opens a folder, types, and says
// what it sees.
const { spawn } = require('child_process');
const { readFileSync } = require('fs');
const { join } = require('path');
const { pathToFileURL } = require('url');
const {
  createProtocolConnection, StreamMessageReader, StreamMessageWriter, InitializeRequest, InitializedNotification,
  DidOpenTextDocumentNotification, DidChangeTextDocumentNotification, DocumentDiagnosticRequest, WorkspaceDiagnosticRequest,
  CodeActionRequest, ConfigurationRequest, RegistrationRequest, DiagnosticRefreshRequest, InlayHintRefreshRequest,
  CodeLensRefreshRequest, ShutdownRequest, ExitNotification,
} = require('vscode-languageserver-protocol/node');

const folder = process.argv[2];
const uri = (name) => pathToFileURL(join(folder, name)).href;
const server = spawn('plimsoll', ['lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
setTimeout(() => { console.log('too slow'); server.kill(); process.exit(1); }, 60000).unref();
let watchers = 0;
connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => null));
connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
  watchers += registrations.filter((it) => it.method === 'workspace/didChangeWatchedFiles').length;
});
for (const refresh of [DiagnosticRefreshRequest, InlayHintRefreshRequest, CodeLensRefreshRequest]) {
  connection.onRequest(refresh.type, () => {});
}
connection.listen();

const capabilities = {
  general: { positionEncodings: ['utf-16'] },
  workspace: {
    configuration: true, didChangeWatchedFiles: { dynamicRegistration: true }, diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true },
  },
  textDocument: {
    diagnostic: { dynamicRegistration: true, relatedDocumentSupport: false },
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true, tagSupport: { valueSet: [1, 2] } },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } }, dataSupport: true, resolveSupport: { properties: ['edit'] } },
  },
};

async function main() {
  const root = pathToFileURL(folder).href;
  const made = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid, rootUri: root, workspaceFolders: [{ uri: root, name: 'x' }], capabilities,
  });
  console.log('encoding', made.capabilities.positionEncoding);
  await connection.sendNotification(InitializedNotification.type, {});
  const open = (name, languageId) => connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri: uri(name), languageId, version: 1, text: readFileSync(join(folder, name), 'utf8') },
  });
  const pull = async (name) => (await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: uri(name) } })).items;
  await open('Dockerfile', 'dockerfile');
  await open('compose.yaml', 'dockercompose');
  for (const name of ['Dockerfile', 'compose.yaml']) {
    for (const { range, code } of await pull(name)) {
      const place = ({ line, character }) => `${line + 1}:${character + 1}`;
      console.log(`${name} ${place(range.start)}-${place(range.end)} ${code}`);
    }
  }
  await connection.sendNotification(DidChangeTextDocumentNotification.type, {
    textDocument: { uri: uri('Dockerfile'), version: 2 },
    contentChanges: [{ range: { start: { line: 2, character: 5 }, end: { line: 2, character: 9 } }, text: '1000' }],
  });
  console.log('after USER 1000:', (await pull('Dockerfile')).map((it) => it.code).join(' '));
  const actions = await connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: uri('compose.yaml') },
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 99 } },
    context: { diagnostics: [], triggerKind: 1 },
  });
  const accept = actions.find((it) => it.title.startsWith('Accept here'));
  const resolved = await connection.sendRequest('codeAction/resolve', accept);
  console.log('fixed by hand:', resolved.edit.documentChanges.map((it) => it.textDocument.uri.split('/').pop()).join(' '));
  const all = await connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
  console.log(`workspace: ${all.items.length} files`);
  console.log('watchers', watchers);
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  server.on('exit', (code) => { console.log(code === 0 ? 'shutdown' : `exit code ${code}`); process.exit(0); });
}

main().catch((error) => { console.log(String(error)); server.kill(); process.exit(1); });
