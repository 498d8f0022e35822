// The report's data: base64 of the gzip of JSON, in the page itself.

class Unreadable extends Error {}

function bytesOf(base64) {
  const binary = atob(base64.trim());
  const bytes = new Uint8Array(binary.length);
  // A plain loop: the data may be millions of bytes.
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
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
