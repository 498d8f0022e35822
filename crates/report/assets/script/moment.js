// The two things that all of the page shares: the moment that is looked at, and the stretch of time
// that charts show.

/** Calls listeners at most once a frame, with the newest value. */
function makeShared(value) {
  const listeners = new Set();
  let waiting = false;
  return {
    get: () => value,
    set(next) {
      if (next === value) return;
      value = next;
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        listeners.forEach((tell) => tell(value));
      });
    },
    /** Tells every change from now on; returns what ends that. */
    onChange(tell) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  };
}

/** The moment looked at, as an index into `ticks`; at first the last one. */
function makeMoment(ticks) {
  const shared = makeShared(Math.max(0, ticks.length - 1));
  const within = (index) => Math.min(Math.max(index, 0), ticks.length - 1);

  /** Index of the last moment that is not after `tick`; of the first one if there is none. */
  function indexAt(tick) {
    let low = 0;
    let high = ticks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ticks[middle] <= tick) low = middle + 1;
      else high = middle;
    }
    return within(low - 1);
  }

  return {
    ticks,
    indexAt,
    index: shared.get,
    tick: () => ticks[shared.get()],
    set: (index) => shared.set(within(index)),
    onChange: shared.onChange,
  };
}
