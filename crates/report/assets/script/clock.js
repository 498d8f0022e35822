// Ticks as times of day, and where a time axis has its labels.

const SECOND_STEPS = [1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600];
const TICK_STEPS = [1, 2, 5];

/** The smallest of `steps` that divides `span` into at most `room` parts. */
function stepFor(span, steps, room) {
  return steps.find((step) => span / step <= room) ?? steps.at(-1);
}

/** The smallest of 1, 2, 5, 10, … that does. */
function roundStepFor(span, room) {
  for (let power = 1; ; power *= 10) {
    const found = TICK_STEPS.find((step) => span / (step * power) <= room);
    if (found) return found * power;
  }
}

function makeClock(calendar) {
  const { ticks_per_day: perDay, num_days: days, opens_at_seconds: opens } = calendar;
  const tickSeconds = calendar.tick_seconds;
  const hasTimes = opens !== null && opens !== undefined && Boolean(tickSeconds);
  const withSeconds = hasTimes && (tickSeconds % 60 !== 0 || opens % 60 !== 0);

  function timeText(seconds, shown) {
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    if (shown) parts.push(seconds % 60);
    return parts.map((part) => String(part).padStart(2, "0")).join(":");
  }

  /** `11:46`, `day 1, 11:46`, or nothing without a clock. */
  function time(tick) {
    if (!hasTimes) return days > 1 ? `day ${Math.floor(tick / perDay)}` : "";
    const clock = timeText(opens + (tick % perDay) * tickSeconds, withSeconds);
    return days > 1 ? `day ${Math.floor(tick / perDay)}, ${clock}` : clock;
  }

  /** `286 (11:46)`. */
  function short(tick) {
    const text = time(tick);
    return text === "" ? String(tick) : `${tick} (${text})`;
  }

  function dayStarts(from, to, room) {
    const step = perDay * roundStepFor((to - from) / perDay, room);
    const found = [];
    for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) found.push(tick);
    return found.map((tick) => [tick, `day ${tick / perDay}`]);
  }

  function timesOfDay(from, to, room) {
    const step = stepFor((to - from) * tickSeconds, SECOND_STEPS, room);
    const found = [];
    for (let day = Math.floor(from / perDay); day <= to / perDay; day += 1) {
      const closes = opens + perDay * tickSeconds;
      for (let at = Math.ceil(opens / step) * step; at < closes; at += step) {
        const tick = day * perDay + (at - opens) / tickSeconds;
        if (tick >= from && tick <= to) found.push([tick, timeText(at, step < 60)]);
      }
    }
    return found;
  }

  /** Labels of a time axis between two ticks, about `room` of them: `[tick, text]`. */
  function labels(from, to, room) {
    if (days > 1 && to - from > 1.5 * perDay) return dayStarts(from, to, room);
    if (hasTimes) return timesOfDay(from, to, room);
    const step = roundStepFor(to - from, room);
    const found = [];
    for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) found.push(tick);
    return found.map((tick) => [tick, String(tick)]);
  }

  return { hasTimes, short, labels, label: (tick) => `tick ${short(tick)}` };
}
