//! Changes that bytes describe: a fuzzer that knows nothing of a format still hits its middle.

/// Returns a sound input with changes, each of five bytes: two of a place, which wraps around, what
/// is done there, and two of a value. Changes that are not whole are left out.
pub fn apply(sound: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut bytes = sound.to_vec();
    for change in changes.as_chunks::<5>().0 {
        let [low, high, kind, first, second] = *change;
        let at = usize::from(u16::from_le_bytes([low, high])) % bytes.len().max(1);
        match kind % 8 {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, first),
            2 => {
                let end = (at + usize::from(first % 16)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 => {
                let end = (at + usize::from(first % 64)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                let to = usize::from(second) * 16 % bytes.len().max(1);
                bytes.splice(to..to, part);
            }
            4 if at < bytes.len() => bytes[at] = bytes[at].wrapping_add(first),
            5 if at < bytes.len() => bytes[at] ^= 1 << (first % 8),
            _ => {
                for (byte, value) in bytes.iter_mut().skip(at).zip([first, second]) {
                    *byte = value;
                }
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::apply;

    #[test]
    fn changes_are_made_where_they_say() {
        assert_eq!(apply(b"abcdef", &[1, 0, 7, b'X', b'Y']), b"aXYdef");
        assert_eq!(apply(b"abcdef", &[8, 0, 4, 1, 0]), b"abddef");
        assert_eq!(apply(b"abcdef", &[3, 0, 0, 0, 0]), b"abc");
        assert_eq!(apply(b"abcdef", &[3, 0, 0, 0]), b"abcdef");
        assert_eq!(apply(b"", &[3, 0, 1, b'z', 0]), b"z");
    }
}
