//! `.osm`: the same elements as XML.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::element::{Element, ElementKinds, MAX_PARTS, Member, MemberKind, Position, Tags, Way};
use crate::domain::Text;
use crate::exchange::Error;

/// An element of `OpenStreetMap` takes a few kilobytes; the parser holds one tag at a time.
const MAX_TAG_BYTES: usize = 1 << 20;

/// A file of OpenStreetMap as XML, read anew for each pass.
pub struct XmlFile {
    path: PathBuf,
}

/// The element whose end has not come yet.
enum Open {
    Node { id: i64, at: Option<Position>, tags: Tags<'static> },
    Way(Way<'static>),
    Relation { id: i64, members: Vec<Member<'static>>, tags: Tags<'static> },
}

impl XmlFile {
    /// Fails where the file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Error> {
        File::open(path)?;
        Ok(Self { path: path.to_owned() })
    }

    /// Hands on every element of a wanted kind, in the order of the file.
    pub fn each(
        &mut self,
        wanted: ElementKinds,
        visit: &mut dyn FnMut(Element<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let file = TagLimit { inner: BufReader::new(File::open(&self.path)?), left: MAX_TAG_BYTES };
        let mut reader = Reader::from_reader(file);
        let (mut buffer, mut open, mut has_root, mut depth) = (Vec::new(), None, false, 0_u32);
        loop {
            buffer.clear();
            reader.get_mut().left = MAX_TAG_BYTES;
            let event = reader.read_event_into(&mut buffer).map_err(|error| wrong(&error))?;
            match &event {
                Event::Start(tag) | Event::Empty(tag) if !has_root => {
                    if tag.name().0 != "osm" {
                        return Err(malformed("根元素不是 osm", "its root element is not `osm`"));
                    }
                    has_root = true;
                    depth += u32::from(matches!(event, Event::Start(_)));
                }
                Event::Start(tag) => {
                    depth += 1;
                    begin(tag, wanted, &mut open)?;
                }
                Event::Empty(tag) => {
                    begin(tag, wanted, &mut open)?;
                    end(tag.name().0, &mut open, visit)?;
                }
                Event::End(tag) => {
                    depth = depth.saturating_sub(1);
                    end(tag.name().0, &mut open, visit)?;
                }
                Event::DocType(_) => {
                    return Err(Error::hostile(
                        "文件声明了文档类型（DOCTYPE），地图文件不会有",
                        "a DOCTYPE, which no map file has",
                    ));
                }
                Event::Eof if !has_root => {
                    return Err(malformed("其中没有元素", "it has no elements"));
                }
                Event::Eof if depth > 0 => {
                    return Err(malformed(
                        "文件不完整，没有 </osm> 就断了",
                        "it ends before `</osm>`",
                    ));
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }
}

fn begin(tag: &BytesStart<'_>, wanted: ElementKinds, open: &mut Option<Open>) -> Result<(), Error> {
    match tag.name().0 {
        "node" if wanted.nodes => *open = node(tag)?,
        "way" if wanted.ways => {
            *open = id(tag)?.map(|id| Open::Way(Way { id, ..Way::default() }));
        }
        "relation" if wanted.relations => {
            *open = id(tag)?.map(|id| Open::Relation {
                id,
                members: Vec::new(),
                tags: Tags::default(),
            });
        }
        name => {
            if let Some(open) = open {
                part(name, tag, open)?;
            }
        }
    }
    Ok(())
}

fn end(
    name: &str,
    open: &mut Option<Open>,
    visit: &mut dyn FnMut(Element<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    if !matches!(name, "node" | "way" | "relation") {
        return Ok(());
    }
    match open.take() {
        Some(Open::Node { id, at, tags }) => visit(Element::Node { id, at, tags }),
        Some(Open::Way(way)) => visit(Element::Way(way)),
        Some(Open::Relation { id, members, tags }) => {
            visit(Element::Relation { id, members, tags })
        }
        None => Ok(()),
    }
}

fn node(tag: &BytesStart<'_>) -> Result<Option<Open>, Error> {
    let Some(id) = id(tag)? else { return Ok(None) };
    let degrees = |name| Ok::<_, Error>(attribute(tag, name)?.and_then(|text| text.parse().ok()));
    let (lon, lat) = (degrees("lon")?, degrees("lat")?);
    let at = lon.zip(lat).and_then(|(lon, lat)| Position::from_degrees(lon, lat));
    Ok(Some(Open::Node { id, at, tags: Tags::default() }))
}

/// `None` for what an editor has marked as deleted.
fn id(tag: &BytesStart<'_>) -> Result<Option<i64>, Error> {
    let id = attribute(tag, "id")?.and_then(|id| id.trim().parse().ok());
    let id = id.ok_or_else(|| malformed("有元素没有 id", "an element has no id"))?;
    let is_deleted = attribute(tag, "action")?.as_deref() == Some("delete")
        || attribute(tag, "visible")?.as_deref() == Some("false");
    Ok((!is_deleted).then_some(id))
}

fn part(name: &str, tag: &BytesStart<'_>, open: &mut Open) -> Result<(), Error> {
    let reference = || Ok::<_, Error>(attribute(tag, "ref")?.and_then(|id| id.trim().parse().ok()));
    let parts = match (name, open) {
        (
            "tag",
            Open::Node { tags, .. } | Open::Relation { tags, .. } | Open::Way(Way { tags, .. }),
        ) => {
            if let (Some(key), Some(value)) = (attribute(tag, "k")?, attribute(tag, "v")?) {
                tags.0.push((key.into_owned().into(), value.into_owned().into()));
            }
            tags.0.len()
        }
        ("nd", Open::Way(way)) => {
            way.nodes.extend(reference()?);
            way.nodes.len()
        }
        ("member", Open::Relation { members, .. }) => {
            let kind = match attribute(tag, "type")?.as_deref() {
                Some("node") => Some(MemberKind::Node),
                Some("way") => Some(MemberKind::Way),
                _ => None,
            };
            let role = attribute(tag, "role")?.unwrap_or_default().into_owned();
            let member = kind.zip(reference()?);
            members.extend(member.map(|(kind, id)| Member { kind, id, role: role.into() }));
            members.len()
        }
        _ => 0,
    };
    if parts > MAX_PARTS {
        return Err(Error::hostile(
            "有元素的组成超过一百万个",
            "an element of more than a million parts",
        ));
    }
    Ok(())
}

fn attribute<'t>(tag: &'t BytesStart<'_>, name: &str) -> Result<Option<Cow<'t, str>>, Error> {
    // Without checks: looking for doubles takes the square of their number.
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| Error::broken(FORMAT, &error))?;
        if attribute.key.0 == name {
            let value = attribute.normalized_value(XmlVersion::Explicit1_0);
            return value.map(Some).map_err(|error| Error::broken(FORMAT, &error));
        }
    }
    Ok(None)
}

fn wrong(error: &quick_xml::Error) -> Error {
    match error {
        quick_xml::Error::Io(error)
            if error
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<TooLong>) =>
        {
            Error::hostile("有标签超过 1 MB", TooLong.to_string())
        }
        quick_xml::Error::Io(error) => Error::Io(io::Error::new(error.kind(), error.to_string())),
        error => Error::broken(FORMAT, error),
    }
}

const FORMAT: &str = "OpenStreetMap XML";

fn malformed(zh: &'static str, en: &'static str) -> Error {
    Error::malformed(FORMAT, Text::new(zh, en))
}

#[derive(Debug, thiserror::Error)]
#[error("a tag of more than a mebibyte")]
struct TooLong;

/// Ends a tag that never ends, which the parser would collect until the memory is full.
struct TagLimit<R> {
    inner: R,
    left: usize,
}

impl<R: BufRead> BufRead for TagLimit<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = self.left;
        let filled = self.inner.fill_buf()?;
        if left == 0 && !filled.is_empty() {
            return Err(io::Error::other(TooLong));
        }
        Ok(filled.get(..left.min(filled.len())).unwrap_or(filled))
    }

    fn consume(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
        self.inner.consume(bytes);
    }
}

impl<R: BufRead> Read for TagLimit<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(into)?;
        self.consume(taken);
        Ok(taken)
    }
}
