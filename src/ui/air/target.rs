//! Index, good days and what is left of a target: arithmetic, no forecast.

use egui::{DragValue, Ui};

use super::dust::{DustEntry, period_ui};
use super::place::{place_ui, shown_place};
use super::ranking::index_words;
use crate::analysis::air::target::{DayTarget, KeptTarget, MeanTarget, keep};
use crate::analysis::air::{DistrictFigures, IndexMethod, PlaceAir, Pollutant};
use crate::domain::{Change, Edit, Text};
use crate::settings::clock;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::widgets::{named_combo, note, strong};

/// The page with what is aimed at, as typed.
pub struct Targets {
    method: IndexMethod,
    good_days: u32,
    pm25: f64,
    /// What the rest of the days is assumed to be on average.
    rest_pm25: f64,
    /// What the district keeps, as it was last taken over.
    kept: Option<KeptTarget>,
    dust: DustEntry,
}

impl Default for Targets {
    /// Two good days of three, and what the limit of a year is.
    fn default() -> Self {
        let method = IndexMethod::default();
        let pm25 = method.limit(Pollutant::Pm25);
        let dust = DustEntry::default();
        Self { method, good_days: 20, pm25, rest_pm25: pm25, kept: None, dust }
    }
}

/// The list from which the method of the index is chosen, with its name as it stands on tables.
pub fn method_ui(ui: &mut Ui, ctx: &Ctx<'_>, method: &mut IndexMethod, salt: &str) {
    let name = |method: IndexMethod| method.rule().name.say(ctx.lang());
    let combo = egui::ComboBox::from_id_salt(salt)
        .selected_text(name(*method))
        .width(170.0)
        .show_ui(ui, |ui| {
            for one in IndexMethod::ALL {
                ui.selectable_value(method, one, name(one));
            }
        });
    named_combo(&combo.response, ctx.say(Text::new("指数方法", "Method")), name(*method));
}

impl Targets {
    /// Shows the month so far, and what the rest of it must be.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
        let place = shown_place(ctx, figures);
        self.follow(ctx, figures);
        egui::ScrollArea::vertical().id_salt("air target").auto_shrink(false).show(ui, |ui| {
            ui.horizontal(|ui| {
                place_ui(ui, ctx, place);
                method_ui(ui, ctx, &mut self.method, "method of the target");
                self.keep_ui(ui, ctx, figures);
            });
            self.index_ui(ui, ctx, place);
            period_ui(ui, ctx, place, self.method);
            ui.add_space(6.0);
            self.days_ui(ui, ctx, figures, place);
            ui.add_space(6.0);
            self.mean_ui(ui, ctx, figures, place);
            ui.add_space(6.0);
            self.dust.ui(ui, ctx, figures, place);
        });
    }

    /// What the district aims at goes before what was typed, when it is another.
    fn follow(&mut self, ctx: &Ctx<'_>, figures: &DistrictFigures) {
        let kept = KeptTarget::on(&ctx.world(), figures.through);
        if kept == self.kept {
            return;
        }
        if let Some(kept) = &kept {
            self.good_days = kept.good_days.unwrap_or(self.good_days);
            self.pm25 = kept.pm25.unwrap_or(self.pm25);
        }
        self.kept = kept;
    }

    /// Whose targets these are, and the button that keeps them in the district.
    fn keep_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
        let is_kept = self.kept.as_ref().is_some_and(|kept| {
            let is_same = |aim: f64| (aim - self.pm25).abs() < 1e-9;
            kept.good_days == Some(self.good_days) && kept.pm25.is_some_and(is_same)
        });
        if is_kept {
            let name = self.kept.as_ref().map_or("", |kept| kept.name.as_str());
            ui.label(note(ctx.tell(format!("已存：{name}"), format!("kept: {name}"))));
            return;
        }
        if ui.button(ctx.tell("保存目标到区域", "Keep the targets")).clicked() {
            let stamp = ctx.stamp();
            let id = clock::ids(&stamp).next();
            let aims = (self.good_days, self.pm25);
            let (known, record) = keep(&ctx.world(), figures.through, aims, (id, &stamp));
            let change = match known {
                Some(known) => Change::update(known, record),
                None => Change::create(record),
            };
            let said = Toast::done("已保存目标", "targets kept");
            ctx.actions.apply_saying(Edit::of(vec![change]), said.with_undo());
        }
    }

    fn index_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>, place: &PlaceAir) {
        let index = place.index(self.method);
        let Some(index) = index else {
            ui.label(ctx.tell(
                "综合指数：六项未全，无法计算",
                "Index: one of the six pollutants is missing",
            ));
            return;
        };
        ui.horizontal_wrapped(|ui| {
            let words = ctx.say(Text::new("综合指数", "Index"));
            ui.label(strong(format!("{words} {}", index_words(Some(&index)))));
            for (pollutant, single) in index.single.iter() {
                ui.label(format!("{} {single:.2}", pollutant.symbol()));
            }
            let primary: Vec<&str> = index.primary().map(Pollutant::symbol).collect();
            let primary = primary.join(&ctx.tell("、", ", "));
            ui.label(note(ctx.tell(format!("最大单项 {primary}"), format!("largest: {primary}"))));
        });
    }

    fn days_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures, place: &PlaceAir) {
        let days = figures.good_days(place);
        ui.horizontal_wrapped(|ui| {
            let (good, past, rest) = (days.good, days.good + days.bad, days.rest);
            ui.label(strong(ctx.tell(
                format!("本月优良天 {good}/{past}，余 {rest} 天"),
                format!("Good days this month {good}/{past}, {rest} to come"),
            )));
            if days.invalid > 0 {
                let count = days.invalid;
                ui.label(note(ctx.tell(format!("无效 {count} 天"), format!("{count} invalid"))));
            }
        });
        ui.horizontal_wrapped(|ui| {
            ui.label(ctx.say(Text::new("目标优良天", "Good days aimed at")));
            ui.add(DragValue::new(&mut self.good_days).range(0..=31));
            let rest = days.rest(DayTarget::Days(self.good_days));
            ui.label(rest.words().say(ctx.lang()));
        });
    }

    fn mean_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures, place: &PlaceAir) {
        let so_far = place.air.raw[Pollutant::Pm25];
        let Some(mean) = so_far.value else {
            ui.label(note(ctx.tell("PM2.5 本月无有效日均值", "PM2.5 has no valid day this month")));
            return;
        };
        let target = MeanTarget {
            target: self.pm25,
            decimals: 0,
            mean,
            done_days: so_far.n,
            rest_days: figures.rest_days(),
        };
        ui.horizontal_wrapped(|ui| {
            let n = so_far.n;
            ui.label(strong(ctx.tell(
                format!("PM2.5 本月 {mean:.1} µg/m³（{n} 天）"),
                format!("PM2.5 this month {mean:.1} µg/m³ ({n} days)"),
            )));
            ui.label(ctx.say(Text::new("目标", "Target")));
            ui.add(DragValue::new(&mut self.pm25).range(1.0..=200.0).speed(0.5).max_decimals(1));
        });
        let rest = target.rest_mean();
        ui.label(ctx.tell(
            format!("按修约后比较：{}", rest.rounded.words(1).zh),
            format!("as published, rounded: {}", rest.rounded.words(1).en),
        ));
        ui.label(note(ctx.tell(
            format!("按未修约值比较：{}", rest.exact.words(1).zh),
            format!("unrounded: {}", rest.exact.words(1).en),
        )));
        let deducted = place.air.dust_deducted[Pollutant::Pm25];
        if let Some(mean) = deducted.value.filter(|_| place.air.dust_days > 0) {
            let rest = MeanTarget { mean, done_days: deducted.n, ..target }.rest_mean().rounded;
            ui.label(note(ctx.tell(
                format!("扣沙后 {mean:.1} µg/m³，按修约后比较：{}", rest.words(1).zh),
                format!("dust deducted {mean:.1} µg/m³, rounded: {}", rest.words(1).en),
            )));
        }
        if target.rest_days > 0 {
            ui.horizontal_wrapped(|ui| {
                ui.label(ctx.say(Text::new("若剩余日均值为", "If the rest is")));
                ui.add(egui::Slider::new(&mut self.rest_pm25, 0.0..=150.0).step_by(1.0));
                if let Some(outcome) = target.outcome(self.rest_pm25) {
                    ui.label(ctx.tell(
                        format!("全月 {outcome:.1} µg/m³（算术，非预报）"),
                        format!("the month is {outcome:.1} µg/m³ (arithmetic, no forecast)"),
                    ));
                }
            });
        }
    }
}
