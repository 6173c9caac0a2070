// An object store on loopback: node s3.cjs MODULES FOLDER PORT [KEY CERTIFICATE]. It has the bucket "crashes" and the keys S3RVER, S3RVER.
// Prints "listening PORT", then a line for each request: METHOD PATH.
const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');

const [modules, folder, port, key, certificate] = process.argv.slice(2);
const S3rver = createRequire(modules + '/none.js')('@20minutes/s3rver');
const store = new S3rver({
  address: '127.0.0.1', port: Number(port), directory: folder, silent: true,
  key: key && readFileSync(key), cert: certificate && readFileSync(certificate),
  configureBuckets: [{ name: 'crashes' }],
});
store.middleware.unshift(async (context, next) => {
  console.log(context.method + ' ' + context.url);
  await next();
});
store.run().then((address) => console.log('listening ' + address.port));
