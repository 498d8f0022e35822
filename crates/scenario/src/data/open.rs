//! Opens a data file and tells its format by its first bytes.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Seek};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::diagnostic::Diagnostic;
use crate::source::unreadable;

/// Size of the reads from the disk.
const BLOCK: usize = 1 << 18;

/// A data file by its format.
pub(crate) enum Opened {
    /// CSV, already decompressed.
    Csv(Box<dyn Read>),
    Parquet(File),
}

/// Opens a data file.
pub(super) fn open(path: &Path) -> Result<Opened, Box<Diagnostic>> {
    let name = path.display().to_string();
    try_open(path).map_err(|error| unreadable(&name, &error))
}

fn try_open(path: &Path) -> std::io::Result<Opened> {
    let mut file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let mut magic = Vec::new();
    file.by_ref().take(4).read_to_end(&mut magic)?;
    if magic == *b"PAR1" {
        file.rewind()?;
        return Ok(Opened::Parquet(file));
    }
    let zipped = magic.starts_with(&[0x1f, 0x8b]);
    // Chained rather than rewound, so that pipes work too.
    let bytes = BufReader::with_capacity(BLOCK, std::io::Cursor::new(magic).chain(file));
    if zipped {
        let plain = MultiGzDecoder::new(bytes);
        return Ok(Opened::Csv(Box::new(BufReader::with_capacity(BLOCK, plain))));
    }
    Ok(Opened::Csv(Box::new(bytes)))
}
