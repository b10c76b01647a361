//! The two languages of the program, and how an error gets its words. What is said stands beside
//! what says it: labels beside kinds and fields, the words of an error beside its type.

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

/// What the system says, in whichever language it does.
impl Localized for io::Error {
    fn zh(&self) -> String {
        self.to_string()
    }
}
