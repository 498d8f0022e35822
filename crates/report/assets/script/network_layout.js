// Where the banks of the network stand: the largest in an inner ring, the others around them.

const NETWORK_SIZE = 640;
const LONGEST_NAME = 12;
const LEAST_HUBBED = 12;
const INNER_SHARE = 0.47;

/** Banks that stand inside: a few, and none where all fit on one ring. */
function hubCount(count) {
  return count <= LEAST_HUBBED ? 0 : Math.min(6, Math.round(count / 6));
}

function onRing(count, radius, turn) {
  return Array.from({ length: count }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / count;
    const middle = NETWORK_SIZE / 2;
    return { x: middle + radius * Math.cos(angle), y: middle + radius * Math.sin(angle), angle };
  });
}

/** A name as it stands in the picture. */
function shortName(name) {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}

/** Radius of the outer ring that leaves room for the discs and the longest of the names. */
function outerRadius(names, fontSize) {
  const longest = Math.max(...names.map((name) => shortName(name).length));
  return NETWORK_SIZE / 2 - 34 - longest * fontSize * 0.58;
}

/** Places for banks that come with the largest first: `{x, y, angle, hub}`. */
function placeBanks(names, fontSize) {
  const hubs = hubCount(names.length);
  const radius = outerRadius(names, fontSize);
  const others = names.length - hubs;
  const inner = onRing(hubs, radius * INNER_SHARE, -Math.PI / 2);
  const outer = onRing(others, radius, -Math.PI / 2 + Math.PI / others);
  return [
    ...inner.map((place) => ({ ...place, hub: true })),
    ...outer.map((place) => ({ ...place, hub: false })),
  ];
}

/** A curve from one place to another; the two directions of a pair bend to different sides. */
function curve(from, to) {
  const middle = NETWORK_SIZE / 2;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const inward = 0.25;
  const bendX = (from.x + to.x) / 2 - dy * 0.1;
  const bendY = (from.y + to.y) / 2 + dx * 0.1;
  const x = bendX + (middle - bendX) * inward;
  const y = bendY + (middle - bendY) * inward;
  return `M${round(from.x)} ${round(from.y)}Q${round(x)} ${round(y)} ${round(to.x)} ${round(to.y)}`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}

/** Where a bank's name stands: outside of the ring, or below a hub. */
function nameplate(place, radius) {
  if (place.hub) return { x: place.x, y: place.y + radius + 1, anchor: "middle", turn: 0 };
  const away = radius + 6;
  const x = place.x + away * Math.cos(place.angle);
  const y = place.y + away * Math.sin(place.angle);
  const leftSide = Math.cos(place.angle) < -0.001;
  const degrees = (place.angle * 180) / Math.PI;
  const turn = leftSide ? degrees + 180 : degrees;
  return { x, y, anchor: leftSide ? "end" : "start", turn };
}
