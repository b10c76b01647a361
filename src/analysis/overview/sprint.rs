//! 攻坚行动: which day of it is today.

use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::{Kind, Record, RecordId, World};

/// A sprint with both its days, as it stands on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sprint {
    pub id: RecordId,
    pub name: String,
    pub target: String,
    pub leader: String,
    pub begins: Date,
    /// The last day.
    pub ends: Date,
    pub stage: SprintStage,
}

/// Where in a sprint a day lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SprintStage {
    /// It begins in so many days.
    Before { days: i64 },
    /// The first day is day 1; on the last one no days are left.
    Running { day: i64, days_left: i64 },
    /// Its last day was so many days ago.
    Over { days: i64 },
}

impl Sprint {
    /// `None` where it does not say from when to when it goes, or ends before it begins.
    fn of(record: &Record, today: Date) -> Option<Self> {
        let (begins, ends) = record.date("begins_on").zip(record.date("ends_on"))?;
        let stage = if today < begins {
            SprintStage::Before { days: days(today, begins) }
        } else if today > ends {
            SprintStage::Over { days: days(ends, today) }
        } else {
            SprintStage::Running { day: days(begins, today) + 1, days_left: days(today, ends) }
        };
        (begins <= ends).then(|| Self {
            id: record.id,
            name: record.name().to_owned(),
            target: record.text("target").to_owned(),
            leader: record.text("leader").to_owned(),
            begins,
            ends,
            stage,
        })
    }

    /// Both days counted: 28 of a sprint of four weeks.
    pub fn length_days(&self) -> i64 {
        days(self.begins, self.ends) + 1
    }

    /// How much of its days has gone by at the end of today, 0–1.
    pub fn share_gone(&self) -> f64 {
        match self.stage {
            SprintStage::Before { .. } => 0.0,
            SprintStage::Running { day, .. } => day as f64 / self.length_days() as f64,
            SprintStage::Over { .. } => 1.0,
        }
    }
}

/// The sprint that counts on a day: that which runs, and of several the one that began last; else
/// the next to begin; else the last that ended.
pub fn sprint(world: &World, today: Date) -> Option<Sprint> {
    let all = world.table(Kind::Sprint).iter();
    let sprints = all.filter_map(|record: &Arc<Record>| Sprint::of(record, today));
    sprints.min_by_key(|sprint| match sprint.stage {
        SprintStage::Running { day, .. } => (0, day),
        SprintStage::Before { days } => (1, days),
        SprintStage::Over { days } => (2, days),
    })
}

fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
