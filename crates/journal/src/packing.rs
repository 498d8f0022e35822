//! Large bytes that never change, packed.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// Bytes that can have been packed by this program.
const UNPACKED_MAX: u64 = 1 << 32;

#[cfg_attr(not(test), expect(clippy::expect_used, reason = "memory takes any bytes"))]
pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    packed.expect("Invariant: memory takes any bytes")
}

pub(crate) fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    ZlibDecoder::new(packed).take(UNPACKED_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}
