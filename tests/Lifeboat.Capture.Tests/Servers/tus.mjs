// A tus server on loopback: node tus.mjs MODULES FOLDER PORT TOKEN [KEY CERTIFICATE]. TOKEN is what Authorization must be, or "-".
// Prints "listening PORT", then a line for each request: METHOD PATH.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

const [modules, folder, port, token, key, certificate] = process.argv.slice(2);
const require = createRequire(modules + '/none.js');
const { Server } = await import(pathToFileURL(require.resolve('@tus/server')));
const { FileStore } = await import(pathToFileURL(require.resolve('@tus/file-store')));

const tus = new Server({
  path: '/files',
  datastore: new FileStore({ directory: folder }),
  relativeLocation: true,
});
const answer = (request, response) => {
  console.log(request.method + ' ' + request.url);
  if (token !== '-' && request.headers.authorization !== token) {
    response.writeHead(401, { 'Content-Type': 'text/plain' });
    response.end('no such token');
    return;
  }
  tus.handle(request, response);
};
const server = key
  ? https.createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, answer)
  : http.createServer(answer);
server.listen(Number(port), '127.0.0.1', () => console.log('listening ' + server.address().port));
