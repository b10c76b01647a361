//! What every panel, page and tool may read, and where it sends what it asks for.

use std::ops::Deref;

use egui::Color32;

use super::action::{Actions, Outgoing};
use super::model::Model;
use super::theme::color;
use crate::domain::{Lang, Text};
use crate::map::tokens::Palette;

/// What every panel, page and tool may read, and where it sends its wishes.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    pub model: &'a Model,
    pub actions: &'a Actions,
}

impl Ctx<'_> {
    /// In the language of the window.
    pub fn say(&self, text: Text) -> &'static str {
        text.say(self.model.lang())
    }

    /// Picks the words of the person's language.
    pub fn tell(&self, zh: impl Into<String>, en: impl Into<String>) -> String {
        match self.model.lang() {
            Lang::Zh => zh.into(),
            Lang::En => en.into(),
        }
    }

    /// For what is about to go out of the district to a file.
    pub fn outgoing(&self) -> Outgoing {
        let district = self.model.district.as_ref();
        let district = district.map(|district| district.path.clone()).unwrap_or_default();
        Outgoing { district, seal: self.model.seal(), stamp: self.model.stamp() }
    }

    /// A token as egui wants it: `ctx.color(|theme| theme.accent)`.
    pub fn color(&self, token: fn(&Palette) -> crate::map::tokens::Rgba) -> Color32 {
        color(token(self.model.theme()))
    }
}

impl Deref for Ctx<'_> {
    type Target = Model;

    fn deref(&self) -> &Model {
        self.model
    }
}
