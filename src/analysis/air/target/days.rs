//! Good days: how many are needed, and how many may be lost.

use crate::domain::LocalizedText;

/// Days of a period so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoodDays {
    pub good: u32,
    /// Valid days that were not good.
    pub bad: u32,
    /// Days without an index.
    pub invalid: u32,
    /// Days to come, all of them counted as valid.
    pub rest: u32,
}

/// A share of days in hundredths of a per cent: 68.5 % is 6850.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share(pub u32);

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayTarget {
    Days(u32),
    /// Of the valid days of the period.
    OfValid(Share),
    /// Of all days of the period.
    OfAll(Share),
}

/// What the rest of the days must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestDays {
    /// So many of them must be good; so many may be lost.
    Need { good: u32, may_lose: u32 },
    /// All of them may be lost.
    Met,
    /// So many are missing even if all of them are good.
    Impossible { short: u32 },
}

impl Share {
    const WHOLE: u64 = 10_000;

    /// So many days are at least this share.
    fn of(self, days: u32) -> u32 {
        let days = (u64::from(self.0) * u64::from(days)).div_ceil(Self::WHOLE);
        u32::try_from(days).unwrap_or(u32::MAX)
    }
}

impl GoodDays {
    fn valid(self) -> u32 {
        self.good + self.bad + self.rest
    }

    /// Good days that a target asks for.
    pub fn asked(self, target: DayTarget) -> u32 {
        match target {
            DayTarget::Days(days) => days,
            DayTarget::OfValid(share) => share.of(self.valid()),
            DayTarget::OfAll(share) => share.of(self.valid() + self.invalid),
        }
    }

    pub fn rest(self, target: DayTarget) -> RestDays {
        let need = self.asked(target).saturating_sub(self.good);
        match self.rest.checked_sub(need) {
            _ if need == 0 => RestDays::Met,
            Some(may_lose) => RestDays::Need { good: need, may_lose },
            None => RestDays::Impossible { short: need - self.rest },
        }
    }

    /// The smallest and the largest share of good days that the period can still have, of its valid
    /// days, 0–1; `None` without any.
    pub fn reach(self) -> Option<(f64, f64)> {
        let valid = f64::from(self.valid());
        let share = |good: u32| f64::from(good) / valid;
        (self.valid() > 0).then(|| (share(self.good), share(self.good + self.rest)))
    }
}

impl RestDays {
    pub fn words(self) -> LocalizedText {
        match self {
            Self::Need { good, may_lose } => LocalizedText::new(
                format!("还需优良 {good} 天，最多可失 {may_lose} 天（算术，非预报）"),
                format!(
                    "{good} more good days needed, {may_lose} may be lost (arithmetic, no forecast)"
                ),
            ),
            Self::Met => LocalizedText::new("目标天数已达到", "the target is met already"),
            Self::Impossible { short } => LocalizedText::new(
                format!("已不可能达到：剩余全部优良仍差 {short} 天"),
                format!("impossible: {short} days short even if all the rest are good"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::near;
    use super::*;

    const SO_FAR: GoodDays = GoodDays { good: 231, bad: 103, invalid: 3, rest: 28 };

    #[test]
    fn a_number_and_a_share_of_days_leave_different_budgets() {
        let rest = |target| SO_FAR.rest(target);
        assert_eq!(rest(DayTarget::Days(250)), RestDays::Need { good: 19, may_lose: 9 });
        let share = Share(6850);
        assert_eq!(SO_FAR.asked(DayTarget::OfValid(share)), 248);
        assert_eq!(rest(DayTarget::OfValid(share)), RestDays::Need { good: 17, may_lose: 11 });
        assert_eq!(SO_FAR.asked(DayTarget::OfAll(share)), 251);
        assert_eq!(rest(DayTarget::OfAll(share)), RestDays::Need { good: 20, may_lose: 8 });
        let (least, most) = SO_FAR.reach().unwrap();
        near(least, 0.6381, 5e-5);
        near(most, 0.7155, 5e-5);
    }

    #[test]
    fn what_is_met_and_what_is_out_of_reach_is_said() {
        assert_eq!(SO_FAR.rest(DayTarget::Days(231)), RestDays::Met);
        assert_eq!(SO_FAR.rest(DayTarget::Days(259)), RestDays::Need { good: 28, may_lose: 0 });
        let out = SO_FAR.rest(DayTarget::Days(260));
        assert_eq!(out, RestDays::Impossible { short: 1 });
        assert!(out.words().zh.contains("不可能") && out.words().en.contains("impossible"));
    }
}
