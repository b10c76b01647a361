//! `.osm.pbf`: blobs of compressed blocks, each with a string table and some thousand elements.
//!
//! See <https://wiki.openstreetmap.org/wiki/PBF_Format>. Blocks are read one at a time, and what
//! is in each is remembered, so that a later pass inflates only those that it needs.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use flate2::read::ZlibDecoder;

use super::block;
use super::element::{Element, ElementKinds};
use crate::codec::protobuf::{Malformed, fields};
use crate::domain::{LocalizedText, Text};
use crate::exchange::Error;

/// The limits that the format itself sets.
const MAX_HEADER_BYTES: u32 = 64 * 1024;
const MAX_BLOB_BYTES: u64 = 32 * 1024 * 1024;
/// The whole planet has about a million blobs.
const MAX_BLOBS: usize = 4_000_000;
/// Real blocks shrink to a quarter or so; a file that grows a hundredfold is a bomb.
const MAX_GROWTH: u64 = 100;
const HARMLESS_BYTES: u64 = 4 * MAX_BLOB_BYTES;

/// An open file, and where its blobs are.
pub struct Pbf {
    file: BufReader<File>,
    bytes: u64,
    blobs: Vec<Blob>,
    block: Vec<u8>,
}

struct Blob {
    at: u64,
    bytes: u32,
    /// Known once the block has been read.
    holds: Option<ElementKinds>,
}

impl Pbf {
    /// Finds the blocks of the file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        let mut pbf =
            Self { file: BufReader::new(file), bytes, blobs: Vec::new(), block: Vec::new() };
        pbf.find_blobs()?;
        Ok(pbf)
    }

    /// Reads the heads of all blobs and jumps over their bodies.
    fn find_blobs(&mut self) -> Result<(), Error> {
        let mut has_header = false;
        while let Some(length) = self.length()? {
            if length >= MAX_HEADER_BYTES {
                return Err(malformed(
                    "开头不是 OSM 数据块",
                    "it does not begin with an OSM blob header",
                ));
            }
            let head = self.take(u64::from(length))?;
            let (kind, bytes) = blob_head(&head)?;
            let at = self.file.stream_position()?;
            if at + u64::from(bytes) > self.bytes {
                return Err(malformed(
                    "文件不完整，在数据块中间断了",
                    "the file ends in the middle of a blob",
                ));
            }
            match kind.as_str() {
                "OSMHeader" => {
                    has_header = true;
                    self.inflate(at, bytes)?;
                    check_features(&self.block)?;
                }
                "OSMData" if !has_header => {
                    return Err(malformed("没有 OSM 文件头", "it has no OSM header"));
                }
                "OSMData" => self.blobs.push(Blob { at, bytes, holds: None }),
                _ => {}
            }
            if self.blobs.len() > MAX_BLOBS {
                return Err(Error::hostile(
                    format!("数据块超过 {MAX_BLOBS} 个"),
                    format!("more than {MAX_BLOBS} blobs"),
                ));
            }
            self.file.seek(SeekFrom::Start(at + u64::from(bytes)))?;
        }
        if has_header {
            Ok(())
        } else {
            Err(malformed("没有 OSM 文件头", "it has no OSM header"))
        }
    }

    /// Hands on every element of a wanted kind, in the order of the file.
    pub fn each(
        &mut self,
        wanted: ElementKinds,
        visit: &mut dyn FnMut(Element<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut inflated = 0;
        for index in 0..self.blobs.len() {
            let Some(&Blob { at, bytes, holds }) = self.blobs.get(index) else { continue };
            if holds.is_some_and(|holds| !wanted.touches(holds)) {
                continue;
            }
            self.inflate(at, bytes)?;
            inflated += self.block.len() as u64;
            if inflated > HARMLESS_BYTES + MAX_GROWTH * self.bytes {
                return Err(Error::hostile(
                    "解压后远远超过任何地图",
                    "it inflates to far more than any map",
                ));
            }
            let holds = block::holds(&self.block)?;
            if let Some(blob) = self.blobs.get_mut(index) {
                blob.holds = Some(holds);
            }
            block::each(&self.block, wanted, visit)?;
        }
        Ok(())
    }

    /// The length of the next blob header; `None` at the end of the file.
    fn length(&mut self) -> Result<Option<u32>, Error> {
        if self.file.stream_position()? == self.bytes {
            return Ok(None);
        }
        let mut length = [0; 4];
        match self.file.read_exact(&mut length) {
            Ok(()) => Ok(Some(u32::from_be_bytes(length))),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(malformed(
                "文件不完整，在数据块开头断了",
                "the file ends in the middle of a blob header",
            )),
            Err(error) => Err(error.into()),
        }
    }

    fn take(&mut self, bytes: u64) -> Result<Vec<u8>, Error> {
        let mut taken = Vec::new();
        self.file.by_ref().take(bytes).read_to_end(&mut taken)?;
        if taken.len() as u64 == bytes {
            Ok(taken)
        } else {
            Err(malformed("文件不完整，在数据块中间断了", "the file ends in the middle of a blob"))
        }
    }

    /// Fills `self.block` with the content of the blob.
    fn inflate(&mut self, at: u64, bytes: u32) -> Result<(), Error> {
        self.file.seek(SeekFrom::Start(at))?;
        let blob = self.take(u64::from(bytes))?;
        let body = body(&blob)?;
        self.block.clear();
        match body {
            Body::Raw(raw) => self.block.extend_from_slice(raw),
            Body::Zlib(zlib) => {
                ZlibDecoder::new(zlib)
                    .take(MAX_BLOB_BYTES + 1)
                    .read_to_end(&mut self.block)
                    .map_err(|_broken| {
                        let no = Text::new("有数据块无法解压", "a block cannot be inflated");
                        Error::malformed(FORMAT, no)
                    })?;
            }
        }
        if self.block.len() as u64 > MAX_BLOB_BYTES {
            return Err(Error::hostile("有数据块超过 32 MB", "a block is larger than 32 MiB"));
        }
        Ok(())
    }
}

enum Body<'a> {
    Raw(&'a [u8]),
    Zlib(&'a [u8]),
}

fn body(blob: &[u8]) -> Result<Body<'_>, Malformed> {
    for field in fields(blob) {
        match field? {
            (1, raw) => return Ok(Body::Raw(raw.bytes()?)),
            (3, zlib) => return Ok(Body::Zlib(zlib.bytes()?)),
            (4..=7, _) => {
                return Err(Malformed::new(NOT_ZLIB));
            }
            _ => {}
        }
    }
    Err(Malformed::new("a blob is empty"))
}

fn blob_head(head: &[u8]) -> Result<(String, u32), Malformed> {
    let (mut kind, mut bytes) = (String::new(), 0);
    for field in fields(head) {
        match field? {
            (1, value) => value.text()?.clone_into(&mut kind),
            (3, value) => bytes = value.number()?,
            _ => {}
        }
    }
    if bytes > MAX_BLOB_BYTES {
        return Err(Malformed::new("a blob is larger than 32 MiB"));
    }
    Ok((kind, bytes as u32))
}

/// A file says what a reader must understand; history files hold deleted things too.
fn check_features(header: &[u8]) -> Result<(), Error> {
    for field in fields(header) {
        let (4, value) = field? else { continue };
        let feature = value.text()?;
        if !matches!(feature, "OsmSchema-V0.6" | "DenseNodes") {
            let words = LocalizedText::new(
                format!("文件要求支持“{feature}”，本程序不读取"),
                format!("it needs `{feature}`, which is not read here"),
            );
            return Err(Error::malformed(FORMAT, words));
        }
    }
    Ok(())
}

impl From<Malformed> for Error {
    fn from(broken: Malformed) -> Self {
        let zh = if broken.0 == NOT_ZLIB {
            "数据块不是 zlib 压缩，可用 osmium cat 重新打包"
        } else {
            "有数据块内容损坏"
        };
        Self::malformed(FORMAT, LocalizedText::new(zh, broken.0))
    }
}

const FORMAT: &str = "OpenStreetMap PBF";

const NOT_ZLIB: &str = "its blocks are not compressed with zlib; `osmium cat` can repack the file";

fn malformed(zh: &'static str, en: &'static str) -> Error {
    Error::malformed(FORMAT, Text::new(zh, en))
}
