// Corrections of zlib.h.
export default ({ inout }) => ({
  symbols: {
    compress: { args: ['p', inout('L'), 'p', 'L'] },
    uncompress: { args: ['p', inout('L'), 'p', 'L'] },
  },
});
