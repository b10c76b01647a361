//! The rules: thresholds as sliders, and what they would have fired on the hours that there are.

use egui::{Button, DragValue, Grid, ScrollArea, Slider, TextEdit, Ui};

use crate::analysis::air::{ByPollutant, Edition, Pollutant};
use crate::analysis::episodes::{RuleCost, Rules, Thresholds};
use crate::domain::{Localized as _, RecordId, Text};
use crate::report::dispatch::{TEMPLATE, check_template};
use crate::settings::{AlarmSound, Preference, clock};
use crate::ui::action::{Action, EpisodeAction};
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named, named_combo, named_text, note, strong};

/// Of which station the thresholds are looked at.
#[derive(Default)]
pub struct RulesPage {
    station: Option<RecordId>,
    /// The wording of orders while it is being written.
    template: Option<String>,
}

/// One threshold of a pollutant.
struct Column {
    words: Text,
    tip: Text,
    get: fn(&mut Thresholds) -> &mut f64,
    /// The end of its slider, times what is usual.
    most: f64,
    least: f64,
}

const COLUMNS: [Column; 5] = [
    Column {
        words: Text::new("环比升", "rise"),
        tip: Text::new("比上一小时至少高这么多", "at least so much above the hour before"),
        get: |it| &mut it.rise,
        most: 4.0,
        least: 0.0,
    },
    Column {
        words: Text::new("环比倍", "times"),
        tip: Text::new("且至少是上一小时的倍数", "and so many times the hour before"),
        get: |it| &mut it.rise_ratio,
        most: 2.0,
        least: 1.0,
    },
    Column {
        words: Text::new("高于区域", "above"),
        tip: Text::new(
            "比其他站中位至少高这么多",
            "at least so much above the median of the others",
        ),
        get: |it| &mut it.excess,
        most: 4.0,
        least: 0.0,
    },
    Column {
        words: Text::new("区域倍", "times"),
        tip: Text::new("且至少是其他站中位的倍数", "and so many times that median"),
        get: |it| &mut it.excess_ratio,
        most: 2.0,
        least: 1.0,
    },
    Column {
        words: Text::new("剩余升幅", "left"),
        tip: Text::new(
            "升幅剩这么多以下算回落（连续两小时）",
            "clear when so much of the rise is left, twice running",
        ),
        get: |it| &mut it.rise_left,
        most: 2.0,
        least: 0.0,
    },
];

impl RulesPage {
    /// Shows the page.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let current = &ctx.episodes.rules;
        let mut trial = ctx.episodes.trial.clone().unwrap_or_else(|| current.clone());
        let before = trial.clone();
        ui.horizontal_wrapped(|ui| {
            self.station_ui(ui, ctx);
            let version = current.version();
            ui.label(note(
                ctx.tell(format!("现行规则版本 {version}"), format!("rules in force: {version}")),
            ));
            let is_other = trial != *current;
            let adopt = Button::new(ctx.tell("采用", "Adopt"));
            if ui.add_enabled(is_other, adopt).clicked() {
                ctx.actions.send(Action::Episode(EpisodeAction::Adopt));
            }
            if ui.add_enabled(is_other, Button::new(ctx.tell("放弃试算", "Discard"))).clicked()
            {
                trial = current.clone();
            }
            if ui.button(ctx.tell("默认值", "Defaults")).clicked() {
                trial = Rules::default();
            }
            ui.separator();
            sound_ui(ui, ctx);
        });
        cost_ui(ui, ctx);
        ScrollArea::both().id_salt("episodes rules").auto_shrink(false).show(ui, |ui| {
            self.table_ui(ui, ctx, &mut trial);
            let mut share = trial.regional_share * 100.0;
            let words = ctx.tell(
                "区域性：同一小时突升的站占比 %",
                "regional: share of stations rising at once, %",
            );
            ui.add(Slider::new(&mut share, 50.0..=100.0).fixed_decimals(0).text(words));
            trial.regional_share = share / 100.0;
            let words = ctx.tell("距站点多少米内不洒水", "no spraying within, m of a station");
            let slider = Slider::new(&mut trial.spray_clear_m, 0.0..=1000.0);
            ui.add(slider.step_by(50.0).fixed_decimals(0).text(words));
            ui.separator();
            self.template_ui(ui, ctx);
        });
        if trial != before {
            ctx.actions.send(Action::Episode(EpisodeAction::Try(Some(Box::new(trial)))));
        } else if ctx.episodes.trial.is_none() {
            // From now on what the rules cost is worked out.
            ctx.actions.send(Action::Episode(EpisodeAction::Try(Some(Box::new(before)))));
        }
    }

    /// The wording of orders, for the office to change.
    fn template_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let current = ctx.settings.order_template.as_deref().unwrap_or(TEMPLATE);
        ui.horizontal(|ui| {
            ui.label(strong(ctx.tell("调度令措辞", "Wording of orders")));
            let text = self.template.as_deref().unwrap_or(current);
            let checked = check_template(text);
            let adopt = Button::new(ctx.tell("采用措辞", "Adopt the wording"));
            if ui.add_enabled(checked.is_ok() && text != current, adopt).clicked() {
                ctx.actions.prefer(Preference::OrderTemplate(Some(text.to_owned())));
            }
            let own = ctx.settings.order_template.is_some();
            let usual = Button::new(ctx.tell("恢复默认措辞", "That of the program"));
            if ui.add_enabled(own || text != current, usual).clicked() {
                ctx.actions.prefer(Preference::OrderTemplate(None));
                self.template = None;
            }
            if let Err(why) = checked {
                let words = why.localized();
                let color = ctx.color(|t| t.act);
                ui.label(egui::RichText::new(words.say(ctx.lang())).color(color));
            }
        });
        let text = self.template.get_or_insert_with(|| current.to_owned());
        let edit = TextEdit::multiline(text).desired_rows(2).desired_width(f32::INFINITY);
        let response = ui.add(edit);
        named_text(&response, ctx.say(Text::new("调度令措辞", "Wording of orders")), text);
        ui.label(note(ctx.tell(
            "可填：{number}序号 {hour}时次 {station}站点 {pollutant}污染物 {value}数值 {unit}单位 {change}较上时 {wind}风 {department}部门 {sources}污染源 {action}措施 {on_site}到场时限 {due}反馈时限",
            "put in: {number} {hour} {station} {pollutant} {value} {unit} {change} {wind} {department} {sources} {action} {on_site} {due}",
        )));
    }

    fn station_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let name = |station: RecordId| {
            ctx.record(station).map_or_else(String::new, |record| record.name().to_owned())
        };
        let all = ctx.tell("全部站点", "All stations");
        let shown = self.station.map_or_else(|| all.clone(), name);
        let combo = egui::ComboBox::from_id_salt("station of the rules")
            .selected_text(&shown)
            .width(150.0)
            .show_ui(ui, |ui| {
                if ui.selectable_label(self.station.is_none(), &all).clicked() {
                    self.station = None;
                }
                let hours = ctx.air.hours.as_ref();
                for place in hours.into_iter().flat_map(|hours| hours.stations.keys()) {
                    let is_this = self.station == Some(*place);
                    if ui.selectable_label(is_this, name(*place)).clicked() {
                        self.station = Some(*place);
                    }
                }
            });
        named_combo(
            &combo.response,
            ctx.say(Text::new("规则的站点", "Station of the rules")),
            &shown,
        );
    }

    fn table_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>, trial: &mut Rules) {
        let mut of: ByPollutant<Thresholds> =
            self.station.map_or(trial.all, |station| *trial.at(station));
        let before = of;
        Grid::new("episodes thresholds").spacing([14.0, 4.0]).show(ui, |ui| {
            ui.label("");
            for column in &COLUMNS {
                ui.label(note(ctx.say(column.words))).on_hover_text(ctx.say(column.tip));
            }
            ui.label(note(ctx.say(LIMIT))).on_hover_text(ctx.say(LIMIT_TIP));
            ui.end_row();
            for pollutant in Pollutant::ALL {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 4.0;
                    ui.label(strong(pollutant.symbol()));
                    ui.label(note(pollutant.unit()));
                });
                let mut usual = Thresholds::usual(pollutant);
                for column in &COLUMNS {
                    let most = *(column.get)(&mut usual) * column.most;
                    let slot = (column.get)(&mut of[pollutant]);
                    let decimals = if most < 10.0 { 2 } else { 0 };
                    let slider = Slider::new(slot, column.least..=most).fixed_decimals(decimals);
                    let response = ui.add(slider);
                    let name = format!("{} {}", pollutant.symbol(), ctx.say(column.words));
                    response.clone().on_hover_text(format!("{name}: {}", ctx.say(column.tip)));
                    if response.has_focus() {
                        named(&response, &name);
                    }
                }
                limit_ui(ui, ctx, pollutant, &mut of[pollutant].limit);
                ui.end_row();
            }
        });
        if of != before {
            match self.station {
                Some(station) => drop(trial.stations.insert(station, of)),
                None => trial.all = of,
            }
        }
    }
}

const LIMIT: Text = Text::new("超标限值", "limit");
const LIMIT_TIP: Text = Text::new(
    "达到即列为超标（关注，不计时）；不改即按标准，标准没有小时限值的不判",
    "from here on an hour is over the limit: attention without a clock; that of the standard unless changed, none where it has none",
);

/// The limit of an hour: that of the standard of today, unless somebody has set another.
fn limit_ui(ui: &mut Ui, ctx: &Ctx<'_>, pollutant: Pollutant, limit: &mut Option<f64>) {
    let standard = Thresholds::usual(pollutant).limit(pollutant, Edition::of(clock::today()));
    let standard = Some(standard).filter(|it| it.is_finite());
    ui.horizontal(|ui| {
        let mut value = limit.or(standard).unwrap_or(0.0);
        let decimals = usize::from(pollutant == Pollutant::Co);
        let drag = DragValue::new(&mut value)
            .range(0.0..=2000.0)
            .max_decimals(decimals)
            .custom_formatter(move |value, _| {
                if value > 0.0 { format!("{value:.decimals$}") } else { "—".to_owned() }
            });
        let response = ui.add(drag).on_hover_text(ctx.say(LIMIT_TIP));
        named(&response, &format!("{} {}", pollutant.symbol(), ctx.say(LIMIT)));
        if response.changed() {
            *limit = Some(value).filter(|value| *value > 0.0 && Some(*value) != standard);
        }
        if limit.is_none() && standard.is_some() {
            ui.label(note(ctx.tell("标准", "standard")));
        }
    });
}

/// Whether a high value is heard at this seat.
fn sound_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    ui.label(note(ctx.tell("声音（本机）", "Sound, at this seat")));
    for (sound, words) in [
        (AlarmSound::Off, Text::new("关", "off")),
        (AlarmSound::Once, Text::new("响一次", "once")),
        (AlarmSound::UntilAcknowledged, Text::new("响到签收", "until acknowledged")),
    ] {
        let is_this = ctx.settings.sound == sound;
        if ui.selectable_label(is_this, ctx.say(words)).clicked() {
            ctx.actions.prefer(Preference::Sound(sound));
        }
    }
}

/// What the rules on trial would have fired.
fn cost_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let Some(cost) = ctx.episodes.cost.as_ref() else {
        ui.label(note(ctx.tell("正在试算…", "Trying them…")));
        return;
    };
    let RuleCost { days, stations, dispatches, regional, attentions, .. } = **cost;
    let percent = |share: Option<f64>| {
        share.map_or_else(|| "—".to_owned(), |it| format!("{:.0}%", it * 100.0))
    };
    let per_station = cost.per_day() / stations.max(1) as f64;
    let is_much = per_station > 2.0;
    let words = ctx.tell(
        format!(
            "试算近{days}天、{stations}站：交办 {dispatches} 起（{:.1}/天，{per_station:.2}/站·天），区域性 {regional} 起（占{}），关注 {attentions} 起；查实率 {}（{}/{}）",
            cost.per_day(), percent(cost.regional_share()), percent(cost.hit_share()), cost.found, cost.judged
        ),
        format!(
            "over {days} days and {stations} stations: {dispatches} dispatches ({:.1} a day, {per_station:.2} a station and day), {regional} regional ({}), {attentions} for attention; found {} ({}/{})",
            cost.per_day(), percent(cost.regional_share()), percent(cost.hit_share()), cost.found, cost.judged
        ),
    );
    let color = ctx.color(if is_much { |t| t.watch } else { |t| t.ink });
    ui.label(strong(words).color(color));
    if is_much {
        ui.label(note(ctx.tell(
            "超过每站每天2起：人手跟不上，宜调高",
            "more than two a station and day: nobody can follow",
        )));
    }
}
