//! How the window looks, and what leaves it.

use crate::ui::model::Panel;
use crate::ui::model::workspace::Workspace;

/// What is asked of the window itself.
pub enum WindowAction {
    /// To a place; what was open there is open again.
    Enter(Workspace),
    /// What its key does: to the place; there, to its own pages; from these, back to the situation.
    TurnTo(Workspace),
    /// Undoes one thing that was begun or opened: tool, filter, card, dock.
    StepBack,
    /// The dock takes this share of the window's height, 0–1; as it comes where it is `None`.
    DockShare(Option<f32>),
    /// Letters so many steps larger; as they come where it is `None`.
    Scale(Option<i8>),
    Panel(Panel, bool),
    /// Opens a panel, or folds it away.
    Fold(Panel),
    /// The map alone on the whole screen, in large letters, or back.
    Big,
    /// Light to dark, or back.
    Theme,
    /// Chinese to English, or back.
    Language,
    /// Puts the cursor into the search box.
    Search,
    Copy(String),
    /// The coordinates under the pointer, as text.
    CopyPlace,
    /// What the map shows, as a picture for other programs.
    CopyMap,
    /// It is drawn.
    MapDrawn(Box<egui::ColorImage>),
    /// A step of setting a district up, by key, is skipped, or is not any longer.
    SkipStep(&'static str, bool),
    /// Takes a message away.
    Dismiss(u64),
    Quit,
}
