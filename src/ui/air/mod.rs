//! The air: its markers on the map, the timeline at the foot of it, and the pages below.

mod calendar;
mod markers;
mod place;
mod ranking;
mod station;
mod target;
pub mod timeline;

use egui::{Align, Button, Layout, Ui};

pub use self::markers::OnMap;
use super::command::Command;
use super::ctx::Ctx;
use super::parts::air::quantity_ui;
use super::widgets::{empty, icon_button};
use crate::domain::Text;

/// The panel below the map: which page is open, and what is assumed on it.
#[derive(Default)]
pub struct AirPanel {
    page: Page,
    ranking: ranking::Ranking,
    calendar: calendar::Calendar,
    target: target::Targets,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    Station,
    Calendar,
    Ranking,
    Target,
}

impl Page {
    const ALL: [Self; 4] = [Self::Station, Self::Calendar, Self::Ranking, Self::Target];

    const fn words(self) -> Text {
        match self {
            Self::Station => Text::new("近24小时", "Last 24 hours"),
            Self::Calendar => Text::new("月历", "Calendar"),
            Self::Ranking => Text::new("排名", "Ranking"),
            Self::Target => Text::new("指数与目标", "Index and target"),
        }
    }
}

impl AirPanel {
    /// Shows the page that is open.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.set_min_height(ui.available_height());
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                icon_button(ui, ctx, Command::Dock, true);
                quantity_ui(ui, ctx, "quantity of the pages");
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    for page in Page::ALL {
                        let tab = Button::selectable(page == self.page, ctx.say(page.words()));
                        if ui.add(tab).clicked() {
                            self.page = page;
                        }
                    }
                });
            });
        });
        ui.add_space(2.0);
        let Some(figures) = ctx.air.figures.as_ref() else {
            return nothing_ui(ui, ctx);
        };
        match self.page {
            Page::Station => station::ui(ui, ctx, figures),
            Page::Calendar => self.calendar.ui(ui, ctx, figures),
            Page::Ranking => self.ranking.ui(ui, ctx, figures),
            Page::Target => self.target.ui(ui, ctx, figures),
        }
    }
}

/// What to do where there are no readings.
fn nothing_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    if ctx.air.hours.question().is_some() && !ctx.air.hours.is_fresh() {
        let words = ctx.tell("正在读取监测数据…", "Reading the hours of the air…");
        return empty(ui, words, ctx.tell("可继续看图", "The map stays usable meanwhile"));
    }
    let what = ctx.tell("还没有空气监测数据", "There are no readings of the air yet");
    let next = ctx.tell(
        "用命令导入站点小时值文件（CSV、Excel、JSON、HJ 212 日志）：shapan import 区域.gpkg 文件",
        "Hourly values (CSV, Excel, JSON, a log of HJ 212) come in by shapan import DISTRICT.gpkg FILE",
    );
    empty(ui, what, next);
}
