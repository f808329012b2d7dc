// Answers may come in another order than they were asked for: only that of the newest asking is shown.

/** Begins a run, and answers whether it is still the newest. @returns {() => () => boolean} */
export function newest() {
  let last = 0;
  return () => {
    const own = ++last;
    return () => own === last;
  };
}
