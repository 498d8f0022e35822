//! Large bytes that never change, packed.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// Bytes of a scenario or a checkpoint that can have been packed by this program.
const UNPACKED_MAX: u64 = 1 << 32;

/// Packs bytes with zlib, fast.
#[cfg_attr(not(test), expect(clippy::expect_used, reason = "memory takes any bytes"))]
pub fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    packed.expect("Invariant: memory takes any bytes")
}

/// Unpacks what [`pack`] has packed, no further than so many bytes: what is damaged or made to
/// harm may go on for ever.
///
/// # Errors
///
/// The bytes are not packed.
pub fn unpack_within(most: u64, packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    ZlibDecoder::new(packed).take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(crate) fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
    unpack_within(UNPACKED_MAX, packed)
}
