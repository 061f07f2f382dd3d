const arkffi = require('arkffi');
const { make } = require('./mistakes.cjs');

make(arkffi, ...process.argv.slice(2));
