//! XML as a walk through elements, with bounds on depth and on the length of a single token.
//!
//! Document types are refused, so no entity can be defined and none can grow. Prefixes are dropped
//! from element names: KML and GPX files are sloppy with theirs.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::archive::{exceeded, explained_shared};
use crate::domain::{LocalizedText, Text};
use crate::exchange::Error;

/// Folders in folders of a KML are elements too.
const MAX_DEPTH: usize = 256;
/// The longest text between two tags: some three million vertices.
const MAX_TOKEN_BYTES: usize = 128 << 20;

/// A document, read from start to end.
pub struct XmlReader<R> {
    reader: Reader<Bounded<BufReader<R>>>,
    buffer: Vec<u8>,
    depth: usize,
    format: &'static str,
    /// The start tag of an element without content is told as a start and an end.
    pending_end: bool,
}

/// What comes next.
#[derive(Debug)]
pub enum XmlNode<'a> {
    Start(XmlElement),
    End,
    Text(Cow<'a, str>),
    Eof,
}

/// A start tag.
#[derive(Debug, Default)]
pub struct XmlElement {
    pub name: String,
    /// Names with their prefixes.
    pub attributes: Vec<(String, String)>,
}

impl XmlElement {
    /// `None` where the element has no such attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name)?;
        Some(&found.1)
    }
}

impl<R: Read> XmlReader<R> {
    /// `inner` is UTF-8 by now. `format` is what an error calls the file.
    pub fn new(inner: R, format: &'static str) -> Self {
        let inner = Bounded { inner: BufReader::with_capacity(1 << 16, inner), used: 0 };
        let mut reader = Reader::from_reader(inner);
        reader.config_mut().allow_dangling_amp = true;
        Self { reader, buffer: Vec::new(), depth: 0, format, pending_end: false }
    }

    /// The next node; the file as a whole is refused where it is not well-formed.
    pub fn next(&mut self) -> Result<XmlNode<'_>, Error> {
        if std::mem::take(&mut self.pending_end) {
            self.depth -= 1;
            return Ok(XmlNode::End);
        }
        self.buffer.clear();
        self.reader.get_mut().used = 0;
        let event = self.reader.read_event_into(&mut self.buffer);
        let position = self.reader.buffer_position();
        let event = event.map_err(|error| match error {
            quick_xml::Error::Io(error) => explained_shared(&error),
            error => Error::broken(self.format, &format_args!("{error}, near byte {position}")),
        })?;
        Ok(match event {
            Event::Start(start) => {
                self.depth = deeper(self.depth)?;
                XmlNode::Start(element(&start))
            }
            Event::Empty(start) => {
                self.depth = deeper(self.depth)?;
                self.pending_end = true;
                XmlNode::Start(element(&start))
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                XmlNode::End
            }
            Event::Text(text) => XmlNode::Text(text.xml10_content()),
            Event::CData(text) => XmlNode::Text(text.xml10_content()),
            Event::GeneralRef(reference) => XmlNode::Text(Cow::Owned(resolved(&reference))),
            Event::DocType(_) => {
                return Err(Error::Hostile(DOCUMENT_TYPE.into()));
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => XmlNode::Text(Cow::Borrowed("")),
            Event::Eof if self.depth > 0 => {
                let reason = LocalizedText::new(
                    format!("文件不完整，到第 {position} 字节就断了"),
                    format!("the file ends at byte {position} inside of an element"),
                );
                return Err(Error::malformed(self.format, reason));
            }
            Event::Eof => XmlNode::Eof,
        })
    }

    /// The next child of the element that was entered last; `None` when it ends.
    pub fn child(&mut self) -> Result<Option<XmlElement>, Error> {
        loop {
            match self.next()? {
                XmlNode::Start(element) => return Ok(Some(element)),
                XmlNode::End | XmlNode::Eof => return Ok(None),
                XmlNode::Text(_) => {}
            }
        }
    }

    /// All text up to the end of the element that was entered last.
    pub fn text(&mut self) -> Result<String, Error> {
        let mut all = String::new();
        let mut inner = 0_usize;
        loop {
            match self.next()? {
                XmlNode::Text(text) if all.len() + text.len() > MAX_TOKEN_BYTES => {
                    return Err(Error::Hostile(LONG_TEXT.into()));
                }
                XmlNode::Text(text) => all.push_str(&text),
                XmlNode::Start(_) => inner += 1,
                XmlNode::End if inner == 0 => return Ok(all),
                XmlNode::End => inner -= 1,
                XmlNode::Eof => return Ok(all),
            }
        }
    }

    /// Goes to the end of the element that was entered last.
    pub fn skip(&mut self) -> Result<(), Error> {
        let mut inner = 0_usize;
        loop {
            match self.next()? {
                XmlNode::Start(_) => inner += 1,
                XmlNode::End if inner == 0 => return Ok(()),
                XmlNode::End => inner -= 1,
                XmlNode::Eof => return Ok(()),
                XmlNode::Text(_) => {}
            }
        }
    }
}

/// Of a file whose first element is not that of its format.
pub fn begins_with(found: &str, wanted: &str) -> LocalizedText {
    LocalizedText::new(
        format!("开头是 <{found}>，不是 <{wanted}>"),
        format!("it begins with <{found}>, not with <{wanted}>"),
    )
}

const DOCUMENT_TYPE: Text = Text::new(
    "文件声明了文档类型（DOCTYPE），其中可以定义无穷展开的实体",
    "the file declares a document type, which can define entities without end",
);

const LONG_TEXT: Text =
    Text::new("文件中有一处标签或文字过长", "a single tag or text of the file is too long");

fn deeper(depth: usize) -> Result<usize, Error> {
    if depth >= MAX_DEPTH {
        return Err(Error::hostile(
            format!("元素嵌套超过 {MAX_DEPTH} 层"),
            format!("elements are nested more than {MAX_DEPTH} deep"),
        ));
    }
    Ok(depth + 1)
}

fn element(start: &BytesStart<'_>) -> XmlElement {
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false).flatten() {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.unwrap_or_else(|_| attribute.value.clone());
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    XmlElement { name: start.local_name().as_ref().to_owned(), attributes }
}

fn resolved(reference: &BytesRef<'_>) -> String {
    match &**reference {
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "amp" => "&".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        // HTML that strayed into a description.
        "nbsp" => " ".to_owned(),
        name => match reference.resolve_char_ref() {
            Ok(Some(character)) => character.to_string(),
            _ => format!("&{name};"),
        },
    }
}

/// Counts what a single event takes.
struct Bounded<R> {
    inner: R,
    used: usize,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used > MAX_TOKEN_BYTES {
            return Err(exceeded(LONG_TEXT));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.used += count;
        self.inner.consume(count);
    }
}
