//! What was worked out from a district and takes long to work out again, in a file beside it:
//! `丰润.gpkg.network`.
//!
//! Nothing of it enters the district, its copies or its journal, and it may be deleted at any time.
//! A key says what it was made from: a file of another key, a damaged or a foreign one is as good as
//! none. What the content means is the affair of whoever made it (`network::cache`).
//!
//! ```text
//! file = magic:8  key:16  LZ4 frame with the checksum of its content  magic:8
//! ```
//!
//! `lz4_flex` accepts a frame that was cut off between two blocks, and checks no checksum then: the
//! magic at the end shows that the file is whole.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use lz4_flex::frame::{BlockSize, FrameDecoder, FrameEncoder, FrameInfo};

use super::Error;
use super::open::io;
use crate::files::{beside, remove, rename};

/// Stands for everything that something was made from, the version of who made it included.
pub type CacheKey = [u8; 16];

const MAGIC: [u8; 8] = *b"shapan1\n";

/// Nothing that we keep comes near it, bytes; a frame that unpacks to more is no work of ours.
const LARGEST: u64 = 1 << 30;

/// What was kept beside a district under this key; `None` where there is nothing or something else.
/// The key is asked for only where there is a file.
pub fn read_cache(
    district: &Path,
    ending: &str,
    key: impl FnOnce() -> CacheKey,
) -> Option<Vec<u8>> {
    let mut file = File::open(beside(district, ending)).ok()?;
    let mut head = [0; 24];
    file.read_exact(&mut head).ok()?;
    if head != head_of(key()) {
        return None;
    }
    let packed = file.metadata().ok()?.len();
    unpacked(file, packed, LARGEST)
}

/// Takes twice the `packed` bytes of memory at first, and more only as content comes.
fn unpacked(mut file: impl io::Read, packed: u64, largest: u64) -> Option<Vec<u8>> {
    // Content is mostly more than that, so it is seldom moved as it grows.
    let mut content = Vec::with_capacity(usize::try_from(2 * packed.min(largest)).ok()?);
    FrameDecoder::new(&mut file).take(largest + 1).read_to_end(&mut content).ok()?;
    let mut end = Vec::new();
    file.take(MAGIC.len() as u64 + 1).read_to_end(&mut end).ok()?;
    (content.len() as u64 <= largest && end == MAGIC).then_some(content)
}

/// Keeps something beside a district, in place of what was there; how many bytes it took. It
/// appears there only complete.
pub fn write_cache(
    district: &Path,
    ending: &str,
    key: CacheKey,
    content: &[u8],
) -> Result<u64, Error> {
    if !district.is_file() {
        return Err(Error::Missing(district.to_owned()));
    }
    let target = beside(district, ending);
    // Always of the same name, so that what a killed program left is written over.
    let unfinished = beside(&target, ".unfinished");
    let written = write(&unfinished, key, content).and_then(|bytes| {
        rename(&unfinished, &target)?;
        Ok(bytes)
    });
    if written.is_err() {
        // The error that stopped it says more than one about its remains.
        drop(remove(&unfinished));
    }
    written.map_err(|source| io(&target, source))
}

/// Without a sync: what a power cut damages is noticed by the checksum and made again.
fn write(path: &Path, key: CacheKey, content: &[u8]) -> io::Result<u64> {
    if content.len() as u64 > LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut file = File::create(path)?;
    file.write_all(&head_of(key))?;
    let info = FrameInfo::new().block_size(BlockSize::Max1MB).content_checksum(true);
    let mut frame = FrameEncoder::with_frame_info(info, file);
    frame.write_all(content)?;
    let mut file = frame.finish().map_err(io::Error::other)?;
    file.write_all(&MAGIC)?;
    Ok(file.metadata()?.len())
}

fn head_of(key: CacheKey) -> [u8; 24] {
    let mut head = [0; 24];
    let (magic, rest) = head.split_at_mut(MAGIC.len());
    magic.copy_from_slice(&MAGIC);
    rest.copy_from_slice(&key);
    head
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::*;

    const KEY: CacheKey = [7; 16];

    fn district() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gpkg");
        fs::write(&path, "a district").unwrap();
        (folder, path)
    }

    #[test]
    fn what_is_kept_is_read_under_its_key_alone_and_replaced_whole() {
        let (folder, path) = district();
        assert_eq!(read_cache(&path, ".net", || KEY), None);
        let content = vec![3; 100_000];
        let bytes = write_cache(&path, ".net", KEY, &content).unwrap();
        assert!(bytes < 2000, "{bytes}");
        assert_eq!(read_cache(&path, ".net", || KEY), Some(content));
        assert_eq!(read_cache(&path, ".net", || [8; 16]), None);
        write_cache(&path, ".net", [8; 16], b"newer").unwrap();
        assert_eq!(read_cache(&path, ".net", || [8; 16]).as_deref(), Some(&b"newer"[..]));
        assert_eq!(read_cache(&path, ".net", || KEY), None);
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["a.gpkg", "a.gpkg.net"], "nothing else is left");
    }

    #[test]
    fn beside_nothing_and_in_a_place_that_is_taken_nothing_is_kept() {
        let (folder, path) = district();
        let nowhere = folder.path().join("b.gpkg");
        assert!(matches!(write_cache(&nowhere, ".net", KEY, b"x"), Err(Error::Missing(_))));
        fs::create_dir_all(folder.path().join("a.gpkg.net/x")).unwrap();
        assert!(write_cache(&path, ".net", KEY, b"x").is_err());
        assert_eq!(read_cache(&path, ".net", || KEY), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no remains");
    }

    #[test]
    fn a_frame_that_unpacks_to_more_than_we_ever_write_is_none_of_ours() {
        let (_folder, path) = district();
        write_cache(&path, ".net", KEY, &[0; 5000]).unwrap();
        let file = fs::read(beside(&path, ".net")).unwrap();
        let frame = &file[MAGIC.len() + KEY.len()..];
        assert_eq!(unpacked(frame, 60, 5000), Some(vec![0; 5000]));
        assert_eq!(unpacked(frame, 60, 4999), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_file_that_was_cut_or_changed_anywhere_is_as_good_as_none(
            content in prop::collection::vec(0..4_u8, 1..3000),
            at in any::<prop::sample::Index>(),
            flip in 1..=255_u8,
        ) {
            let (_folder, path) = district();
            write_cache(&path, ".net", KEY, &content).unwrap();
            let file = beside(&path, ".net");
            let whole = fs::read(&file).unwrap();
            let at = at.index(whole.len());
            fs::write(&file, &whole[..at]).unwrap();
            prop_assert!(read_cache(&path, ".net", || KEY).is_none(), "cut at {at}");
            let mut changed = whole;
            changed[at] ^= flip;
            fs::write(&file, &changed).unwrap();
            let read = read_cache(&path, ".net", || KEY);
            prop_assert!(read.is_none_or(|read| read == content), "changed at {at}");
        }

        #[test]
        fn bytes_of_anything_are_as_good_as_none(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let (_folder, path) = district();
            fs::write(beside(&path, ".net"), [&head_of(KEY)[..], &bytes].concat()).unwrap();
            prop_assert!(read_cache(&path, ".net", || KEY).is_none());
        }
    }
}
