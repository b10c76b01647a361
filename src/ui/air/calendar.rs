//! The month as Chinese bulletins show it: a calendar of AQI, each day in the colour of its level.

use egui::{Align2, FontId, Rect, Sense, Stroke, TextStyle, Ui, pos2, vec2};
use jiff::ToSpan as _;
use jiff::civil::Date;
use lucide_icons::Icon;

use super::dust::day_words;
use super::numbers::csv_ui;
use super::place::{place_name, place_ui, shown_place};
use crate::analysis::air::{Day, DistrictFigures, Edition, Hour, Level, Pollutant, Quantity};
use crate::domain::Text;
use crate::ui::action::AirAction;
use crate::ui::ctx::Ctx;
use crate::ui::parts::air::{hatch_rect, level_color, level_ink, number_words, short_name};
use crate::ui::theme;
use crate::ui::widgets::{icon, named, note, strong};

/// The page with the month that is shown.
#[derive(Default)]
pub struct Calendar {
    /// Months before that of the last hour.
    back: i32,
}

const WEEKDAYS: [Text; 7] = [
    Text::new("一", "Mon"),
    Text::new("二", "Tue"),
    Text::new("三", "Wed"),
    Text::new("四", "Thu"),
    Text::new("五", "Fri"),
    Text::new("六", "Sat"),
    Text::new("日", "Sun"),
];

impl Calendar {
    /// Shows the month, and beside it how many days of each level it had.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
        let place = shown_place(ctx, figures);
        let of_now = figures.through.first_of_month();
        let first_known = place.days.first().map_or(of_now, |day| day.date.first_of_month());
        let month = of_now.saturating_sub(self.back.months()).max(first_known);
        ui.horizontal(|ui| {
            let mut turn = |ui: &mut Ui, mark: Icon, words: Text, is_there: bool, by: i32| {
                let button = ui.add_enabled(is_there, egui::Button::new(icon(mark)));
                named(&button, ctx.say(words));
                if button.clicked() {
                    self.back = (self.back + by).max(0);
                }
            };
            let before = Text::new("上一月", "Month before");
            turn(ui, Icon::ChevronLeft, before, month > first_known, 1);
            ui.label(strong(month.strftime("%Y-%m").to_string()));
            turn(ui, Icon::ChevronRight, Text::new("下一月", "Next month"), month < of_now, -1);
            place_ui(ui, ctx, place);
            let name = format!("{}_{}", place_name(ctx, place), month.strftime("%Y-%m"));
            csv_ui(ui, ctx, &name, || rows(ctx, &place.days, month));
        });
        let days: Vec<&Day> =
            place.days.iter().filter(|day| day.date.first_of_month() == month).collect();
        counts_ui(ui, ctx, &days);
        month_ui(ui, ctx, month, &days);
    }
}

fn rows(ctx: &Ctx<'_>, days: &[Day], month: Date) -> Vec<Vec<String>> {
    let mut head = vec![
        ctx.tell("日期", "day"),
        "AQI".to_owned(),
        ctx.tell("级别", "level"),
        ctx.tell("首要污染物", "primary"),
    ];
    let of_month = |day: &&Day| day.date.first_of_month() == month;
    let has_dust = days.iter().filter(of_month).any(|day| !day.dust.is_none());
    head.extend(Pollutant::ALL.map(|it| match it {
        Pollutant::O3 => format!("O3_8h {}", it.unit()),
        it => format!("{} {}", it.symbol(), it.unit()),
    }));
    if has_dust {
        head.push(ctx.tell("扣沙", "dust deducted"));
    }
    let mut rows = vec![head];
    for day in days.iter().filter(of_month) {
        let index = day.aqi(Edition::of(day.date));
        let primary: Vec<&str> = index.primary().map(Pollutant::symbol).collect();
        let mut row = vec![
            day.date.to_string(),
            index.value().map_or_else(String::new, |value| value.to_string()),
            index.level().map_or_else(String::new, |level| ctx.say(level.name()).to_owned()),
            primary.join(" "),
        ];
        row.extend(Pollutant::ALL.map(|pollutant| {
            let value = day.means[pollutant].valid();
            value.map_or_else(String::new, |it| number_words(Quantity::Of(pollutant), it))
        }));
        if has_dust {
            row.push(day_words(ctx, day).unwrap_or_default());
        }
        rows.push(row);
    }
    rows
}

/// `优 3 · 良 11 · …`, with the rule.
fn counts_ui(ui: &mut Ui, ctx: &Ctx<'_>, days: &[&Day]) {
    let level = |day: &&&Day| day.aqi(Edition::of(day.date)).level();
    let counts = Level::ALL.map(|one| days.iter().filter(|it| level(it) == Some(one)).count());
    let none = days.iter().filter(|it| level(it).is_none()).count();
    ui.horizontal_wrapped(|ui| {
        for (level, count) in Level::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0) {
            let words = format!("{} {count}", ctx.say(short_name(level)));
            crate::ui::parts::air::patch_ui(ui, level, &words);
        }
        if none > 0 {
            ui.label(note(ctx.tell(format!("无效 {none} 天"), format!("{none} without an index"))));
        }
        let rule = days.first().map(|day| Edition::of(day.date).rule());
        if let Some(rule) = rule {
            ui.label(note(rule.name.say(ctx.lang())));
        }
    });
}

fn month_ui(ui: &mut Ui, ctx: &Ctx<'_>, month: Date, days: &[&Day]) {
    let small: FontId = TextStyle::Small.resolve(ui.style());
    let muted = ctx.color(|t| t.muted);
    let start = month.weekday().to_monday_zero_offset();
    let count = i32::from(month.days_in_month());
    let weeks = (i32::from(start) + count + 6) / 7;
    let size = vec2(ui.available_width().min(820.0), ui.available_height().max(120.0));
    let (response, painter) = ui.allocate_painter(size, Sense::hover());
    let frame = response.rect;
    let head = small.size + 4.0;
    let cell = vec2(frame.width() / 7.0, (frame.height() - head) / weeks as f32);
    for (at, words) in WEEKDAYS.into_iter().enumerate() {
        let x = frame.left() + (at as f32 + 0.5) * cell.x;
        let words = ctx.say(words);
        painter.text(pos2(x, frame.top()), Align2::CENTER_TOP, words, small.clone(), muted);
    }
    for number in 0..count {
        let date = month.saturating_add(number.days());
        let at = i32::from(start) + number;
        let corner = frame.min + vec2((at % 7) as f32 * cell.x, head + (at / 7) as f32 * cell.y);
        let rect = Rect::from_min_size(corner, cell).shrink(1.5);
        let day = days.iter().find(|day| day.date == date);
        day_ui(ui, ctx, rect, date, day.copied());
    }
}

/// One day: its index and primary pollutant, hatched without one. A click goes to its last hour.
fn day_ui(ui: &Ui, ctx: &Ctx<'_>, rect: Rect, date: Date, day: Option<&Day>) {
    let painter = ui.painter();
    let small: FontId = TextStyle::Small.resolve(ui.style());
    let index = day.map(|day| day.aqi(Edition::of(date)));
    let value = index.as_ref().and_then(|index| Some((index.value()?, index.level()?)));
    let primary: Vec<&str> =
        index.iter().flat_map(|index| index.primary().map(Pollutant::symbol)).collect();
    let (ink, words) = if let Some((value, level)) = value {
        painter.rect_filled(rect, 4.0, level_color(level));
        (level_ink(level), value.to_string())
    } else {
        let muted = ctx.color(|t| t.muted);
        painter.rect_filled(rect, 4.0, ctx.color(|t| t.ground));
        // A day to come is empty, a day without an index is a gap.
        if day.is_some_and(|day| day.means.iter().any(|(_, mean)| mean.n > 0)) {
            hatch_rect(painter, rect, 7.0, Stroke::new(1.0, muted.gamma_multiply(0.5)));
        }
        (muted, String::new())
    };
    let corner = rect.min + vec2(4.0, 1.0);
    painter.text(corner, Align2::LEFT_TOP, date.day().to_string(), small.clone(), ink);
    let font = FontId::new(small.size * 1.25, theme::bold());
    painter.text(rect.center(), Align2::CENTER_CENTER, &words, font, ink);
    if rect.height() > small.size * 3.0 {
        let below = rect.center_bottom() - vec2(0.0, 1.0);
        painter.text(below, Align2::CENTER_BOTTOM, primary.join(" "), small, ink);
    }
    let Some(day) = day else { return };
    let response = ui.interact(rect, ui.scope_id().with(date), Sense::click());
    let said = match value {
        Some((value, level)) => {
            format!("{date} AQI {value} {} {}", ctx.say(level.name()), primary.join(" "))
        }
        None => format!("{date} {}", ctx.tell("无有效指数", "no valid index")),
    };
    named(&response, said.trim_end());
    if response.clicked() {
        ctx.actions.air(AirAction::Go(Hour::of_day(date, 24)));
    }
    let dust = day_words(ctx, day).map_or_else(String::new, |words| format!("\n{words}"));
    let hours = day.means.iter().map(|(_, mean)| mean.n).max().unwrap_or(0);
    response.on_hover_text(format!(
        "{said}{dust}\n{}",
        ctx.tell(
            format!("最多 {hours}/24 个有效小时；单击看当天"),
            format!("{hours}/24 hours at most; click to go there")
        )
    ));
}
