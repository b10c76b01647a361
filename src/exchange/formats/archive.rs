//! Zip files, opened so that a hostile one ends in an error: XLSX, ODS, KMZ and zipped shapefiles.
//!
//! Limits hold for what an entry declares and again for what comes out of it. Entries are reached
//! by name only and nothing is ever unpacked to disk, so where a name points to is of no matter. A
//! zip inside a zip is never opened.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use encoding_rs::GB18030;
use zip::read::{ArchiveOffset, Config};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::domain::{LocalizedText, Text};
use crate::exchange::Error;

/// What an archive may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub entries: usize,
    /// All entries together, unpacked.
    pub total_bytes: u64,
    /// Unpacked over packed size, of entries of more than [`Limits::SMALL_BYTES`]. Real sheets and
    /// KMLs stay below 50; deflate itself cannot exceed 1032.
    pub ratio: u64,
}

impl Limits {
    /// For sheets and placemarks.
    pub const DEFAULT: Self = Self { entries: 10_000, total_bytes: 512 << 20, ratio: 200 };
    /// A small entry may shrink by any factor without harm.
    pub const SMALL_BYTES: u64 = 1 << 20;
}

/// The list of entries may take this many bytes; it is read whole when an archive is opened.
const MAX_DIRECTORY_BYTES: u64 = 64 << 20;

/// An opened archive. All that is read from it counts against one budget.
pub struct Archive {
    zip: ZipArchive<Metered>,
    names: Vec<String>,
    limits: Limits,
    left: u64,
    format: &'static str,
}

impl Archive {
    /// `format` is what an error calls the file.
    pub fn open(path: &Path, format: &'static str) -> Result<Self, Error> {
        Self::open_within(path, format, Limits::DEFAULT)
    }

    /// As [`Archive::open`], within other limits.
    pub fn open_within(path: &Path, format: &'static str, limits: Limits) -> Result<Self, Error> {
        let allowance = Arc::new(AtomicU64::new(MAX_DIRECTORY_BYTES));
        let file = Metered { file: File::open(path)?, left: Arc::clone(&allowance) };
        let config = Config { archive_offset: ArchiveOffset::Known(0) };
        let mut zip =
            ZipArchive::with_config(config, file).map_err(|error| malformed_zip(format, error))?;
        allowance.store(u64::MAX, Ordering::Relaxed);
        if zip.len() > limits.entries {
            let (count, most) = (zip.len(), limits.entries);
            return Err(Error::hostile(
                format!("压缩包里有 {count} 个文件，超过 {most} 个"),
                format!("the archive lists {count} entries, more than {most}"),
            ));
        }
        let mut names = Vec::with_capacity(zip.len());
        let mut total = 0_u64;
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|error| malformed_zip(format, error))?;
            let name = name(entry.name_raw());
            let (size, packed) = (entry.size(), entry.compressed_size());
            total = total.saturating_add(size);
            if size > Limits::SMALL_BYTES && size / packed.max(1) > limits.ratio {
                let times = size / packed.max(1);
                return Err(Error::hostile(
                    format!("“{name}”解压后是原来的 {times} 倍，像是压缩炸弹"),
                    format!(
                        "`{name}` unpacks to {times} times its size: this looks like a zip bomb"
                    ),
                ));
            }
            names.push(name);
        }
        if total > limits.total_bytes {
            return Err(too_large(limits.total_bytes));
        }
        Ok(Self { zip, names, limits, left: limits.total_bytes, format })
    }

    /// In the order of the archive, `/` between folders. Names that are not UTF-8 are taken for
    /// GB18030, as Windows here writes them.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The entry, unpacked while it is read. Limits show as [`io::Error`]s: pass them through
    /// [`explained`].
    pub fn reader(&mut self, name: &str) -> Result<impl Read + '_, Error> {
        let format = self.format;
        let index = self.names.iter().position(|known| known == name).ok_or_else(|| {
            let words = (format!("其中没有“{name}”"), format!("there is no `{name}` in it"));
            Error::malformed(format, LocalizedText::new(words.0, words.1))
        })?;
        let entry = self.zip.by_index(index).map_err(|error| malformed_zip(format, error))?;
        let by_ratio = entry.compressed_size().saturating_mul(self.limits.ratio);
        let allowed = self.left.min(by_ratio.max(Limits::SMALL_BYTES));
        Ok(Limited { inner: entry, allowed, left: &mut self.left })
    }
}

/// The names that the directory of a zip lists, each as often as it stands there: the archive itself
/// keeps one of two entries of a name.
pub fn archive_names(path: &Path, format: &'static str) -> Result<Vec<String>, Error> {
    let damaged = || {
        let words = ("压缩包的目录已损坏", "the directory of the archive is damaged");
        Error::malformed(format, LocalizedText::new(words.0, words.1))
    };
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    // APPNOTE 6.3.10 §4.3.16: the record at the end, of 22 bytes and a remark of at most 65,535.
    let tail_bytes = length.min(22 + 0xffff);
    file.seek(SeekFrom::Start(length - tail_bytes))?;
    let mut tail = Vec::new();
    Read::by_ref(&mut file).take(tail_bytes).read_to_end(&mut tail)?;
    let end = tail.windows(4).rposition(|four| four == b"PK\x05\x06").ok_or_else(damaged)?;
    let number = |bytes: &[u8], at: usize, count: usize| {
        let of = bytes.get(at..at + count)?;
        Some(of.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)))
    };
    let field = |at, count| number(&tail, end + at, count).ok_or_else(damaged);
    let (entries, size, offset) = (field(10, 2)?, field(12, 4)?, field(16, 4)?);
    if size > MAX_DIRECTORY_BYTES || offset.saturating_add(size) > length {
        return Err(damaged());
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut directory = Vec::new();
    file.take(size).read_to_end(&mut directory)?;
    let (mut names, mut at) = (Vec::new(), 0);
    for _ in 0..entries {
        // §4.3.12: the header of an entry, whose name stands behind 46 bytes.
        if directory.get(at..at + 4) != Some(b"PK\x01\x02") {
            return Err(damaged());
        }
        let count = |off| number(&directory, at + off, 2).map(|count| count as usize);
        let counts = count(28).zip(count(30)).zip(count(32)).ok_or_else(damaged)?;
        let ((of_name, of_extra), of_remark) = counts;
        let raw = directory.get(at + 46..at + 46 + of_name).ok_or_else(damaged)?;
        names.push(name(raw));
        at += 46 + of_name + of_extra + of_remark;
    }
    Ok(names)
}

/// How entries are written: deflated and without a clock, so that the same input gives the same
/// bytes.
pub fn entry_options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .large_file(false)
}

/// What an error while reading says, with a broken limit told apart from a broken disk.
pub fn explained(error: io::Error) -> Error {
    match explained_shared(&error) {
        Error::Io(_) => Error::Io(error),
        hostile => hostile,
    }
}

/// The same for an error that a library keeps for itself.
pub fn explained_shared(error: &io::Error) -> Error {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Explained>()) {
        Some(Explained::Exceeded(what)) => Error::Hostile((*what).into()),
        Some(Explained::Malformed(format, why)) => Error::malformed(format, why.clone()),
        None => Error::Io(io::Error::new(error.kind(), error.to_string())),
    }
}

/// An I/O error that stands for a broken limit; [`explained`] tells it from others.
pub fn exceeded(what: Text) -> io::Error {
    io::Error::other(Explained::Exceeded(what))
}

/// An I/O error that stands for content which is not of its format; [`explained`] tells it from others.
pub fn malformed(format: &'static str, why: LocalizedText) -> io::Error {
    io::Error::other(Explained::Malformed(format, why))
}

#[derive(Debug, thiserror::Error)]
enum Explained {
    #[error("{}", .0.en)]
    Exceeded(Text),
    #[error("{}", .1.en)]
    Malformed(&'static str, LocalizedText),
}

/// A zip in the making.
pub type ZipOut = ZipWriter<BufWriter<Steady>>;

/// Writes a zip: `entries` puts them in.
pub fn write_zip(
    path: &Path,
    entries: impl FnOnce(&mut ZipOut) -> Result<(), Error>,
) -> Result<(), Error> {
    let failure: Arc<Mutex<Option<io::Error>>> = Arc::default();
    let steady = Steady { file: File::create(path)?, failure: Arc::clone(&failure), at: 0, end: 0 };
    let mut zip = ZipWriter::new(BufWriter::with_capacity(1 << 18, steady)).set_auto_large_file();
    let written = entries(&mut zip);
    let finished = zip.finish().map(drop);
    let failure = failure.lock().unwrap_or_else(PoisonError::into_inner).take();
    match failure {
        Some(error) => Err(Error::NotWritten(error)),
        None => written.and(finished.map_err(|error| malformed_zip("ZIP", error))),
    }
}

/// A file that goes on as if nothing were wrong where the disk takes no more, and keeps what was wrong:
/// a writer of zips that is dropped tells the terminal of it otherwise.
#[derive(Debug)]
pub struct Steady {
    file: File,
    failure: Arc<Mutex<Option<io::Error>>>,
    /// Where the next byte would be, and how long the file would be.
    at: u64,
    end: u64,
}

impl Steady {
    /// What the disk answers, unless it has failed before or fails now.
    fn ask<T>(&mut self, ask: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<Option<T>> {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        if failure.is_some() {
            return Ok(None);
        }
        match ask(&mut self.file) {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                *failure = Some(error);
                Ok(None)
            }
        }
    }
}

impl Write for Steady {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.ask(|file| file.write(bytes))?.unwrap_or(bytes.len());
        self.at += written as u64;
        self.end = self.end.max(self.at);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.ask(Write::flush).map(drop)
    }
}

impl Seek for Steady {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(by) => (self.at, by),
            SeekFrom::End(by) => (self.end, by),
        };
        let wanted = from.saturating_add_signed(by);
        self.at = self.ask(|file| file.seek(to))?.unwrap_or(wanted);
        Ok(self.at)
    }
}

fn too_large(bytes: u64) -> Error {
    let most_mb = bytes >> 20;
    Error::hostile(
        format!("压缩包解压后超过 {most_mb} MB"),
        format!("the archive unpacks to more than {most_mb} MB"),
    )
}

fn name(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    name.replace('\\', "/")
}

fn malformed_zip(format: &'static str, error: ZipError) -> Error {
    match error {
        ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => explained(error),
        error => Error::broken(format, &error),
    }
}

const LONG_LIST: Text =
    Text::new("压缩包的文件目录太长", "the list of entries of the archive is too long");

const BEYOND_LIMIT: Text =
    Text::new("压缩包解压后超过上限", "the archive unpacks to more than its limit");

/// A file whose readable bytes are counted while the directory of the archive is read.
struct Metered {
    file: File,
    left: Arc<AtomicU64>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        let left = self.left.load(Ordering::Relaxed);
        if left != u64::MAX {
            let left = left.checked_sub(count as u64).ok_or_else(|| exceeded(LONG_LIST))?;
            self.left.store(left, Ordering::Relaxed);
        }
        Ok(count)
    }
}

impl Seek for Metered {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Counts what really comes out of an entry.
struct Limited<'a, R> {
    inner: R,
    /// Of this entry.
    allowed: u64,
    /// Of the archive.
    left: &'a mut u64,
}

impl<R: Read> Read for Limited<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let allowed = self.allowed.checked_sub(count as u64);
        let left = self.left.checked_sub(count as u64);
        let (Some(allowed), Some(left)) = (allowed, left) else {
            return Err(exceeded(BEYOND_LIMIT));
        };
        (self.allowed, *self.left) = (allowed, left);
        Ok(count)
    }
}

#[cfg(test)]
impl Archive {
    /// The whole entry, of at most what is left of the limit.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.reader(name)?.read_to_end(&mut bytes).map_err(explained)?;
        Ok(bytes)
    }

    /// Unpacks everything once into nothing.
    pub fn verify(&mut self) -> Result<(), Error> {
        for name in self.names.clone() {
            io::copy(&mut self.reader(&name)?, &mut io::sink()).map_err(explained)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tempfile::NamedTempFile;
    use zip::ZipWriter;

    use super::*;

    fn zipped(entries: &[(&str, &[u8])]) -> NamedTempFile {
        let file = NamedTempFile::new().unwrap();
        let mut zip = ZipWriter::new(file.reopen().unwrap());
        for (name, bytes) in entries {
            zip.start_file(*name, entry_options()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
        file
    }

    fn open(file: &NamedTempFile) -> Result<Archive, Error> {
        Archive::open(file.path(), "zip")
    }

    /// The device that is always full stands for a full disk.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_and_no_word_of_the_library() {
        let full = write_zip(Path::new("/dev/full"), |zip| {
            zip.start_file("a", entry_options()).map_err(io::Error::other)?;
            Ok(zip.write_all(&vec![7; 1 << 20])?)
        });
        match full {
            Err(Error::NotWritten(error)) => assert_eq!(error.kind(), io::ErrorKind::StorageFull),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn entries_are_read_by_name() {
        let file = zipped(&[("a.txt", b"one"), ("文件/b.txt", b"two")]);
        let mut archive = open(&file).unwrap();
        assert_eq!(archive.names(), ["a.txt", "文件/b.txt"]);
        assert_eq!(archive.read("文件/b.txt").unwrap(), b"two");
        assert!(matches!(archive.read("c.txt"), Err(Error::Malformed { .. })));
        archive.verify().unwrap();
    }

    #[test]
    fn a_bomb_is_refused_by_what_it_declares() {
        let file = zipped(&[("bomb", &vec![0; 8 << 20])]);
        let Err(Error::Hostile(reason)) = open(&file) else { panic!("taken for harmless") };
        assert!(reason.en.contains("zip bomb") && reason.zh.contains("压缩炸弹"), "{reason:?}");
    }

    #[test]
    fn a_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks() {
        let file = zipped(&[("bomb", &vec![0; 8 << 20])]);
        let mut bytes = std::fs::read(file.path()).unwrap();
        let size = (8_u32 << 20).to_le_bytes();
        let places: Vec<usize> =
            (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == size).collect();
        assert!(!places.is_empty());
        for at in places {
            bytes[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
        }
        std::fs::write(file.path(), bytes).unwrap();
        let mut archive = open(&file).unwrap();
        let error = archive.verify().unwrap_err();
        assert_eq!(error.to_string(), "The content of the file cannot be read");
    }

    #[test]
    fn many_entries_and_large_sums_are_refused() {
        let file = zipped(&[("a", b"12345"), ("b", b"12345"), ("c", b"12345")]);
        let few = Limits { entries: 2, ..Limits::DEFAULT };
        let little = Limits { total_bytes: 14, ..Limits::DEFAULT };
        for limits in [few, little] {
            let refused = Archive::open_within(file.path(), "zip", limits);
            assert!(matches!(refused, Err(Error::Hostile(_))));
        }
    }

    #[test]
    fn what_is_no_archive_is_said_to_be_none() {
        let file = NamedTempFile::new().unwrap();
        for bytes in [&b""[..], b"PK\x03\x04", &[0x50; 5000]] {
            std::fs::write(file.path(), bytes).unwrap();
            assert!(matches!(open(&file), Err(Error::Malformed { .. })));
        }
    }

    #[test]
    fn a_name_in_gbk_is_read_as_chinese() {
        assert_eq!(name(b"\xb7\xe1\xc8\xf3\\a.shp"), "丰润/a.shp");
    }

    proptest::proptest! {
        #[test]
        fn a_damaged_archive_ends_in_an_error_or_in_what_was_stored(
            at in 0_usize..400, flip in 1_u8.., keep in 0_usize..800
        ) {
            let stored = b"one one one one one one";
            let file = zipped(&[("a.txt", stored), ("b", b"two")]);
            let mut bytes = std::fs::read(file.path()).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= flip;
            bytes.truncate(keep);
            std::fs::write(file.path(), &bytes).unwrap();
            if let Ok(read) = open(&file).and_then(|mut archive| archive.read("a.txt")) {
                proptest::prop_assert_eq!(read, stored);
            }
        }
    }
}
