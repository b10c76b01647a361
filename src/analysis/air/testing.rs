//! What tests of this module share.

use serde_json::Value;

/// Expected numbers, made by programs that share nothing with this one.
pub fn fixture() -> Value {
    serde_json::from_str(include_str!("../../../tests/fixtures/air.json")).unwrap()
}

/// Fails where two numbers differ by more than a tolerance.
#[track_caller]
pub fn near(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{value} is not {expected}");
}
