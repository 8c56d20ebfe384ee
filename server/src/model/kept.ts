/** Works a thing out once for each object that it is worked out from. */

/** `make`, whose results are kept for as long as the objects that they come from; these never change. */
export function kept<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const made = new WeakMap<From, To>();
  return from => {
    const known = made.get(from);
    if (known !== undefined || made.has(from)) return known as To;
    const result = make(from);
    made.set(from, result);
    return result;
  };
}
