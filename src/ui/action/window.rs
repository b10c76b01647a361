//! How the window looks, and what leaves it.

use crate::ui::model::Panel;

/// What is asked of the window itself.
pub enum WindowAction {
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
    /// Takes a message away.
    Dismiss(u64),
    Quit,
}
