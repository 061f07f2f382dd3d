// Corrections of bindable.h for `arkffi bind`.
export default ({ opaque, out, owned }) => ({
  symbols: {
    bound_open: { args: ['s', out(opaque('bound_db'))] },
    bound_text: { returns: owned('s', 'free') },
    bound_counter: { optional: true },
  },
  fields: { bound_bits: { label: 's' } },
  macros: ['int BOUND_SQUARE(int x)'],
});
