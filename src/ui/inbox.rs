//! Files that were dropped on the window and that no job has looked at yet.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// What was dropped and not looked at yet. A job takes all that is in it, so that one that is
/// overtaken by the next loses nothing.
#[derive(Clone, Default)]
pub struct Inbox(Arc<Mutex<Vec<PathBuf>>>);

impl Inbox {
    /// Adds files.
    pub fn put(&self, paths: Vec<PathBuf>) {
        // A list of paths is whole whatever befell the thread that held it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(paths);
    }

    /// Takes all files out.
    pub fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_several_jobs_finds_what_the_earlier_ones_have_left() {
        let inbox = Inbox::default();
        inbox.put(vec!["a".into()]);
        inbox.clone().put(vec!["b".into(), "c".into()]);
        assert_eq!(inbox.take().len(), 3);
        assert!(inbox.take().is_empty());
    }
}
