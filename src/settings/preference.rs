//! What a person sets at this seat, one thing at a time. Who asks for it, and what follows from it on
//! the screen, is the window's.

use super::feeds::Feeds;
use super::{
    AlarmSound, BIG_SCALES, BaseChoice, CustomProvider, PlannerTerms, SCALES, Settings,
    ThemeChoice, WorkspaceView,
};
use crate::domain::Lang;

/// One change of [`Settings`].
#[derive(Clone, Debug, PartialEq)]
pub enum Preference {
    /// Who works here, for the journal.
    Actor(String),
    Lang(Lang),
    Theme(ThemeChoice),
    /// Size of everything, against what the screen asks for.
    Scale(f32),
    /// Of text on the big screen, against what its height asks for.
    BigScale(f32),
    ReducedMotion(bool),
    SpeakerWindow(bool),
    /// Whether the overview lies at the corner of the map.
    Overview(bool),
    /// As `geodesy::crs` names it.
    ShownCrs(&'static str),
    /// Seconds that trucks wait at turns to the left, to the right and back.
    TurnCosts([f64; 3]),
    PlannerTerms(PlannerTerms),
    Base(BaseChoice),
    /// The datum of the file of tiles that is the base map, where it does not say so itself.
    BaseDatum(Option<&'static str>),
    /// The terms of a provider are agreed to.
    Agree(String),
    ProviderKey {
        provider: String,
        key: String,
    },
    AddProvider(CustomProvider),
    RemoveProvider(String),
    /// Whose labels lie on an online base map; empty for none.
    Labels {
        base: String,
        over: String,
    },
    /// The kind whose rows the table shows in a place of the window.
    Table {
        workspace: &'static str,
        kind: &'static str,
    },
    /// The share of the window's height that the dock of a place was dragged to.
    DockShare {
        workspace: &'static str,
        share: f32,
    },
    /// The columns of a table, in order.
    Columns {
        layer: &'static str,
        keys: Vec<String>,
    },
    /// How a file with this header is read; `None` forgets it.
    Mapping {
        signature: String,
        mapping: Option<serde_json::Value>,
    },
    /// What brings readings to a district.
    Feeds {
        district: String,
        feeds: Box<Feeds>,
    },
    /// Indices of other cities, as they were pasted.
    Others {
        district: String,
        text: String,
    },
    /// Whether a high value is heard.
    Sound(AlarmSound),
    /// The wording of orders about high values; that of the program where it is `None`.
    OrderTemplate(Option<String>),
    RemoveBookmark {
        district: String,
        index: usize,
    },
}

impl Settings {
    /// Sets it in memory; [`Settings::save`] writes all of them.
    pub fn prefer(&mut self, preference: Preference) {
        match preference {
            Preference::Actor(actor) => self.actor = actor,
            Preference::Lang(lang) => self.lang = lang,
            Preference::Theme(theme) => self.theme = theme,
            Preference::Scale(scale) => self.scale = scale.clamp(SCALES.0, SCALES.1),
            Preference::BigScale(scale) => {
                self.big_scale = scale.clamp(BIG_SCALES.0, BIG_SCALES.1);
            }
            Preference::ReducedMotion(is_on) => self.reduced_motion = is_on,
            Preference::SpeakerWindow(is_on) => self.speaker_window = is_on,
            Preference::Overview(is_on) => self.overview = is_on,
            Preference::ShownCrs(key) => key.clone_into(&mut self.shown_crs),
            Preference::TurnCosts(costs_s) => self.turn_costs_s = costs_s,
            Preference::PlannerTerms(terms) => self.planner_terms = terms.in_bounds(),
            Preference::Base(base) => self.base = base,
            Preference::BaseDatum(name) => {
                if let BaseChoice::File { datum, .. } = &mut self.base {
                    *datum = name.map(str::to_owned);
                }
            }
            Preference::Agree(provider) => self.agreed.push(provider),
            Preference::ProviderKey { provider, key } => {
                self.provider_keys.insert(provider, key);
            }
            Preference::AddProvider(own) => self.custom_providers.push(own),
            Preference::RemoveProvider(name) => self.remove_provider(&name),
            Preference::Labels { base, over } => {
                self.labels.insert(base, over);
            }
            Preference::Table { workspace, kind } => {
                self.workspace(workspace).table = Some(kind.to_owned());
            }
            Preference::DockShare { workspace, share } => {
                self.workspace(workspace).dock_share = Some(share);
            }
            Preference::Columns { layer, keys } => {
                self.columns.insert(layer.to_owned(), keys);
            }
            Preference::Mapping { signature, mapping: Some(mapping) } => {
                self.mappings.insert(signature, mapping);
            }
            Preference::Mapping { signature, mapping: None } => {
                self.mappings.remove(&signature);
            }
            Preference::Feeds { district, feeds } => {
                self.districts.entry(district).or_default().feeds = *feeds;
            }
            Preference::Others { district, text } => {
                self.districts.entry(district).or_default().others = text;
            }
            Preference::Sound(sound) => self.sound = sound,
            Preference::OrderTemplate(template) => self.order_template = template,
            Preference::RemoveBookmark { district, index } => {
                if let Some(view) = self.districts.get_mut(&district)
                    && index < view.bookmarks.len()
                {
                    view.bookmarks.remove(index);
                }
            }
        }
    }

    /// How a place of the window was left, to be written to.
    pub fn workspace(&mut self, key: &str) -> &mut WorkspaceView {
        self.workspaces.entry(key.to_owned()).or_default()
    }

    /// With all that was set for it: another one of that name would begin with its key.
    fn remove_provider(&mut self, name: &str) {
        self.custom_providers.retain(|custom| custom.name != name);
        self.provider_keys.remove(name);
        self.labels.remove(name);
        self.labels.retain(|_, over| over != name);
        if self.base == BaseChoice::Online(name.to_owned()) {
            self.base = BaseChoice::None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_map_that_is_removed_leaves_neither_its_key_nor_itself_in_use() {
        let own = |name: &str| CustomProvider {
            name: name.to_owned(),
            url: "u".to_owned(),
            ..CustomProvider::default()
        };
        let mut settings = Settings {
            custom_providers: vec![own("影像"), own("注记")],
            base: BaseChoice::Online("影像".to_owned()),
            ..Settings::default()
        };
        settings.labels.insert("影像".to_owned(), "注记".to_owned());
        settings.labels.insert("osm".to_owned(), "影像".to_owned());
        settings.provider_keys.insert("影像".to_owned(), "secret".to_owned());
        settings.prefer(Preference::RemoveProvider("影像".to_owned()));
        let left = Settings { custom_providers: vec![own("注记")], ..Settings::default() };
        assert_eq!(settings, left);
    }
}
