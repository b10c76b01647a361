//! The air: its markers on the map, the timeline at the foot of it, and the pages below.

mod calendar;
mod cycle;
mod deliveries;
mod dust;
mod heat;
mod markers;
mod numbers;
mod others;
mod place;
mod ranking;
mod series;
mod side_by_side;
mod station;
mod target;
pub mod timeline;
mod wind;

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
    cycle: cycle::CyclePage,
    wind: wind::WindPage,
    compared: side_by_side::ComparePage,
    target: target::Targets,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    Station,
    Calendar,
    Heat,
    Cycle,
    Wind,
    Compare,
    Ranking,
    Target,
    Deliveries,
}

impl Page {
    const ALL: [Self; 9] = [
        Self::Station,
        Self::Calendar,
        Self::Heat,
        Self::Cycle,
        Self::Wind,
        Self::Compare,
        Self::Ranking,
        Self::Target,
        Self::Deliveries,
    ];

    const fn words(self) -> Text {
        match self {
            Self::Station => Text::new("近24小时", "Last 24 hours"),
            Self::Calendar => Text::new("月历", "Calendar"),
            Self::Heat => Text::new("热力图", "Heat map"),
            Self::Cycle => Text::new("变化规律", "Cycles"),
            Self::Wind => Text::new("风与来向", "Wind"),
            Self::Compare => Text::new("对比", "Compare"),
            Self::Ranking => Text::new("排名", "Ranking"),
            Self::Target => Text::new("指数与目标", "Index and target"),
            Self::Deliveries => Text::new("数据来源", "Sources"),
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
        if self.page == Page::Deliveries {
            return deliveries::ui(ui, ctx);
        }
        let Some(figures) = ctx.air.figures.as_ref() else {
            return nothing_ui(ui, ctx);
        };
        match self.page {
            Page::Station => station::ui(ui, ctx, figures),
            Page::Calendar => self.calendar.ui(ui, ctx, figures),
            Page::Heat => heat::ui(ui, ctx, figures),
            Page::Cycle => self.cycle.ui(ui, ctx, figures),
            Page::Wind => self.wind.ui(ui, ctx, figures),
            Page::Compare => self.compared.ui(ui, ctx, figures),
            Page::Ranking => self.ranking.ui(ui, ctx, figures),
            Page::Target => self.target.ui(ui, ctx, figures),
            Page::Deliveries => {}
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
        "把站点小时值文件（CSV、Excel、JSON、HJ 212 日志）拖到窗口上，或点下面的按钮",
        "Drop a file of hourly values (CSV, Excel, JSON, a log of HJ 212) on the window, or choose it below",
    );
    empty(ui, what, next);
    ui.vertical_centered(|ui| {
        for command in [Command::Import, Command::Feeds] {
            if ui.button(ctx.say(command.about().words)).clicked() {
                ctx.actions.command(command);
            }
        }
    });
}
