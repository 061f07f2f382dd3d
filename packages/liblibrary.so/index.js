// The raw bridge of arkffi, the very instance that arkffi itself uses.

function arkffi() {
  try {
    return require('arkffi');
  } catch (error) {
    // In a checkout, or linked from one, arkffi is two folders up and no module folder has it.
    if (error.code !== 'MODULE_NOT_FOUND' || !/^Cannot find module 'arkffi'/.test(error.message)) throw error;
    return require('../../dist/index.cjs');
  }
}

module.exports = arkffi().ffi;
