// Changes to a description, the JSON that `parseDeclarations` makes of C: which names stay, and what the shim adds.

/** A description with only those names that `keep` accepts, and with the types that they need. */
export function selected(description, keep) {
  const { symbols, parameters, constants, large, special, reasons, inline, typedefs, pointers } = description;
  const kept = {
    ...description,
    symbols: filtered(symbols, keep.symbol),
    parameters: filtered(parameters, keep.symbol),
    constants: filtered(constants, keep.name),
    large: filtered(large, keep.name),
    special: filtered(special, keep.name),
    reasons: filtered(reasons, keep.name),
    inline: inline.filter(keep.name),
    typedefs: filtered(typedefs, keep.name),
    pointers: filtered(pointers, keep.name),
    enums: { types: [], symbols: {}, fields: {}, typedefs: {} }, // a module has numbers
  };
  return withoutUnusedTypes(kept, keep.name);
}

/** The entries of a group whose names `keep` accepts. */
export function filtered(group, keep) {
  return Object.fromEntries(Object.entries(group).filter(([name]) => keep(name)));
}

/** Leaves out the types that nothing refers to, and numbers the others anew. Structs with a tag that is kept stay. */
function withoutUnusedTypes(description, isKept) {
  const { symbols, parameters, typedefs, types, pointers } = description;
  const wanted = new Set();
  const visit = (part) => {
    if (typeof part === 'number') {
      if (wanted.has(part)) return;
      wanted.add(part);
      return visitType(types[part]);
    }
    if (Array.isArray(part)) visit(part[0]);
  };
  const visitTargets = (to) => (typeof to === 'object' ? Object.values(to).forEach(visit) : visit(to));
  const visitType = (type) => {
    (type.args ?? []).forEach(visit);
    [type.returns, type.type].forEach(visit);
    visitTargets(type.to);
    (type.fields ?? []).forEach(([, fieldType, how]) => {
      visit(fieldType);
      visit(how?.to);
    });
  };
  Object.values(symbols).forEach(visitType);
  Object.values(parameters).forEach(({ names: _, ...targets }) => Object.values(targets).forEach(visit));
  Object.values(typedefs).forEach(visit);
  Object.values(pointers).forEach(visit);
  types.forEach(({ tag, fields }, index) => tag !== undefined && fields && isKept(tag) && visit(index));

  const numbers = new Map();
  types.forEach((_, index) => wanted.has(index) && numbers.set(index, numbers.size));
  const renumbered = (part) => {
    if (typeof part === 'number') return numbers.get(part);
    return Array.isArray(part) ? [renumbered(part[0]), ...part.slice(1)] : part;
  };
  const mapped = (group, change) =>
    Object.fromEntries(Object.entries(group).map(([name, value]) => [name, change(value)]));
  // What a pointer leads to; of a function, what each parameter and the result lead to.
  const inTargets = (to) => (typeof to === 'object' ? mapped(to, renumbered) : renumbered(to));
  const inField = ([name, type, ...rest]) => {
    const [how, ...more] = rest;
    return [name, renumbered(type), ...(how?.to === undefined ? rest : [{ ...how, to: renumbered(how.to) }, ...more])];
  };
  const inType = (type) => ({
    ...type,
    ...(type.to !== undefined && { to: inTargets(type.to) }),
    ...(type.args && { args: type.args.map(renumbered) }),
    ...(type.returns !== undefined && { returns: renumbered(type.returns) }),
    ...(type.type !== undefined && { type: renumbered(type.type) }),
    ...(type.fields && { fields: type.fields.map(inField) }),
  });
  return {
    ...description,
    symbols: mapped(symbols, inType),
    parameters: mapped(parameters, ({ names, ...targets }) => ({
      ...(names && { names }),
      ...mapped(targets, renumbered),
    })),
    typedefs: mapped(typedefs, renumbered),
    pointers: mapped(pointers, renumbered),
    types: types.filter((_, index) => wanted.has(index)).map(inType),
  };
}

/** The name of each struct and union that the description defines, by its number: as `structs` has them. */
export function recordNames({ types, typedefs }) {
  const indexes = new Map();
  types.forEach(({ tag, fields }, index) => tag !== undefined && fields && indexes.set(tag, index));
  Object.keys(typedefs).forEach((name) => {
    const type = typedefs[name];
    if (typeof type === 'number' && types[type].fields) indexes.set(name, type);
  });
  return indexes;
}
