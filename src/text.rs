//! The two languages of the program, and how an error gets its words. What is said stands beside
//! what says it: labels beside kinds and fields, the words of an error beside its type.

pub mod figures;

use std::borrow::Cow;
use std::fmt::Display;
use std::io;

use serde::{Deserialize, Serialize};

/// The language a person reads. Chinese unless they say otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    #[default]
    Zh,
    En,
}

/// One phrase in both languages, kept beside its use so that no translation can be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    pub zh: &'static str,
    pub en: &'static str,
}

impl Text {
    /// The same in Chinese and English.
    pub const fn new(zh: &'static str, en: &'static str) -> Self {
        Self { zh, en }
    }

    /// In one language.
    pub const fn say(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// A text without the characters that no document may hold: controls but tabs and line ends, and
/// U+FFFE, U+FFFF. Word's Shift+Enter leaves a vertical tab in a cell, which no XML can have.
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_bad = |c: char| {
        c.is_control() && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    // Control characters of ASCII are single bytes, and all others begin with one of three.
    let is_plain = text.bytes().all(|byte| byte >= b' ' && !matches!(byte, 0x7f | 0xc2 | 0xef));
    if is_plain || !text.contains(is_bad) {
        return Cow::Borrowed(text);
    }
    text.chars().filter(|c| !is_bad(*c)).collect()
}

/// Words made at run time, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalizedText {
    pub zh: String,
    pub en: String,
}

impl LocalizedText {
    /// The same in Chinese and English.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// In one language.
    pub fn say(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl From<Text> for LocalizedText {
    fn from(text: Text) -> Self {
        Self::new(text.zh, text.en)
    }
}

/// An error, a refusal or a warning that a person reads: what happened, then what to do; a file
/// comes last. Its `Display` is the English sentence.
pub trait Localized: Display {
    /// The Chinese sentence.
    fn zh(&self) -> String;

    fn localized(&self) -> LocalizedText {
        LocalizedText::new(self.zh(), self.to_string())
    }
}

/// So that `?` words an error where a function answers with words.
impl<E: Localized> From<E> for LocalizedText {
    fn from(error: E) -> Self {
        error.localized()
    }
}

/// What the system refuses, in words of our own: what it or a library says of it is in whichever
/// language and for whoever wrote them.
impl Localized for io::Error {
    fn zh(&self) -> String {
        self.localized().zh
    }

    fn localized(&self) -> LocalizedText {
        let of_json = self.get_ref().and_then(|inner| inner.downcast_ref::<serde_json::Error>());
        if let Some(fault) = of_json {
            return json_fault(fault);
        }
        match (advice(self), self.raw_os_error()) {
            (Some(text), _) => text.into(),
            (None, Some(code)) => LocalizedText::new(
                format!("系统未能读写文件（系统代码 {code}），请重试"),
                format!("The system could not read or write the file (its code {code}): try again"),
            ),
            (None, None) => UNTOLD.into(),
        }
    }
}

const UNTOLD: Text =
    Text::new("文件未能读写，请重试", "It could not be read or written: try again");

/// What is wrong with JSON that a person wrote or another program sent, in words of our own. Lines and
/// columns count from 1.
pub fn json_fault(error: &serde_json::Error) -> LocalizedText {
    let (line, column) = (error.line(), error.column());
    let (zh, en) = match error.classify() {
        serde_json::error::Category::Io => return UNTOLD.into(),
        serde_json::error::Category::Eof => ("内容不完整，中途断了", "it breaks off"),
        serde_json::error::Category::Syntax => (
            "不合 JSON 语法，请检查引号、逗号和括号",
            "it is no JSON: look at quotes, commas and brackets",
        ),
        serde_json::error::Category::Data => {
            ("有内容不是应有的类型", "something in it is not of the type that it must be")
        }
    };
    if line == 0 {
        return LocalizedText::new(zh, en);
    }
    LocalizedText::new(
        format!("{zh}（第 {line} 行第 {column} 列）"),
        format!("{en} (line {line}, column {column})"),
    )
}

fn advice(error: &io::Error) -> Option<Text> {
    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION, which have no kind.
    if cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33)) {
        return Some(Text::new(
            "文件正被其他程序占用（如 Excel、WPS、杀毒软件），请先在那里关闭它",
            "Another program (Excel, WPS, a scanner for viruses) has the file open: close it there first",
        ));
    }
    Some(match error.kind() {
        io::ErrorKind::NotFound => Text::new("找不到文件或文件夹", "No such file or folder"),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Text::new(
            "没有权限，或文件、文件夹为只读，或文件正被其他程序打开。请换一个文件夹或文件名",
            "Not permitted, read-only, or open in another program: take another folder or name",
        ),
        io::ErrorKind::StorageFull => {
            Text::new("磁盘已满，请先清理", "The disk is full: make room first")
        }
        io::ErrorKind::InvalidFilename => {
            Text::new("系统不允许这样的文件名", "The system allows no such name for a file")
        }
        io::ErrorKind::NotADirectory => {
            Text::new("路径中有一段不是文件夹", "A part of the path is no folder")
        }
        io::ErrorKind::IsADirectory => {
            Text::new("这是文件夹，请选其中的文件", "It is a folder: choose a file in it")
        }
        // As `files::refuse_pipe` says it.
        io::ErrorKind::Unsupported => Text::new(
            "这不是普通文件，而是管道或设备，请另选一个文件",
            "Neither a file nor a folder: choose another",
        ),
        io::ErrorKind::AlreadyExists => Text::new(
            "已有同名文件，未覆盖",
            "There is such a file already, which was not written over",
        ),
        io::ErrorKind::FileTooLarge => Text::new(
            "文件超过磁盘或系统允许的大小，请换一个磁盘",
            "The file is larger than the disk or the system allows: take another disk",
        ),
        io::ErrorKind::TimedOut => {
            Text::new("等待超时，请稍后再试", "It took too long: try again later")
        }
        io::ErrorKind::UnexpectedEof => {
            Text::new("文件不完整，中途断了", "The file breaks off before its end")
        }
        io::ErrorKind::InvalidData => {
            Text::new("文件内容有误，无法读取", "The content of the file cannot be read")
        }
        io::ErrorKind::WriteZero => Text::new(
            "未能写完，请检查磁盘",
            "It could not be written to its end: look at the disk",
        ),
        // EIO, which has no kind.
        _ if cfg!(unix) && error.raw_os_error() == Some(5) => {
            Text::new("磁盘读写出错，请检查磁盘", "The disk failed to read or write: look at it")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_refuses_is_told_with_what_to_do() {
        let full = io::Error::from(io::ErrorKind::StorageFull).localized();
        assert_eq!(
            (full.zh.as_str(), full.en.as_str()),
            ("磁盘已满，请先清理", "The disk is full: make room first")
        );
        let other = io::Error::other("broken pipe in zlib").localized();
        assert!(!other.zh.contains("zlib") && !other.en.contains("zlib"), "{other:?}");
        let unknown = io::Error::from_raw_os_error(9_999).localized();
        assert!(unknown.zh.contains("9999") && unknown.en.contains("9999"), "{unknown:?}");
    }

    #[test]
    fn what_is_wrong_with_json_is_told_in_words_of_our_own() {
        for (text, zh) in [
            ("[1,\n}", "不合 JSON 语法，请检查引号、逗号和括号（第 2 行第 1 列）"),
            ("[1, 2", "内容不完整，中途断了（第 1 行第 5 列）"),
            ("[\"a\"]", "有内容不是应有的类型（第 1 行第 4 列）"),
        ] {
            let error = serde_json::from_str::<Vec<u32>>(text).unwrap_err();
            assert_eq!(json_fault(&error).zh, zh);
        }
    }

    #[test]
    fn what_no_document_may_hold_is_taken_out_and_line_ends_stay() {
        let text = "甲\u{b}饭\0店\u{fffe}\u{85}\n二\t层";
        assert_eq!(printable(text), "甲饭店\n二\t层");
        assert!(matches!(printable("甲饭店，１"), Cow::Borrowed(_)));
    }
}
