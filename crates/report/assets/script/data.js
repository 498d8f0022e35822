// The report's data: base64 of the gzip of JSON, in the page itself.

class Unreadable extends Error {}

function bytesOf(base64) {
  const binary = atob(base64.trim());
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** Reads the data of the page; throws `Unreadable` with what a reader can do about it. */
async function readData() {
  if (typeof DecompressionStream === "undefined") {
    throw new Unreadable(
      "This browser is too old to unpack the report (it lacks DecompressionStream). " +
      "Please open the file in a current Firefox, Edge, Chrome or Safari.",
    );
  }
  try {
    const bytes = bytesOf(document.getElementById("data").textContent);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  } catch {
    throw new Unreadable(
      "The data in this file cannot be read: the file is damaged or incomplete. " +
      "Please write the report again, or copy the file again.",
    );
  }
}
