//! Marks of values, as instruments and platforms put them.

use std::sync::Arc;

use crate::domain::Text;

/// A mark as it came: `N`, `D`, `H`; `<` where too little was there to be measured.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flag(Arc<str>);

impl Flag {
    /// Below the limit of detection: the value, if there is one, is that limit.
    pub const BELOW: &'static str = "<";
    /// A day that counts for no mean with the dust deducted: the mark stands without a value.
    pub const LEFT_OUT: &'static str = "剔除";

    pub fn new(mark: &str) -> Self {
        Self(mark.trim().into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a value with it counts for means: only what is normal (`N`, HJ 212-2017 table 8) does.
    /// A value without a mark has none of these and counts.
    pub fn counts(&self) -> bool {
        self.0.is_empty() || self.0.eq_ignore_ascii_case("N")
    }

    /// What it means, where HJ 212 says so.
    pub fn label(&self) -> Option<Text> {
        Some(match &*self.0 {
            "N" => Text::new("正常", "normal"),
            "F" => Text::new("停运", "stopped"),
            "M" => Text::new("维护", "maintenance"),
            "S" => Text::new("手工输入", "set by hand"),
            "D" => Text::new("故障", "fault"),
            "C" => Text::new("校准", "calibration"),
            "T" => Text::new("超量程", "over range"),
            "B" => Text::new("通讯中断", "no link to the instrument"),
            "P" => Text::new("断电", "no power"),
            Self::BELOW => Text::new("未检出", "below detection"),
            Self::LEFT_OUT => Text::new("剔除", "left out"),
            _ => return None,
        })
    }
}
