//! Windows over the map: one file each. One is open at a time.

mod adopt;
mod base_maps;
mod brief;
mod datum;
mod decision;
mod dialog;
mod export;
mod history;
mod import;
mod keys;
mod leaving;
mod new_meeting;
mod palette;
mod photo;
mod print;
mod rename_plan;
mod restore;
mod settings;
mod sprint;

pub use adopt::AdoptPage;
pub use brief::BriefPage;
pub use decision::DecisionPage;
pub use dialog::Dialog;
pub use export::ExportPage;
pub use history::{History, RecordHistory};
pub use import::{ImportJob, ImportPage, Source};
pub use keys::Keys;
pub use new_meeting::NewMeeting;
pub use palette::Palette;
pub use photo::PhotoPage;
pub use print::PrintPage;
pub use rename_plan::RenamePage;
pub use restore::RestorePage;
pub use settings::SettingsPage;
pub use sprint::SprintPage;
