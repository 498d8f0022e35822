//! Large bytes that never change, packed.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// What packed bytes may always unpack to: a GiB.
const UNPACKED: u64 = 1 << 30;
/// Beyond that, how many times as long as packed bytes what they unpack to may be. Days of payments
/// come to a few times, bytes made to harm to a thousand.
const UNPACKED_TIMES: u64 = 64;

/// Packs bytes with zlib, fast.
#[cfg_attr(not(test), expect(clippy::expect_used, reason = "memory takes any bytes"))]
pub fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    packed.expect("Invariant: memory takes any bytes")
}

/// Unpacks what [`pack`] has packed.
///
/// # Errors
///
/// The bytes are not packed, or they unpack to so much that nobody packed it: to more than a GiB
/// that is more than 64 times their length.
pub fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
    unpack_within(UNPACKED, packed)
}

fn unpack_within(always: u64, packed: &[u8]) -> io::Result<Vec<u8>> {
    let most = always.max((packed.len() as u64).saturating_mul(UNPACKED_TIMES));
    let mut bytes = Vec::new();
    let mut unpacker = ZlibDecoder::new(packed).take(most);
    unpacker.read_to_end(&mut bytes)?;
    if bytes.len() as u64 == most && unpacker.into_inner().read(&mut [0])? > 0 {
        let problem = format!("{} bytes unpack to more than {most}", packed.len());
        return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{UNPACKED_TIMES, pack, unpack_within};

    #[test]
    fn what_unpacks_to_more_than_anybody_packed_is_refused() {
        let bomb = pack(&vec![0; 1 << 20]);
        assert!(bomb.len() as u64 * UNPACKED_TIMES < 1 << 20, "{} bytes", bomb.len());
        assert_eq!(unpack_within(1 << 20, &bomb).unwrap().len(), 1 << 20);
        let refused = unpack_within((1 << 20) - 1, &bomb).unwrap_err();
        assert!(refused.to_string().contains("unpack to more than 1048575"), "{refused}");
    }

    #[test]
    fn beyond_what_is_always_taken_length_counts() {
        let mixed: Vec<u8> =
            (0..1_u32 << 16).flat_map(|i| (i.wrapping_mul(i)).to_le_bytes()).collect();
        assert_eq!(unpack_within(1, &pack(&mixed)).unwrap(), mixed);
    }
}
