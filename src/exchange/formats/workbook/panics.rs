//! A library that panics where it should return an error: that becomes an error, and the terminal
//! hears nothing of it.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread is inside of [`contained`].
    static IS_CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// What `work` returns, or the words that it panicked with.
pub fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let told = take_hook();
        set_hook(Box::new(move |facts| {
            if !IS_CONTAINED.get() {
                told(facts);
            }
        }));
    });
    let outer = IS_CONTAINED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    IS_CONTAINED.set(outer);
    done.map_err(|payload| words(payload.as_ref()))
}

fn words(payload: &(dyn Any + Send)) -> String {
    let plain = payload.downcast_ref::<&str>().map(|words| (*words).to_owned());
    plain.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_words_and_what_goes_well_comes_back() {
        assert_eq!(contained(|| 3), Ok(3));
        let none: Option<u8> = "".parse().ok();
        let said = contained(|| none.expect("no room"));
        assert_eq!(said, Err("no room".to_owned()));
        assert!(!IS_CONTAINED.get());
    }
}
