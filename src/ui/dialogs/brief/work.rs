//! The paper, off the window's thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, ISOWeekDate};

use super::templates::unreadable;
use crate::analysis::air::DistrictFigures;
use crate::domain::{EditKind, LocalizedText, RecordId, Seal, Text, World};
use crate::files::write_whole;
use crate::intake::hours::hours;
use crate::jobs::Progress;
use crate::report::PaperFormat;
use crate::report::brief::period::Period;
use crate::report::brief::{
    self, BriefAir, BriefRequest, DAILY, LEADER, MINUTES, WEEKLY, blocks, template,
};
use crate::settings::clock;
use crate::store::{self, AsOf, DistrictReader};
use crate::ui::action::{Action, Outgoing};
use crate::ui::dialogs::saving::Saved;
use crate::ui::model::Toast;

/// Everything a paper is made from.
pub struct BriefJob {
    pub world: Arc<World>,
    pub district: PathBuf,
    pub about: About,
    pub template: Option<PathBuf>,
    pub format: PaperFormat,
    pub outgoing: Outgoing,
}

/// What a paper is about.
#[derive(Clone, Copy)]
pub enum About {
    Week(ISOWeekDate),
    /// The same on one page.
    Leader(ISOWeekDate),
    Meeting(RecordId),
    /// The sheet of a day for the daily call.
    Day(Date),
}

/// Why there is no paper.
enum Failure {
    Cancelled,
    Told(LocalizedText),
}

impl From<brief::Error> for Failure {
    fn from(error: brief::Error) -> Self {
        match error {
            brief::Error::Stopped => Self::Cancelled,
            error => Self::Told(error.into()),
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::Told(error.into())
    }
}

impl BriefJob {
    /// Of the file, without its ending.
    pub fn name(&self, district: &str) -> String {
        match self.about {
            About::Week(week) => {
                format!("{district}会商周报{}-W{:02}", week.year(), week.week())
            }
            About::Leader(week) => {
                format!("{district}给领导一页{}-W{:02}", week.year(), week.week())
            }
            About::Day(day) => format!("{district}日调度{day}"),
            About::Meeting(id) => {
                let name = self.world.get(id).map_or("会议", |meeting| meeting.name());
                let is_plain = |c: &char| !r#"/\:*?"<>|"#.contains(*c);
                format!("{}纪要", name.chars().filter(is_plain).collect::<String>())
            }
        }
    }

    /// Writes the paper, says how that ended, and has it journaled.
    pub fn write(&self, target: &Path, progress: &Progress) -> Saved {
        let file = target.display();
        match self.try_write(target, progress) {
            Ok(seal) => {
                let said = Toast::wrote(Text::new("已生成", "written"), target.to_owned());
                Saved::Written(said, self.went_out(target, seal))
            }
            Err(Failure::Cancelled) => {
                Saved::Stopped(Toast::watch("已取消，没有写文件", "Cancelled: no file was written"))
            }
            Err(Failure::Told(LocalizedText { zh, en })) => Saved::Failed(
                LocalizedText::new(
                    format!("未能生成：{file}（{zh}）"),
                    format!("Not written: {file}: {en}"),
                ),
                Action::Nothing,
            ),
        }
    }

    fn went_out(&self, target: &Path, seal: Option<Seal>) -> Action {
        let what = match self.about {
            About::Week(week) | About::Leader(week) => {
                format!("brief {}-W{:02}", week.year(), week.week())
            }
            About::Day(day) => format!("brief {day} {day}"),
            About::Meeting(id) => {
                format!("minutes {}", self.world.get(id).map_or("", |meeting| meeting.name()))
            }
        };
        // A past week is of another state than that of today.
        Outgoing { seal, ..self.outgoing.clone() }.written(EditKind::Paper, target, &[what])
    }

    /// The seal of the state that the paper is of.
    fn try_write(&self, target: &Path, progress: &Progress) -> Result<Option<Seal>, Failure> {
        let template = self.template()?;
        let today = clock::today();
        let meeting = match self.about {
            About::Week(_) | About::Leader(_) | About::Day(_) => None,
            About::Meeting(id) => Some(self.world.get(id).ok_or_else(gone)?),
        };
        let period = match (self.about, meeting) {
            (About::Week(week) | About::Leader(week), _) => {
                Period::of_week(week, today).ok_or_else(not_begun)?
            }
            (About::Day(day), _) => Period { from: day.min(today), until: day.min(today) },
            (_, Some(meeting)) => Period::of_meeting(&self.world, meeting, today),
            (_, None) => return Err(gone()),
        };
        // Read past the keeper, who has other things to do; what is not written yet is of today.
        let reader = DistrictReader::open(&self.district)?;
        let then = reader.load_as_of(evening_of(period.from.yesterday().unwrap_or(period.from)))?;
        let past = match meeting {
            None if period.until < today => Some(reader.load_as_of(evening_of(period.until))?),
            _ => None,
        };
        let now = past.as_ref().unwrap_or(&self.world);
        let air = hours(&reader.readings(now)?, period.until)?
            .and_then(|hours| Some((DistrictFigures::of(now, &hours)?, hours)))
            .map(|(figures, hours)| BriefAir { hours, figures });
        let asked = BriefRequest {
            now,
            air: air.as_ref(),
            then: (!then.is_empty()).then_some(&then),
            meeting: meeting.map(AsRef::as_ref),
            from: period.from,
            until: period.until,
            most_rows: self.format.most_rows(),
        };
        let paper = blocks(&template, &asked, &|done, total| {
            progress.set(done, total);
            !progress.is_cancelled()
        })?;
        let bytes = self.format.bytes(&paper, period.until, &asked.about());
        let bytes = bytes.map_err(|error| Failure::Told(error.into()))?;
        write_whole(target, &bytes).map_err(|error| Failure::Told(error.into()))?;
        Ok(asked.now.seal)
    }

    fn template(&self) -> Result<String, Failure> {
        let Some(path) = &self.template else {
            let built_in = match self.about {
                About::Week(_) => WEEKLY,
                About::Leader(_) => LEADER,
                About::Meeting(_) => MINUTES,
                About::Day(_) => DAILY,
            };
            return Ok(built_in.to_owned());
        };
        let bytes = std::fs::read(path).map_err(|error| Failure::Told(unreadable(&error)))?;
        Ok(template::text(&bytes)?)
    }
}

fn evening_of(day: Date) -> AsOf {
    let end = day.at(23, 59, 59, 999_999_999);
    AsOf::Moment(clock::office().to_timestamp(end).unwrap_or(Timestamp::MIN))
}

fn gone() -> Failure {
    Failure::Told(LocalizedText::new("会议已删除", "the meeting has been deleted"))
}

fn not_begun() -> Failure {
    Failure::Told(LocalizedText::new("这一周还没有开始", "this week has not begun yet"))
}
