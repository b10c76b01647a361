//! The way of an item as a pure function: which step leads from which state to which.

use serde::{Deserialize, Serialize};

use super::Step;
use crate::domain::{ItemState, Lack, Text};

/// What can be done with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum StepKind {
    #[serde(rename = "登记")]
    Register,
    #[serde(rename = "交办")]
    HandOver,
    #[serde(rename = "签收")]
    Accept,
    #[serde(rename = "整改")]
    Mend,
    #[serde(rename = "申请核查")]
    AskCheck,
    #[serde(rename = "核查")]
    Check,
    #[serde(rename = "复核")]
    Review,
    #[serde(rename = "销号")]
    Close,
    #[serde(rename = "退回")]
    Return,
    #[serde(rename = "延期")]
    Postpone,
    #[serde(rename = "挂账")]
    Hold,
    #[serde(rename = "恢复")]
    Resume,
    #[serde(rename = "误报")]
    Refute,
    #[serde(rename = "移交")]
    Transfer,
    #[serde(rename = "合并")]
    Merge,
    #[serde(rename = "作废")]
    Void,
    /// It came again after it was struck off: a new item is linked.
    #[serde(rename = "反弹")]
    Relapse,
    /// A stage of escalation: 提醒, 催办, 督办.
    #[serde(rename = "催办")]
    Urge,
    /// Evidence that was lacking.
    #[serde(rename = "补证")]
    Supply,
    /// The state that an outside list says.
    #[serde(rename = "外部台账")]
    Adopt,
}

/// The main way.
pub const MAIN: [StepKind; 8] = [
    StepKind::Register,
    StepKind::HandOver,
    StepKind::Accept,
    StepKind::Mend,
    StepKind::AskCheck,
    StepKind::Check,
    StepKind::Review,
    StepKind::Close,
];

const MAIN_STATES: [ItemState; 8] = [
    ItemState::Registered,
    ItemState::HandedOver,
    ItemState::Accepted,
    ItemState::Mending,
    ItemState::CheckAsked,
    ItemState::Checked,
    ItemState::Reviewed,
    ItemState::Closed,
];

impl StepKind {
    /// In the order of lists.
    pub const ALL: [Self; 20] = [
        Self::Register,
        Self::HandOver,
        Self::Accept,
        Self::Mend,
        Self::AskCheck,
        Self::Check,
        Self::Review,
        Self::Close,
        Self::Return,
        Self::Postpone,
        Self::Hold,
        Self::Resume,
        Self::Refute,
        Self::Transfer,
        Self::Merge,
        Self::Void,
        Self::Relapse,
        Self::Urge,
        Self::Supply,
        Self::Adopt,
    ];

    /// The word in files. Fixed for ever.
    pub const fn key(self) -> &'static str {
        self.label().zh
    }

    /// What a person calls it.
    pub const fn label(self) -> Text {
        match self {
            Self::Register => Text::new("登记", "register"),
            Self::HandOver => Text::new("交办", "hand over"),
            Self::Accept => Text::new("签收", "accept"),
            Self::Mend => Text::new("整改", "mend"),
            Self::AskCheck => Text::new("申请核查", "ask for a check"),
            Self::Check => Text::new("核查", "check"),
            Self::Review => Text::new("复核", "review"),
            Self::Close => Text::new("销号", "strike off"),
            Self::Return => Text::new("退回", "return"),
            Self::Postpone => Text::new("延期", "postpone"),
            Self::Hold => Text::new("挂账", "put on hold"),
            Self::Resume => Text::new("恢复", "take up again"),
            Self::Refute => Text::new("误报", "unfounded"),
            Self::Transfer => Text::new("移交", "pass on"),
            Self::Merge => Text::new("合并", "merge"),
            Self::Void => Text::new("作废", "void"),
            Self::Relapse => Text::new("反弹", "relapse"),
            Self::Urge => Text::new("催办", "remind"),
            Self::Supply => Text::new("补证", "supply evidence"),
            Self::Adopt => Text::new("外部台账", "outside list"),
        }
    }

    /// `None` for a word that names no step.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|step| step.key() == key || step.label().en == key || step.english_key() == key)
    }

    /// As other programs may write it.
    const fn english_key(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::HandOver => "hand_over",
            Self::Accept => "accept",
            Self::Mend => "mend",
            Self::AskCheck => "ask_check",
            Self::Check => "check",
            Self::Review => "review",
            Self::Close => "close",
            Self::Return => "return",
            Self::Postpone => "postpone",
            Self::Hold => "hold",
            Self::Resume => "resume",
            Self::Refute => "refute",
            Self::Transfer => "transfer",
            Self::Merge => "merge",
            Self::Void => "void",
            Self::Relapse => "relapse",
            Self::Urge => "urge",
            Self::Supply => "supply",
            Self::Adopt => "adopt",
        }
    }

    /// Its place on the main way.
    fn rank(self) -> Option<usize> {
        MAIN.iter().position(|step| *step == self)
    }

    /// Whether it always needs a typed reason: the item leaves its way.
    pub const fn always_needs_reason(self) -> bool {
        matches!(
            self,
            Self::Return
                | Self::Postpone
                | Self::Hold
                | Self::Refute
                | Self::Transfer
                | Self::Merge
                | Self::Void
                | Self::Adopt
        )
    }
}

/// Where a step leads, and which steps of the main way it passes over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub state: ItemState,
    pub skips: Vec<StepKind>,
}

/// How far an item has come, folded from its steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    /// `None` before the first step.
    pub state: Option<ItemState>,
    /// Where it was when it was put on hold.
    held_from: Option<ItemState>,
    /// Who said that it is mended: nobody of the same name may check it.
    pub mended_by: Option<String>,
    /// What steps should have left behind and nobody has supplied since.
    pub lacking: Vec<Lack>,
    pub returns: u32,
    /// It came again after it was struck off.
    pub has_relapsed: bool,
}

impl Path {
    /// `None` where some step does not follow from those before it.
    pub fn of(steps: &[Step]) -> Option<Self> {
        steps.iter().try_fold(Self::default(), Self::then)
    }

    /// Where a step of a kind leads from here; `None` where it cannot be taken.
    pub fn outcome(&self, kind: StepKind) -> Option<Outcome> {
        let stays = |state: ItemState| Some(Outcome { state, skips: Vec::new() });
        let Some(state) = self.state else {
            return (kind == StepKind::Register)
                .then_some(Outcome { state: ItemState::Registered, skips: Vec::new() });
        };
        let (is_open, has_unit) = (state.is_open(), state.is_with_unit());
        match kind {
            // Another unit takes it over.
            StepKind::HandOver if has_unit => stays(ItemState::HandedOver),
            StepKind::Return if state.awaits_check() || state == ItemState::Reviewed => {
                stays(ItemState::Returned)
            }
            StepKind::Postpone | StepKind::Urge if has_unit || state == ItemState::OnHold => {
                stays(state)
            }
            StepKind::Hold if is_open && state != ItemState::OnHold => stays(ItemState::OnHold),
            StepKind::Resume if state == ItemState::OnHold => {
                stays(self.held_from.unwrap_or(ItemState::Mending))
            }
            StepKind::Refute if is_open => stays(ItemState::Refuted),
            StepKind::Transfer if is_open => stays(ItemState::Transferred),
            StepKind::Merge if is_open => stays(ItemState::Merged),
            StepKind::Void if is_open => stays(ItemState::Void),
            StepKind::Relapse if state == ItemState::Closed => stays(state),
            StepKind::Supply => stays(state),
            _ => forward(state, kind),
        }
    }

    /// With one more step; `None` where it cannot be taken, or says that it passes over other steps
    /// than it does.
    pub fn then(mut self, step: &Step) -> Option<Self> {
        if step.step == StepKind::Adopt {
            self.state = Some(ItemState::from_key(step.state.as_deref()?)?);
            self.lacking.retain(|lack| !step.lacks().any(|new| new == *lack));
            self.lacking.extend(step.lacks());
            return Some(self);
        }
        let before = self.state;
        let outcome = self.outcome(step.step)?;
        if outcome.skips != step.skips {
            return None;
        }
        match step.step {
            StepKind::Hold => self.held_from = before,
            StepKind::Mend => self.mended_by = Some(step.by.clone()),
            StepKind::Return => self.returns += 1,
            StepKind::Relapse => self.has_relapsed = true,
            _ => {}
        }
        if step.step == StepKind::Supply {
            // What it says to lack is what is lacking still.
            self.lacking = step.lacks().collect();
        } else {
            self.lacking.extend(step.lacks());
            self.lacking.sort_unstable();
            self.lacking.dedup();
        }
        self.state = Some(outcome.state);
        Some(self)
    }
}

/// The step that usually comes next.
pub fn usual_next(state: Option<ItemState>) -> Option<StepKind> {
    let Some(state) = state else { return Some(StepKind::Register) };
    if state == ItemState::OnHold {
        return Some(StepKind::Resume);
    }
    let is_next = |kind: &StepKind| forward(state, *kind).is_some_and(|it| it.skips.is_empty());
    MAIN.into_iter().find(is_next)
}

/// A step of the main way that lies ahead, with those that it passes over.
fn forward(state: ItemState, kind: StepKind) -> Option<Outcome> {
    // What was returned is with its unit, as if it had just accepted it.
    let here = match state {
        ItemState::Returned => ItemState::Accepted,
        other => other,
    };
    let here = MAIN_STATES.iter().position(|known| *known == here)?;
    let there = kind.rank().filter(|there| *there > here)?;
    let skips = MAIN.get(here + 1..there)?.to_vec();
    Some(Outcome { state: *MAIN_STATES.get(there)?, skips })
}
