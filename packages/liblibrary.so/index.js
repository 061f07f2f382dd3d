// The raw bridge of arkffi: the same instance that the package arkffi itself uses.

function arkffi() {
  try {
    return require('arkffi');
  } catch (error) {
    // In a checkout, or in a package linked from one, arkffi is two folders up and in no node_modules folder.
    if (error.code !== 'MODULE_NOT_FOUND' || !/^Cannot find module 'arkffi'/.test(error.message)) throw error;
    return require('../../dist/index.cjs');
  }
}

module.exports = arkffi().ffi;
